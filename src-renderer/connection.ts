import { createORPCClient } from "@orpc/client";
import { RPCLink as PortLink } from "@orpc/client/message-port";
import { RPCLink as SocketLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import type { Disposable } from "#core/base/disposable";
import type { desktopContract, WindowStart } from "#core/contracts/desktop";
import type { engineContract } from "#core/contracts/index";
import { type PortName, ports } from "./ports.ts";
import { createReconnectingLink, type Line, type OpenLine } from "./reconnect.ts";

/** The engine, as the page calls it. */
export type Engine = ContractRouterClient<typeof engineContract>;

/** The process that owns the window, as the page calls it. */
export type Desktop = ContractRouterClient<typeof desktopContract>;

/** What every part of the page works with. */
export interface Connection {
  readonly engine: Engine;
  readonly desktop: Desktop;
  readonly start: WindowStart;
  /** Tells when the engine was lost and is there again: streams must be opened anew, and folders too. */
  onReconnected(listener: () => void): Disposable;
}

declare global {
  interface Window {
    /** Set by the preload script; absent in the browser version. */
    readonly localcoder?: { readonly desktop: true };
  }
}

/** Connects to the engine and to the owner of the window, and asks for what the page needs before it can draw. */
export async function connect(): Promise<Connection> {
  const line = window.localcoder?.desktop ? lineOverPort : lineOverSocket;
  const engineLink = createReconnectingLink(line("engine"));
  const desktopLink = createReconnectingLink(line("desktop"));
  const desktop: Desktop = createORPCClient(desktopLink.link);
  return {
    engine: createORPCClient(engineLink.link),
    desktop,
    start: await desktop.start(),
    onReconnected: (listener) => engineLink.reconnected.listen(listener),
  };
}

function lineOverPort(name: PortName): OpenLine {
  return async () => {
    const port = await ports[name].take();
    const link = new PortLink({ port });
    // A dead process closes its port; and main sends a new one, whichever of the two is noticed first.
    const closed = Promise.race([new Promise<void>((resolve) => port.addEventListener("close", () => resolve())), ports[name].arrived()]);
    port.start();
    return { link, closed };
  };
}

function lineOverSocket(name: PortName): OpenLine {
  const address = new URL(`rpc/${name}`, window.location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  // The host of the browser version reads there which folder this tab shows.
  address.search = window.location.search;
  address.hash = "";
  return async () => {
    for (let wait = 100; ; wait = Math.min(wait * 2, 5000)) {
      const line = await openSocket(address);
      if (line) return line;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };
}

function openSocket(address: URL): Promise<Line | undefined> {
  return new Promise((resolve) => {
    const websocket = new WebSocket(address);
    websocket.binaryType = "arraybuffer";
    const closed = new Promise<void>((settle) => websocket.addEventListener("close", () => settle()));
    websocket.addEventListener("open", () => resolve({ link: new SocketLink({ websocket }), closed }));
    void closed.then(() => resolve(undefined));
  });
}
