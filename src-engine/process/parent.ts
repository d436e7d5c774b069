import type { ProcessConnect } from "#core/processes";
import { type LocalWire, portWire } from "#core/transport/wire";
import { childProcessWire } from "../transport/child-process.ts";
import { tellWarnings } from "./warnings.ts";

/** What Electron gives a utility process in place of `process.send`. */
interface ParentPort {
  on(event: "message", listener: (event: { readonly data: ProcessConnect; readonly ports: readonly Port[] }) => void): void;
}

type Port = Parameters<typeof portWire>[0];

/** Tells a script of ours, once, the wire to whoever started it: over a port in Electron's utility processes, else as a child of Node. */
export function connectToParent(connected: (wire: LocalWire) => void): void {
  // What is printed may go into a file on a disk that is full: lost words are no reason to end.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  tellWarnings();
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort === undefined) connected(childProcessWire(process));
  parentPort?.on("message", ({ data, ports: [port] }) => {
    if (data.type === "connect" && port !== undefined) connected(portWire(port));
  });
}
