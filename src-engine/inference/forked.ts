import { fork } from "node:child_process";
import { closeSync, openSync, statSync } from "node:fs";
import { UserError } from "#core/base/errors";
import { nativeMemoryEnvironment } from "#core/base/native-memory";
import type { inferenceContract } from "#core/contracts/inference";
import { connectClient } from "#core/transport/connect";
import { gatedEnvironment } from "../network/environment.ts";
import { childProcessWire } from "../transport/child-process.ts";
import type { OpenInference } from "./connection.ts";

/** Beyond this many bytes the log is started anew. */
const longestLog = 1_000_000;

/**
 * Opens inference as a child of this process: for a headless engine, where there is no Electron to ask.
 * What native code prints goes into the log: on stderr it would stand between a command and its user.
 */
export function openForked(entry: string, logFile: string): OpenInference {
  return async () => {
    const isLong = (statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > longestLog;
    const log = openSync(logFile, isLong ? "w" : "a", 0o600);
    const child = fork(entry, [], {
      serialization: "advanced",
      env: { ...gatedEnvironment(process.env), ...nativeMemoryEnvironment },
      stdio: ["ignore", log, log, "ipc"],
    });
    closeSync(log);
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
