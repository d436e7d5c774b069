import { Edit, type Tree } from "web-tree-sitter";
import type { Parsers } from "./parser.ts";

/** Trees of texts that change little from one to the next, as those of open documents do. */
export interface OpenTrees {
  /** Looks at the tree of a text; undefined for a language without a grammar. The tree lives no longer than the look. */
  look<Found>(languageId: string, text: string, see: (tree: Tree) => Found): Promise<Found | undefined>;
  dispose(): void;
}

interface OpenTree {
  readonly languageId: string;
  readonly text: string;
  readonly tree: Tree;
}

/** As many as documents that somebody goes to and fro between, each with and without a suggestion. */
const mostTrees = 6;

/** Creates {@link OpenTrees}. */
export function createOpenTrees(parsers: Pick<Parsers, "parse">): OpenTrees {
  /** The one looked at last comes first. */
  let open: readonly OpenTree[] = [];
  let disposed = false;

  /** The kept text that shares most with a new one, if that is the larger part of it. */
  function relativeOf(
    languageId: string,
    text: string,
  ): { readonly entry: OpenTree; readonly head: number; readonly tail: number } | undefined {
    let best: ReturnType<typeof relativeOf>;
    for (const entry of open) {
      if (entry.languageId !== languageId) continue;
      const shared = sharedEnds(entry.text, text);
      if (shared.head + shared.tail < text.length / 2) continue;
      if (best === undefined || shared.head + shared.tail > best.head + best.tail) best = { entry, ...shared };
    }
    return best;
  }

  async function treeOf(languageId: string, text: string): Promise<Tree | undefined> {
    const relative = relativeOf(languageId, text);
    if (relative === undefined) return await parsers.parse(languageId, text);
    // A copy: while it is parsed in slices, somebody else may want the old one.
    const previous = relative.entry.tree.copy();
    try {
      previous.edit(editOf(relative.entry.text, text, relative));
      return await parsers.parse(languageId, text, { previous });
    } finally {
      previous.delete();
    }
  }

  function keep(entry: OpenTree): void {
    const others = open.filter(({ languageId, text }) => languageId !== entry.languageId || text !== entry.text);
    const next = [entry, ...others].slice(0, disposed ? 0 : mostTrees);
    for (const { tree } of [entry, ...open]) if (!next.some((one) => one.tree === tree)) tree.delete();
    open = next;
  }

  return {
    async look(languageId, text, see) {
      const known = open.find((entry) => entry.languageId === languageId && entry.text === text);
      const tree = known?.tree ?? (await treeOf(languageId, text));
      if (tree === undefined) return undefined;
      const found = see(tree);
      keep({ languageId, text, tree });
      return found;
    },
    dispose() {
      disposed = true;
      for (const { tree } of open) tree.delete();
      open = [];
    },
  };
}

/** How many characters two texts share at their starts and, of the rest, at their ends. */
function sharedEnds(one: string, other: string): { head: number; tail: number } {
  const most = Math.min(one.length, other.length);
  let head = 0;
  while (head < most && one.charCodeAt(head) === other.charCodeAt(head)) head += 1;
  let tail = 0;
  while (tail < most - head && one.charCodeAt(one.length - 1 - tail) === other.charCodeAt(other.length - 1 - tail)) tail += 1;
  return { head, tail };
}

function editOf(before: string, after: string, { head, tail }: { readonly head: number; readonly tail: number }): Edit {
  const [oldEnd, newEnd] = [before.length - tail, after.length - tail];
  return new Edit({
    startIndex: head,
    oldEndIndex: oldEnd,
    newEndIndex: newEnd,
    startPosition: positionOf(before, head),
    oldEndPosition: positionOf(before, oldEnd),
    newEndPosition: positionOf(after, newEnd),
  });
}

function positionOf(text: string, index: number): { row: number; column: number } {
  let row = 0;
  let start = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < index; at = text.indexOf("\n", at + 1)) {
    row += 1;
    start = at + 1;
  }
  return { row, column: index - start };
}
