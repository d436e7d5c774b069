import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BareAnswer, BareRequest } from "./bare-llama.ts";

/** Starts node-llama-cpp alone in a process; each call waits for the one before. */
export function startBare() {
  const child = fork(fileURLToPath(new URL("./bare-llama.ts", import.meta.url)), [], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask(request: BareRequest): Promise<BareAnswer> {
      const next = last.then(
        () =>
          new Promise<BareAnswer>((resolve, reject) => {
            const onExit = (code: number | null) => reject(new Error(`The bare process ended with ${code}.`));
            child.once("exit", onExit);
            child.once("message", (answer) => {
              child.off("exit", onExit);
              resolve(answer as BareAnswer);
            });
            child.send(request);
          }),
      );
      last = next.catch(() => {});
      return next;
    },
    end: () => child.disconnect(),
  };
}
