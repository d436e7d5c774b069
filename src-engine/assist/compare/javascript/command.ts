import { fileURLToPath } from "node:url";
import { comparedByRunning } from "#core/assist/checks/languages";
import { findBuilt } from "../../../built.ts";

/** Megabytes of values that the compared functions may make. */
const mostMemory = 256;

/** The command that compares functions of a language, within limits; undefined where the language or the system has none. */
export function javascriptCommand(languageId: string, seconds: number): readonly string[] | undefined {
  if (!comparedByRunning(languageId) || process.platform === "win32") return undefined;
  const entry = findBuilt("compare.process.js") ?? fileURLToPath(new URL("./compare.process.ts", import.meta.url));
  const limits = `ulimit -t ${seconds}; ulimit -f 0; ELECTRON_RUN_AS_NODE=1 exec "$0" "$@"`;
  // Electron's own Node may have it under its older name.
  const permission = Number(process.versions.node.split(".")[0]) >= 24 ? "--permission" : "--experimental-permission";
  return [
    "sh",
    "-c",
    limits,
    process.execPath,
    permission,
    "--allow-fs-read=*",
    "--no-warnings",
    `--max-old-space-size=${mostMemory}`,
    entry,
  ];
}
