import type { Node } from "web-tree-sitter";
import type { AssistRequest } from "#core/contracts/assist";
import type { SuggestionCheck } from "../completion/check/check.ts";
import type { Parsers } from "../syntax/parser.ts";

/** What is wrong at lines, counted from 1. */
export type Problems = NonNullable<AssistRequest["problems"]>;

/** A document that somebody wants repaired. */
interface Document {
  readonly path: string;
  readonly languageId: string;
  readonly workspace?: string | undefined;
  readonly text: string;
}

/** Mistakes of syntax after which the others are no mistakes of the author. */
const mostFaults = 5;
/** More are the consequence of one that stands elsewhere, such as a package that is missing. */
const mostProblems = 50;

/** What is known to be wrong in a document: what cannot be parsed, else what the compiler of its project says. */
export async function problemsIn(
  { parsers, compiler }: { readonly parsers: Pick<Parsers, "parse">; readonly compiler: Pick<SuggestionCheck, "errors"> | undefined },
  { path, languageId, workspace, text }: Document,
  signal?: AbortSignal,
): Promise<Problems> {
  const faults = await faultsIn(parsers, languageId, text, signal);
  if (faults.length > 0 || compiler === undefined) return faults;
  const place = { path, languageId, ...(workspace !== undefined && { workspace }), prefix: text, suffix: "", offset: text.length };
  const errors = await compiler.errors(place);
  return errors.slice(0, mostProblems);
}

async function faultsIn(
  parsers: Pick<Parsers, "parse">,
  languageId: string,
  text: string,
  signal: AbortSignal | undefined,
): Promise<Problems> {
  const tree = await parsers.parse(languageId, text, { signal });
  if (tree === undefined) return [];
  const found: Problems = [];
  const visit = (node: Node) => {
    if (!node.hasError || found.length >= mostFaults) return;
    if (node.isMissing) found.push({ line: node.startPosition.row + 1, message: `“${node.type}” is missing here.` });
    else if (node.isError) found.push({ line: node.startPosition.row + 1, message: "The syntax is wrong here." });
    else for (const child of node.children) if (child !== null) visit(child);
  };
  try {
    visit(tree.rootNode);
    return found;
  } finally {
    tree.delete();
  }
}
