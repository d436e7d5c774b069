import type { Socket } from "node:net";
import type { Wire } from "#core/transport/wire";

/** Each message is five bytes (length, big-endian, without these five; then 0 for text or 1 for bytes) and its content. */
const headerBytes = 5;

/** The largest message that is read; a longer one ends the connection before it is stored. */
const maximumBytes = 512 * 1024 * 1024;

/** A wire over a local socket or named pipe. */
export function socketWire(socket: Socket): Wire {
  let listener: ((message: unknown) => void) | undefined;
  let closed = false;
  /** Shared by all who wait: a slow reader may have many answers on their way. */
  let draining: Promise<void> | undefined;
  const chunks: Buffer[] = [];
  let stored = 0;

  /** Takes that many bytes from the front; the caller has seen that they are there. */
  function take(length: number): Buffer {
    const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    chunks.length = 0;
    if (all.length > length) chunks.push(all.subarray(length));
    stored = all.length - length;
    return all.subarray(0, length);
  }

  let header: { length: number; text: boolean } | undefined;
  function read(): void {
    while (listener !== undefined && !closed) {
      if (header === undefined) {
        if (stored < headerBytes) return;
        const bytes = take(headerBytes);
        header = { length: bytes.readUInt32BE(0), text: bytes[4] === 0 };
        if (header.length > maximumBytes) {
          socket.destroy();
          return;
        }
      }
      if (stored < header.length) return;
      const { length, text } = header;
      header = undefined;
      const content = length === 0 ? Buffer.alloc(0) : take(length);
      listener(text ? content.toString("utf8") : new Uint8Array(content));
    }
  }

  socket.on("data", (chunk) => {
    chunks.push(chunk as Buffer);
    stored += chunk.length;
    read();
  });
  // An error is always followed by "close", which is what a wire reports.
  socket.on("error", () => {});
  socket.on("close", () => {
    closed = true;
  });

  return {
    async send(message) {
      if (closed) return;
      const content = typeof message === "string" ? Buffer.from(message, "utf8") : message;
      const head = Buffer.allocUnsafe(headerBytes);
      head.writeUInt32BE(content.length, 0);
      head[4] = typeof message === "string" ? 0 : 1;
      socket.cork();
      socket.write(head);
      const more = socket.write(content);
      socket.uncork();
      if (more) return;
      draining ??= drained(socket).then(() => {
        draining = undefined;
      });
      await draining;
    },
    onMessage(newListener) {
      listener = newListener;
      read();
    },
    onClose: (onClose) => socket.on("close", onClose),
    close: () => socket.end(() => socket.destroy()),
  };
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    socket.on("drain", done);
    socket.on("close", done);
  });
}
