import { limitedNode } from "../../../process/limited-node.ts";
import { findNode, type NodeProgram } from "../../../process/node.ts";

/** Megabytes of values that tests may make. */
const megabytes = 1024;

/** The command that runs tests in JavaScript and TypeScript within limits, or why there is none. */
export function scriptTestsCommand(seconds: number, node: NodeProgram | undefined = findNode()): readonly string[] | string {
  if (node === undefined) return "they are run by Node 22.15 or newer, and there is none on this machine.";
  if (!loadsByHooks(node)) return `they are run by Node 22.15 or newer, and here is Node ${node.major}.${node.minor}.`;
  return limitedNode(node, new URL("./run-tests.process.ts", import.meta.url), { seconds, megabytes });
}

/** What `registerHooks` of node:module came with. */
function loadsByHooks({ major, minor }: NodeProgram): boolean {
  return major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 15);
}
