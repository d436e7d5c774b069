import type { Node } from "web-tree-sitter";
import type { Doubt } from "#core/contracts/assist";
import type { Parsers } from "../syntax/parser.ts";

/** A document before and after a change of its lines from `start` on, in UTF-16 units. */
interface ChangedDocument {
  readonly languageId: string;
  readonly before: string;
  readonly after: string;
  readonly start: number;
}

/** Longer documents are not parsed twice for one answer; in UTF-16 units. */
const longest = 1_000_000;

/**
 * The first mistake of syntax that a change brings, as a doubt that blocks; undefined where it brings none or where there is no grammar
 * for the language. What was broken before may stay so.
 */
export async function newFaults(
  parsers: Pick<Parsers, "parse">,
  { languageId, before, after, start }: ChangedDocument,
  signal?: AbortSignal,
): Promise<Doubt | undefined> {
  if (before.length > longest || after.length > longest) return undefined;
  const had = await faultsOf(parsers, languageId, before, signal);
  if (had === undefined) return undefined;
  const has = (await faultsOf(parsers, languageId, after, signal)) ?? [];
  if (has.length <= had.length) return undefined;
  // A mistake shows at its place or behind it, never before the change.
  const first = has.find((at) => at >= start) ?? has.at(-1) ?? start;
  return { kind: "syntax", message: describeFault(after, first, start), blocks: true };
}

async function faultsOf(
  parsers: Pick<Parsers, "parse">,
  languageId: string,
  text: string,
  signal: AbortSignal | undefined,
): Promise<number[] | undefined> {
  const tree = await parsers.parse(languageId, text, { signal });
  if (tree === undefined) return undefined;
  const found: number[] = [];
  const visit = (node: Node) => {
    if (!node.hasError) return;
    if (node.isError || node.isMissing) found.push(node.startIndex);
    for (const child of node.children) if (child !== null) visit(child);
  };
  try {
    visit(tree.rootNode);
    return found;
  } finally {
    tree.delete();
  }
}

function describeFault(text: string, at: number, start: number): string {
  const line = (text.slice(start, Math.max(start, at)).match(/\n/g)?.length ?? 0) + 1;
  const from = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  const shown = text
    .slice(from, end < 0 ? undefined : end)
    .trim()
    .slice(0, 80);
  return `Line ${line} of the answer is not valid there${shown === "" ? "." : `: “${shown}”.`}`;
}
