import type { Hole } from "./hole.ts";
import type { FoundTemplate } from "./templates.ts";

/** What a prompt needs of a vocabulary. User text is always read with special tokens off: a control text in a string is text. */
export interface PromptVocabulary {
  tokenize(text: string): readonly number[];
  /** The token a text begins with, for models that want one. */
  readonly begin: number | undefined;
  readonly preTokenizer: string | undefined;
}

/** A part of a prompt, for people who want to know what the model sees. */
export interface PromptPart {
  readonly name: "names" | "context" | "window" | "suffix" | "middle";
  /** The path of a piece of context; else nothing. */
  readonly label: string;
  readonly tokens: number;
}

/** A prompt, from what is most stable to what changes with every key, and the text the model is to write again. */
export interface Prompt {
  readonly tokens: readonly number[];
  readonly healed: string;
  readonly parts: readonly PromptPart[];
}

/** The place a prompt is laid out for. */
export interface PromptPlace {
  readonly hole: Hole;
  readonly middle: string;
  /** The piece at the end of the middle that the model is to write again. */
  readonly healed: string;
  readonly path: string;
  readonly repository: string | undefined;
  /** Whether names stand before the hole; context always has them, to tell the pieces apart. */
  readonly names: boolean;
}

/**
 * Lays out the prompt of a hole: names, context, text before, text after, then the middle up to the cursor without its unfinished
 * piece.
 */
export function layOutPrompt(
  { template, ...tokens }: FoundTemplate,
  { tokenize, begin }: Pick<PromptVocabulary, "tokenize" | "begin">,
  { hole, middle, healed, path, repository, names }: PromptPlace,
): Prompt {
  const near = middle.slice(0, middle.length - healed.length);
  const prompt: number[] = [];
  const parts: PromptPart[] = [];
  const add = (name: PromptPart["name"], label: string, added: readonly (number | undefined)[]) => {
    const there = added.filter((token) => token !== undefined);
    if (there.length === 0) return;
    prompt.push(...there);
    parts.push({ name, label, tokens: there.length });
  };

  add("names", "", [begin]);
  if (tokens.file !== undefined && (names || hole.context.length > 0)) {
    if (tokens.repository !== undefined && repository !== undefined) add("names", "", [tokens.repository, ...tokenize(`${repository}\n`)]);
    for (const { path: other, text } of hole.context) add("context", other, [tokens.file, ...tokenize(`${other}\n${text}\n`)]);
    add("names", "", [tokens.file, ...tokenize(`${path}\n`)]);
  }
  if (template.order === "suffix-first") {
    // The middle follows the prefix without a mark, so the text up to the cursor is one piece; the hole still keeps
    // the tokens before it stable.
    add("suffix", "", [tokens.suffix, ...tokenize(hole.suffix)]);
    add("window", "", [tokens.prefix, ...tokenize(hole.window)]);
    add("middle", "", [...tokenize(near), tokens.middle]);
  } else {
    const blank = template.blanks === true ? " " : "";
    add("window", "", [tokens.prefix, ...tokenize(blank + hole.window)]);
    add("suffix", "", [tokens.suffix, ...tokenize(hole.suffix)]);
    add("middle", "", [tokens.middle, ...tokenize(near)]);
  }
  return { tokens: prompt, healed, parts };
}
