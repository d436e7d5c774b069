import type { MessagePort } from "node:worker_threads";
import type { OpenProcess, OwnProcess, ProcessAnswer, ProcessExit, ProcessRequest } from "#core/processes";
import { portWire } from "#core/transport/wire";

/** The part of Electron's parent port that is needed here; its types come with a module that utility processes do not have. */
export interface ParentPort {
  on(type: "message", listener: (event: { readonly data: ProcessAnswer; readonly ports: MessagePort[] }) => void): void;
  postMessage(message: ProcessRequest): void;
}

interface Waiting {
  opened(pid: number, port: MessagePort): void;
  exited(exit: ProcessExit): void;
}

/** Starts scripts of ours from a utility process of Electron, by asking main. */
export function openThroughMain(parent: ParentPort): OpenProcess {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  parent.on("message", ({ data, ports: [port] }) => {
    if (data.type === "process" && port !== undefined) waiting.get(data.id)?.opened(data.pid, port);
    if (data.type !== "process-exit") return;
    waiting.get(data.id)?.exited({ code: data.code, reason: data.reason });
    waiting.delete(data.id);
  });
  return (script, parameters = []) =>
    new Promise<OwnProcess>((resolve, reject) => {
      const id = ++lastId;
      const exited = new Promise<ProcessExit>((exit) =>
        waiting.set(id, {
          opened: (pid, port) =>
            resolve({ pid, wire: portWire(port), exited, kill: () => parent.postMessage({ type: "kill-process", id }) }),
          exited: exit,
        }),
      );
      void exited.then(({ reason }) => reject(new Error(reason)));
      parent.postMessage({ type: "open-process", id, script, parameters });
    });
}
