import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { findBuilt } from "../built.ts";
import type { NodeProgram } from "./node.ts";

/** What a process of code that is not ours may take. */
export interface NodeLimits {
  /** Of processor time. */
  readonly seconds: number;
  /** Of values. */
  readonly megabytes: number;
}

/**
 * The command that runs an entry of ours in a Node that may read files and do nothing else with them, within limits. `source` is where the
 * entry lies while it is not built. On Windows the system sets no limit to processor time.
 */
export function limitedNode({ program, major }: NodeProgram, source: URL, { seconds, megabytes }: NodeLimits): readonly string[] {
  const path = fileURLToPath(source);
  const entry = findBuilt(`${basename(path, ".ts")}.js`) ?? path;
  const command = [
    program,
    major >= 24 ? "--permission" : "--experimental-permission",
    "--allow-fs-read=*",
    "--no-warnings",
    `--max-old-space-size=${megabytes}`,
    // Beside the archive of a package, because only Electron looks into that.
    entry.replace(/([\\/])app\.asar([\\/])/, "$1app.asar.unpacked$2"),
  ];
  if (process.platform === "win32") return command;
  return ["sh", "-c", `ulimit -t ${seconds}; ulimit -f 0; exec "$0" "$@"`, ...command];
}
