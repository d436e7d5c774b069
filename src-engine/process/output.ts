import { readSync } from "node:fs";
import type { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import type { IPty } from "@lydell/node-pty";

/** What is private in node-pty and Node, and needed all the same. */
interface Internals {
  readonly fd?: number;
  readonly _socket?: Socket & { readonly _handle?: { readStart(): void; readStop(): void } };
}

/** How often a terminal whose program has ended is looked at, how many times it must be silent, and how many times at most. */
const ending = { milliseconds: 50, silent: 5, most: 200 };

/**
 * Hands out what a terminal prints, and pauses and resumes it, without losing its end. Three things would lose it:
 * a paused stream goes on reading into a buffer of its own, which is thrown away when the terminal ends, so the reading
 * itself is stopped and the system keeps what waits; Node takes the hang-up of a terminal for its end although more
 * can be read, so the rest is fetched before it is closed; and node-pty closes it 200 milliseconds after the program
 * has ended, so that is put off until nothing comes any more.
 */
export function readOutput(pty: IPty, print: (text: string) => void): { pause(): void; resume(): void } {
  const decoder = new StringDecoder("utf8");
  let silent = 0;
  const take = (chunk: string | Buffer) => {
    silent = 0;
    const text = typeof chunk === "string" ? chunk : decoder.write(chunk);
    if (text !== "") print(text);
  };
  pty.onData(take);
  const { _socket: socket, fd } = pty as IPty & Internals;
  const handle = socket?._handle;
  if (process.platform === "win32" || socket === undefined || handle === undefined) return pty;

  let paused = false;
  let looks = 0;
  const close = socket.destroy.bind(socket);
  socket.destroy = (error?: Error) => {
    if (error !== undefined) return close(error);
    if (socket.readableEnded) {
      for (const chunk of remaining(fd)) take(chunk);
      return close();
    }
    const timer = setInterval(() => {
      looks += paused ? 0 : 1;
      silent += paused ? 0 : 1;
      if (silent > ending.silent || looks > ending.most) close();
      if (socket.destroyed) clearInterval(timer);
    }, ending.milliseconds);
    return socket;
  };
  return {
    pause() {
      paused = true;
      handle.readStop();
    },
    resume() {
      paused = false;
      if (!socket.destroyed) handle.readStart();
    },
  };
}

/** What can still be read from a terminal that was hung up: at most the system's own buffer. */
function* remaining(fd: number | undefined): Generator<Buffer, void, void> {
  if (fd === undefined) return;
  for (;;) {
    const buffer = Buffer.allocUnsafe(64 * 1024);
    try {
      const length = readSync(fd, buffer);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    } catch {
      // EIO is how a system says that a terminal has no other side any more.
      return;
    }
  }
}
