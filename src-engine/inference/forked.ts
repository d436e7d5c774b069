import { fork } from "node:child_process";
import { UserError } from "#core/base/errors";
import type { inferenceContract } from "#core/contracts/inference";
import { connectClient } from "#core/transport/connect";
import { gatedEnvironment } from "../network/environment.ts";
import { childProcessWire } from "../transport/child-process.ts";
import type { OpenInference } from "./connection.ts";

/** Opens inference as a child of this process: for a headless engine, where there is no Electron to ask. */
export function openForked(entry: string): OpenInference {
  return async () => {
    const child = fork(entry, [], {
      serialization: "advanced",
      env: gatedEnvironment(process.env),
      // What native code prints belongs into the log, never into the data on stdout.
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const exited = new Promise<{ reason: string }>((resolve) => {
      child.once("error", (error) => resolve({ reason: error.message }));
      child.once("exit", (code, signal) => resolve({ reason: signal ?? `exit code ${code}` }));
    });
    const connection = connectClient<typeof inferenceContract>(
      childProcessWire(child),
      () => new UserError("INFERENCE_STOPPED", "The model process has stopped.", "Try again: the next request starts it anew."),
    );
    return { client: connection.client, exited, kill: () => child.kill("SIGKILL") };
  };
}
