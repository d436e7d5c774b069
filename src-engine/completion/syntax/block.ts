import type { Node, Tree } from "web-tree-sitter";

const closesBlock = /^(?:[)\]}][)\]};,]*|end|fi|done|esac)$/;
const definition = /function|method|constructor|class|struct|enum|interface|impl|trait|namespace|module/;
const trailingMarks = /[;,)]*/y;

/**
 * Where the block being written at a place ends, by the tree of the document with the text in it: in UTF-16 units of the text.
 * A statement behind a block that is closed does not belong to it.
 */
export function blockEnd(tree: Tree, { before, text }: { readonly before: string; readonly text: string }): number {
  const start = before.length;
  const end = start + text.trimEnd().length;
  const document = before + text;
  // Behind an opener everything belongs to what is opened there.
  const isOnBlankLine = before.slice(before.lastIndexOf("\n") + 1).trim() === "";
  const cut = endOfOpened(tree, document, start, end) ?? (isOnBlankLine ? endOfFirst(tree, document, start, end) : undefined);
  if (cut === undefined || cut >= end) return text.length;
  trailingMarks.lastIndex = cut;
  return cut - start + (trailingMarks.exec(document)?.[0].length ?? 0);
}

/** The end of what was opened before the cursor and is closed in the text, with all of its statement. */
function endOfOpened(tree: Tree, document: string, start: number, end: number): number | undefined {
  let cut: Node | undefined;
  for (let node = tree.rootNode.descendantForIndex(Math.max(0, start - 1), start); node?.parent; node = node.parent) {
    if (node.startIndex >= start || node.isError) continue;
    if (node.endIndex <= start) continue;
    if (node.endIndex > end) break;
    if (cut !== undefined && !sameLine(document, node.startIndex, cut.startIndex) && !sameLine(document, node.endIndex, cut.endIndex))
      break;
    cut = node;
  }
  return cut?.endIndex;
}

/** The end of the first block of the text with something behind it; within another block only definitions stand for themselves. */
function endOfFirst(tree: Tree, document: string, start: number, end: number): number | undefined {
  const first = start + document.slice(start).search(/\S/);
  let container = tree.rootNode.descendantForIndex(first, first);
  while (container?.parent && container.startIndex >= start) container = container.parent;
  for (const child of container?.children ?? []) {
    if (child === null || child.startIndex < start) continue;
    if (child.endIndex >= end || child.isError) return undefined;
    if (isBlock(document, child) && (container?.parent == null || definition.test(child.type))) return child.endIndex;
  }
  return undefined;
}

function isBlock(document: string, node: Node): boolean {
  if (node.startPosition.row === node.endPosition.row) return false;
  const lastLine = document.slice(document.lastIndexOf("\n", node.endIndex - 1) + 1, node.endIndex).trim();
  // Python's blocks have no end of their own.
  return closesBlock.test(lastLine) || node.children.some((child) => child?.type === "block" && child.endIndex === node.endIndex);
}

function sameLine(document: string, one: number, other: number): boolean {
  return !document.slice(Math.min(one, other), Math.max(one, other)).includes("\n");
}
