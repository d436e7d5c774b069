import type { ContractRouterClient } from "@orpc/contract";
import type { Disposable } from "#core/base/disposable";
import type { desktopContract, WindowStart } from "#core/contracts/desktop";
import type { engineContract } from "#core/contracts/index";
import { portWire, webSocketWire } from "#core/transport/wire";
import { type PortName, ports } from "./ports.ts";
import { type OpenWire, reconnect } from "./reconnect.ts";

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
    readonly localcoder?: { readonly desktop: true; pathOf(file: File): string; setZoomLevel(level: number): void };
  }
}

/** Connects to the engine and to the owner of the window, and asks for what the page needs before it can draw. */
export async function connect(): Promise<Connection> {
  const open = window.localcoder?.desktop ? openPort : openSocket;
  const engine = reconnect<typeof engineContract>(open("engine"));
  const desktop = reconnect<typeof desktopContract>(open("desktop"));
  return {
    engine: engine.client,
    desktop: desktop.client,
    start: await desktop.client.start(),
    onReconnected: (listener) => engine.reconnected.listen(listener),
  };
}

function openPort(name: PortName): OpenWire {
  return async () => {
    const port = await ports[name].take();
    // Main sends a new port when the process behind the old one died, which may be noticed before the old one closes.
    return { wire: portWire(port), replaced: ports[name].arrived() };
  };
}

function openSocket(name: PortName): OpenWire {
  const address = new URL(`rpc/${name}`, window.location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  // The host of the browser version reads there which folder this tab shows.
  address.search = window.location.search;
  address.hash = "";
  return async () => {
    for (let wait = 100; ; wait = Math.min(wait * 2, 5000)) {
      const socket = new WebSocket(address);
      const opened = await new Promise<boolean>((resolve) => {
        socket.addEventListener("open", () => resolve(true), { once: true });
        socket.addEventListener("close", () => resolve(false), { once: true });
      });
      if (opened) return { wire: webSocketWire(socket as Parameters<typeof webSocketWire>[0]) };
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };
}
