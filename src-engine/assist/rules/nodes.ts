import type { Node } from "web-tree-sitter";

/** All nodes of some types below a node. */
export function below(node: Node, types: string | readonly string[]): readonly Node[] {
  return node.descendantsOfType(typeof types === "string" ? types : [...types]).filter((each) => each !== null);
}

/** True for what stands on several lines. */
export function spansLines({ startPosition, endPosition }: Node): boolean {
  return startPosition.row !== endPosition.row;
}
