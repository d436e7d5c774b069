import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { OpenProcess, OwnProcess, OwnScript, ProcessExit } from "#core/processes";
import { findBuilt } from "./built.ts";
import { gatedEnvironment } from "./network/environment.ts";
import { childProcessWire } from "./transport/child-process.ts";

/** Where a script lies when the source is what runs. */
const sources: Readonly<Record<OwnScript, string>> = {
  inference: "./inference/inference.process.ts",
  typescript: "./typescript/typescript.process.ts",
  "back-end-trial": "./inference/back-end-trial.process.ts",
  packet: "./audit/packet.process.ts",
};

/** The file of a script: beside the build, or the source when the source is what runs. */
export function scriptFile(script: OwnScript): string {
  return findBuilt(`${script}.process.js`) ?? fileURLToPath(new URL(sources[script], import.meta.url));
}

/** Starts scripts of ours as children of this process: in Node, where there is no Electron to ask. */
export const openForkedProcess: OpenProcess = (script, parameters = []) => forkScript(scriptFile(script), { parameters });

/** What a script that is forked is given. */
interface ForkOptions {
  readonly parameters?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A descriptor for what native code prints; nothing keeps it by default. */
  readonly log?: number;
}

/** Forks the file of a script. */
export function forkScript(file: string, { parameters = [], environment = {}, log }: ForkOptions): Promise<OwnProcess> {
  const output = log ?? "ignore";
  const child = fork(file, parameters, {
    serialization: "advanced",
    env: { ...gatedEnvironment(process.env), ...environment },
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", output, output, "ipc"],
  });
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once("error", (error) => resolve({ code: null, reason: error.message }));
    child.once("exit", (code, signal) => resolve({ code, reason: signal ?? `exit code ${code}` }));
  });
  if (child.pid === undefined) return exited.then(({ reason }) => Promise.reject(new Error(reason)));
  return Promise.resolve({ pid: child.pid, wire: childProcessWire(child), exited, kill: () => child.kill("SIGKILL") });
}
