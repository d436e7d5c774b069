/** The names under which main hands out ports. */
export type PortName = "engine" | "desktop";

/** Ports of one name, as they come. */
export interface PortInbox {
  put(port: MessagePort): void;
  /** Resolves as soon as a port lies in the inbox. */
  arrived(): Promise<void>;
  /** The newest port, as soon as there is one. */
  take(): Promise<MessagePort>;
}

/** Creates a {@link PortInbox}. Only the newest port is kept: the others have nobody at their other end any more. */
export function createPortInbox(): PortInbox {
  let newest: MessagePort | undefined;
  let arrival = Promise.withResolvers<void>();
  return {
    put(port) {
      newest?.close();
      newest = port;
      arrival.resolve();
    },
    arrived: () => arrival.promise,
    async take() {
      while (!newest) await arrival.promise;
      const port = newest;
      newest = undefined;
      arrival = Promise.withResolvers();
      return port;
    },
  };
}

/** The inboxes of this page. */
export const ports: Readonly<Record<PortName, PortInbox>> = { engine: createPortInbox(), desktop: createPortInbox() };

/** Starts to listen for ports. Must run before anything is awaited, because a port is sent only once. */
export function receivePorts(): void {
  window.addEventListener("message", (event: MessageEvent) => {
    // Frames inside this page (webviews, the extension host) may post messages too; ports come from the preload only.
    if (event.source !== window || event.data?.type !== "localcoder:port") return;
    const port = event.ports[0];
    const inbox = ports[event.data.name as PortName];
    if (port && inbox) inbox.put(port);
  });
}
