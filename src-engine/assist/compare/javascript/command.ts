import { fileURLToPath } from "node:url";
import { comparedByRunning } from "#core/assist/checks/languages";
import { findBuilt } from "../../../built.ts";
import type { NodeProgram } from "../../../process/node.ts";

/** Megabytes of values that the compared functions may make. */
const mostMemory = 256;

/** The command that compares functions of a language in a Node, within limits; undefined where the language or the system has none. */
export function javascriptCommand(languageId: string, seconds: number, { program, major }: NodeProgram): readonly string[] | undefined {
  if (!comparedByRunning(languageId) || process.platform === "win32") return undefined;
  const entry = findBuilt("compare.process.js") ?? fileURLToPath(new URL("./compare.process.ts", import.meta.url));
  const limits = `ulimit -t ${seconds}; ulimit -f 0; exec "$0" "$@"`;
  return [
    "sh",
    "-c",
    limits,
    program,
    major >= 24 ? "--permission" : "--experimental-permission",
    "--allow-fs-read=*",
    "--no-warnings",
    `--max-old-space-size=${mostMemory}`,
    // Beside the archive of a package, because only Electron looks into that.
    entry.replace(/([\\/])app\.asar([\\/])/, "$1app.asar.unpacked$2"),
  ];
}
