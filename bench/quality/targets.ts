import type { AssistAnswer } from "#core/contracts/assist";
import type { Ours } from "./ours.ts";
import type { Plain, PlainAnswer } from "./plain.ts";
import type { Outcome } from "./store.ts";

/** A target of a part, and how the two subjects do at it. */
export interface Target {
  readonly id: string;
  ours(ours: Ours): Promise<Outcome>;
  plain(plain: Plain): Promise<Outcome>;
}

/** Whole lines of a text, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What one press means: the definition around the cursor, which stands in the line that defines the name. */
export async function onePress({ assist }: Pick<Ours, "assist">, text: string, name: string, languageId = "python"): Promise<Range> {
  const offset = text.search(new RegExp(`^[ \\t]*(?:async )?(?:def|class) ${name}\\b`, "m"));
  const found = await assist.definitionAround({ languageId, text, offset: Math.max(0, offset) });
  return found ?? { start: 0, end: text.length };
}

/** The text with another part in it. */
export function replaced(text: string, { start, end }: Range, part: string): string {
  return text.slice(0, start) + part + text.slice(end);
}

/** True when two texts differ in more than blanks and comments. */
export function differs(one: string, other: string): boolean {
  const bare = (text: string) =>
    text
      .replace(/^\s*#.*$/gm, "")
      .replace(/\s+/g, " ")
      .trim();
  return bare(one) !== bare(other);
}

/** As many items, spread evenly. */
export function some<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]).filter(
    (item) => item !== undefined,
  );
}

/** What can be kept of ours. */
export function outcome(answer: AssistAnswer, changed: boolean, right: boolean): Outcome {
  const { doubts, tokens, milliseconds, text } = answer;
  return {
    offered: changed && !doubts.some(({ blocks }) => blocks),
    doubts: doubts.map(({ kind }) => kind),
    right,
    generated: tokens.generated,
    seconds: milliseconds / 1000,
    text,
  };
}

/** A plain answer is always offered: nobody looks at it. */
export function plainOutcome({ code, generated, seconds }: PlainAnswer, changed: boolean, right: boolean): Outcome {
  return { offered: changed, doubts: [], right, generated, seconds, text: code };
}
