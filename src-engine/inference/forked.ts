import { closeSync, openSync, statSync } from "node:fs";
import { nativeMemoryEnvironment } from "#core/base/native-memory";
import { forkScript } from "../forked-process.ts";
import { connectInference, type OpenInference } from "./connection.ts";

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
    try {
      return await connectInference(() => forkScript(entry, { environment: nativeMemoryEnvironment, log }));
    } finally {
      closeSync(log);
    }
  };
}
