import childProcess, { type ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import type { OwnProcess } from "#core/processes";
import { openThroughMain, type ParentPort } from "../process/through-main.ts";

/**
 * Lets node-llama-cpp try a back end in a process of its own in Electron as well, so that a library the machine cannot run does not take
 * the models with it. It forks one, which a released program cannot, so here main is asked for it. Nothing else in this process forks.
 */
export function tryBackEndsThroughMain(): void {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort === undefined) return;
  const openProcess = openThroughMain(parentPort);
  childProcess.fork = (() => asChild(openProcess("back-end-trial"))) as unknown as typeof childProcess.fork;
  syncBuiltinESMExports();
}

/** What node-llama-cpp uses of a child: messages both ways, its end, and a way to end it. */
function asChild(opening: Promise<OwnProcess>): ChildProcess {
  const child = Object.assign(new EventEmitter(), {
    exitCode: null as number | null,
    killed: false,
    send(message: unknown) {
      void opening.then(({ wire }) => wire.send(message)).catch(() => {});
      return true;
    },
    kill() {
      void opening.then(({ kill }) => kill()).catch(() => {});
      return true;
    },
  });
  const end = (code: number | null) => {
    child.exitCode = code ?? -1;
    child.emit("exit", child.exitCode);
  };
  opening.then(
    ({ wire, exited }) => {
      wire.onMessage((message) => child.emit("message", message));
      void exited.then(({ code }) => end(code));
    },
    () => end(null),
  );
  return child as unknown as ChildProcess;
}
