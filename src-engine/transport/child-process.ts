import type { LocalWire } from "#core/transport/wire";

/** The part of a forked child, or of the child's own `process`, that a wire needs. */
interface Peer {
  send?(message: unknown, callback?: (error: Error | null) => void): boolean;
  on(event: "message", listener: (message: unknown) => void): unknown;
  once(event: "disconnect", listener: () => void): unknown;
  readonly connected: boolean;
  disconnect?(): void;
}

/** A wire to a child that was forked with `serialization: "advanced"`, or, given `process`, from it to its parent. */
export function childProcessWire(peer: Peer): LocalWire {
  return {
    send(message) {
      if (!peer.connected) return;
      return new Promise<void>((resolve) => {
        // A parent or child that went away is told by the close of the wire, so the error itself says nothing new.
        peer.send?.(message, () => resolve());
      });
    },
    onMessage: (listener) => peer.on("message", listener),
    onClose: (listener) => peer.once("disconnect", listener),
    close() {
      if (peer.connected) peer.disconnect?.();
    },
  };
}
