import type { Node, Tree } from "web-tree-sitter";
import { balanceOf } from "#core/completion/brackets";
import { cursorLine } from "#core/completion/shape";

/** A suggestion in its document. */
export interface InsertedText {
  readonly before: string;
  readonly text: string;
  /** What follows the suggestion. */
  readonly after: string;
}

/** A part of the text that fits nowhere, or the place of something that ought to be there. */
interface Fault {
  readonly start: number;
  readonly end: number;
  readonly isMissing: boolean;
}

const endsOpen =
  /(?:[([{:,=+\-*/%&|<>.\\?!~^]|\b(?:and|or|not|in|is|as|return|else|then|do|begin|ensure|rescue|new|throw|raise|import|from|await|yield|lambda))\s*$/;
const opensByWord =
  /(?:^|\n)[ \t]*(?:def|class|module|if|elsif|unless|while|until|case|when|for|begin|function)\b(?![^\n]*\b(?:end|fi|done|esac)\b)[^\n]*$|\bdo[ \t]*\|[^|\n]*\|[ \t]*$/;
const languagesOfWords = new Set(["ruby", "shellscript"]);

/** What is known of a place before a suggestion is put there: whether it is broken around the cursor as it stands. */
export function isBrokenAt(tree: Tree, before: string, after: string): boolean {
  const text = before + after;
  return faultsIn(tree, lineStart(text, before.length), endOfNextToken(text, before.length)).length > 0;
}

/** True when a suggestion brings faults that were not there. What it leaves open at its end is for the user to go on with. */
export function breaksTree(tree: Tree, languageId: string, { before, text, after }: InsertedText, wasBroken: boolean): boolean {
  const start = before.length;
  const end = start + text.trimEnd().length;
  const from = lineStart(before, start);
  const faults = faultsIn(tree, start, endOfNextToken(before + text + after, start + text.length)).filter((fault) => fault.start >= from);
  if (faults.length === 0) return false;
  // Opened on this very line and not closed on it: by the suggestion, or before it by the user.
  const line = before.slice(from) + text + cursorLine("", after).right;
  const { open, quote } = balanceOf(line);
  if (open.length > 0 || quote !== undefined || endsOpen.test(text)) return false;
  if (languagesOfWords.has(languageId) && opensByWord.test(before.slice(from) + text)) return false;
  return faults.some((fault) => {
    // A semicolon still to come, or what lacks since before.
    if (fault.isMissing) return fault.start < end;
    return wasBroken ? fault.start >= start && fault.start < end : true;
  });
}

function faultsIn(tree: Tree, from: number, to: number): Fault[] {
  const found: Fault[] = [];
  visit(tree.rootNode);
  return found;

  function visit(node: Node): void {
    if (!node.hasError || node.endIndex < from || node.startIndex > to) return;
    if (node.isError || node.isMissing) found.push({ start: node.startIndex, end: node.endIndex, isMissing: node.isMissing });
    for (const child of node.children) if (child !== null) visit(child);
  }
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Where the first word or mark behind a place ends. */
export function endOfNextToken(text: string, from: number): number {
  const mark = /\s*(?:[\p{L}\p{N}_$]+|\S|$)/uy;
  mark.lastIndex = from;
  return from + (mark.exec(text)?.[0].length ?? 0);
}
