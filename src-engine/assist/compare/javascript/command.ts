import { comparedByRunning } from "#core/assist/checks/languages";
import { limitedNode } from "../../../process/limited-node.ts";
import type { NodeProgram } from "../../../process/node.ts";

/** Megabytes of values that the compared functions may make. */
const megabytes = 256;

/** The command that compares functions of a language in a Node, within limits; undefined where the language or the system has none. */
export function javascriptCommand(languageId: string, seconds: number, node: NodeProgram): readonly string[] | undefined {
  if (!comparedByRunning(languageId) || process.platform === "win32") return undefined;
  return limitedNode(node, new URL("./compare.process.ts", import.meta.url), { seconds, megabytes });
}
