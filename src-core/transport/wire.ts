/** A connection that carries whole messages in order: text, or bytes where a file is inside. */
export interface Wire {
  /** Sends one message; the promise, where there is one, is kept when the other side can take more. */
  send(message: string | Uint8Array): void | Promise<void>;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  /** Ends the connection; `reason` is for the other side's log where the transport can carry it. */
  close(reason?: string): void;
}

/** A wire between processes of one machine, which carries objects as well. */
export interface LocalWire extends Wire {
  send(message: unknown): void | Promise<void>;
}

/** The part of a browser's MessagePort that a wire needs. */
interface WebPort {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: () => void): void;
  start(): void;
  close(): void;
}

/** The part of Electron's MessagePortMain that a wire needs. */
interface MainPort {
  postMessage(message: unknown): void;
  on(type: "message", listener: (event: { readonly data: unknown }) => void): unknown;
  on(type: "close", listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** A wire over a MessagePort of the web, of Node or of Electron's main and utility processes. */
export function portWire(port: WebPort | MainPort): LocalWire {
  const listen = ("addEventListener" in port ? port.addEventListener : port.on).bind(port) as WebPort["addEventListener"];
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      listen("message", (event) => listener(event.data));
      port.start();
    },
    onClose: (listener) => listen("close", listener),
    close: () => port.close(),
  };
}

/** The part of a WebSocket, the browser's or that of the ws package, that a wire needs. */
interface Socket {
  binaryType: string;
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: () => void): void;
  close(code?: number, reason?: string): void;
}

/** Beyond this many bytes that the network has not taken yet, a sender waits. */
const highWater = 4 * 1024 * 1024;

/** A wire over an open WebSocket. */
export function webSocketWire(socket: Socket): Wire {
  socket.binaryType = "arraybuffer";
  let closed = false;
  socket.addEventListener("close", () => {
    closed = true;
  });
  return {
    async send(message) {
      socket.send(message);
      // WebSocket has no event for an empty buffer, so a flooding stream looks again a little later.
      while (!closed && socket.bufferedAmount > highWater) await new Promise<void>((resolve) => setTimeout(resolve, 5));
    },
    onMessage: (listener) => socket.addEventListener("message", (event) => listener(event.data)),
    onClose: (listener) => socket.addEventListener("close", listener),
    close: (reason) => socket.close(1008, reason?.slice(0, 100)),
  };
}
