import { unfinishedPiece } from "./healing.ts";
import type { Hole } from "./hole.ts";
import type { FoundTemplate } from "./templates.ts";

/** What a prompt needs of a vocabulary. User text is always read with special tokens off: a control text in a string is text. */
export interface PromptVocabulary {
  tokenize(text: string): readonly number[];
  /** The token a text begins with, for models that want one. */
  readonly begin: number | undefined;
  readonly preTokenizer: string | undefined;
}

/** A prompt, from what is most stable to what changes with every key, and the text the model is to write again. */
export interface Prompt {
  readonly tokens: readonly number[];
  readonly healed: string;
}

/** Lays out the prompt of a hole: names, text before, text after, then the middle up to the cursor without its unfinished piece. */
export function layOutPrompt(
  { template, ...tokens }: FoundTemplate,
  vocabulary: PromptVocabulary,
  { hole, middle, path, repository }: { hole: Hole; middle: string; path: string; repository: string | undefined },
): Prompt {
  const { tokenize } = vocabulary;
  const healed = unfinishedPiece(middle, vocabulary.preTokenizer);
  const near = middle.slice(0, middle.length - healed.length);
  const head: number[] = vocabulary.begin === undefined ? [] : [vocabulary.begin];
  if (tokens.file !== undefined) {
    if (tokens.repository !== undefined && repository !== undefined) head.push(tokens.repository, ...tokenize(`${repository}\n`));
    head.push(tokens.file, ...tokenize(`${path}\n`));
  }
  if (template.order === "suffix-first") {
    // The middle follows the prefix without a mark, so the text up to the cursor is one piece; the hole still keeps
    // the tokens before it stable.
    const before = [...tokenize(hole.window), ...tokenize(near)];
    const order = [tokens.suffix, ...tokenize(hole.suffix), tokens.prefix];
    return { tokens: [...head, ...order, ...before, ...(tokens.middle === undefined ? [] : [tokens.middle])], healed };
  }
  const blank = template.blanks === true ? " " : "";
  const parts = [tokens.prefix, ...tokenize(blank + hole.window), tokens.suffix, ...tokenize(hole.suffix)];
  if (tokens.middle !== undefined) parts.push(tokens.middle);
  return { tokens: [...head, ...parts, ...tokenize(near)], healed };
}
