import { stableEnd, stableStart } from "#core/completion/window";
import { createOpenTrees } from "../../syntax/open-trees.ts";
import type { Parsers } from "../../syntax/parser.ts";
import { blockEnd } from "./block.ts";
import { breaksTree, isBrokenAt } from "./broken.ts";
import { kindAt, type PlaceKind } from "./place-kind.ts";

/** A place in a document; what is looked at is a window around the cursor. */
export interface SyntaxPlace {
  readonly languageId: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** What syntax trees tell of a place. Where there is no grammar everything is code, and nothing is broken. */
export interface CompletionSyntax {
  /** Reads a document, so that what is asked of it next takes a moment. */
  warm(place: SyntaxPlace): Promise<void>;
  /** True when a text brings mistakes of syntax; undefined where nobody can tell. */
  isBroken(place: SyntaxPlace & { readonly text: string; readonly replaces: number }): Promise<boolean | undefined>;
  /** How many UTF-16 units of a text belong to the block that is being written. */
  endOfBlock(place: SyntaxPlace & { readonly text: string }): Promise<number>;
  /** What the cursor stands in. */
  placeKind(place: SyntaxPlace): Promise<PlaceKind>;
  dispose(): void;
}

/** Creates {@link CompletionSyntax}. */
export function createCompletionSyntax(parsers: Pick<Parsers, "parse">): CompletionSyntax {
  const trees = createOpenTrees(parsers);
  const window = ({ prefix, suffix }: SyntaxPlace) => ({ before: stableEnd(prefix), after: stableStart(suffix) });

  return {
    async warm(place) {
      const { before, after } = window(place);
      await trees.look(place.languageId, before + after, () => {});
    },
    async isBroken(place) {
      const { before, after } = window(place);
      const wasBroken = await trees.look(place.languageId, before + after, (tree) => isBrokenAt(tree, before, after));
      if (wasBroken === undefined) return undefined;
      const inserted = { before, text: place.text, after: after.slice(place.replaces) };
      return await trees.look(place.languageId, before + inserted.text + inserted.after, (tree) =>
        breaksTree(tree, place.languageId, inserted, wasBroken),
      );
    },
    async endOfBlock(place) {
      const { text } = place;
      if (!text.includes("\n")) return text.length;
      const { before, after } = window(place);
      return (await trees.look(place.languageId, before + text + after, (tree) => blockEnd(tree, { before, text }))) ?? text.length;
    },
    async placeKind(place) {
      const { before, after } = window(place);
      return (await trees.look(place.languageId, before + after, (tree) => kindAt(tree, before + after, before.length))) ?? "code";
    },
    dispose: trees.dispose,
  };
}
