import { UserError } from "../base/errors.ts";
import type { SeenPiece } from "../contracts/sessions.ts";

/** What a prompt is made of, and what found no place in it. */
export interface Budget {
  readonly taken: readonly SeenPiece[];
  readonly leftOut: readonly SeenPiece[];
  /** Tokens kept free for the answer. */
  readonly answer: number;
  /** Tokens of the model's window. */
  readonly window: number;
}

/** A part that may be there in full, in part, or not at all: whole lines are taken from the one nearest to the selection. */
export interface OptionalLines {
  readonly id?: string;
  readonly name: string;
  readonly reason: string;
  readonly lines: readonly string[];
  readonly nearest: "first" | "last";
  /** No more tokens than this, even where there is room. */
  readonly most: number;
  /** Why none of it is wanted. */
  readonly whyNot?: string;
  /** Where the lines stand: the file, and the number of the first one. */
  readonly place?: { readonly path: string; readonly from: number };
}

/** As many of the lines as fit, whole ones only, and what is left out. `count` may estimate, if it never counts too little. */
export function takeLines(
  { id, name, reason, lines, nearest, most, whyNot, place }: OptionalLines,
  room: number,
  count: (text: string) => number,
): { readonly lines: readonly string[]; readonly taken: SeenPiece[]; readonly leftOut: SeenPiece[] } {
  const order = nearest === "first" ? lines : [...lines].reverse();
  const limit = Math.min(room, most);
  let tokens = 0;
  let number = 0;
  while (whyNot === undefined && number < order.length && tokens + count(order[number] as string) <= limit)
    tokens += count(order[number++] as string);
  const rest = order.slice(number);
  const piece = (of: readonly string[], skipped: number, why: string): SeenPiece[] =>
    of.length === 0
      ? []
      : [
          {
            ...(id !== undefined && { id }),
            name: `${name}, ${of.length === 1 ? "1 line" : `${of.length} lines`}`,
            ...sourceOf(place, nearest === "first" ? skipped : lines.length - skipped - of.length, of.length),
            tokens: of.reduce((sum, line) => sum + count(line), 0),
            reason: why,
          },
        ];
  return {
    lines: nearest === "first" ? order.slice(0, number) : order.slice(0, number).reverse(),
    taken: piece(order.slice(0, number), 0, reason),
    leftOut: piece(rest, number, whyNot ?? (room < most ? "no room" : "too far from the selection")),
  };
}

function sourceOf(place: OptionalLines["place"], skipped: number, count: number): Pick<SeenPiece, "source"> {
  return place === undefined ? {} : { source: `${place.path}:${place.from + skipped}-${place.from + skipped + count - 1}` };
}

/** An upper estimate of tokens without a model: code has about three characters a token, other scripts about one. */
export function estimateTokens(text: string): number {
  const wide = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  return Math.ceil((text.length - wide) / 2.5) + wide * 2;
}

/**
 * Throws SELECTION_TOO_LONG, with counts and how much less would fit, when a selection and the answer to it do not fit into the window
 * together. @param lines of the selection @param most tokens of a selection that is written anew
 */
export function requireRoom({
  selection,
  rest,
  answer,
  window,
  lines,
  most = Number.POSITIVE_INFINITY,
}: {
  selection: number;
  rest: number;
  answer: number;
  window: number;
  lines: number;
  most?: number;
}): void {
  if (selection + rest + answer <= window) return;
  throw new UserError(
    "SELECTION_TOO_LONG",
    `The selection has ${selection} tokens. With ${rest} for the instructions and ${answer} for the answer that is more than the ${window} the model takes.`,
    // An answer may be as long as what was selected, or have its length by itself.
    `${selectFewer(lines, Math.min((window - rest - answer) / selection, (window - rest) / (selection + answer), most / selection))}, or set localcoder.inference.contextSize higher.`,
  );
}

/** A share of the room that counting by lines may miss. */
const safety = 0.9;

/** How many lines to select instead; `share` is the part of them that fits. */
export function selectFewer(lines: number, share: number): string {
  const fitting = Math.floor(lines * share * safety);
  return fitting < 1 || lines <= 1 ? "Select less" : `Select about ${fitting} of the ${lines} lines`;
}

/** What the model was not given, in a sentence for the history; what it was given is kept with the answer. */
export function describeLeftOut(leftOut: readonly SeenPiece[]): string {
  return `Left out: ${leftOut.map(({ name, tokens, reason }) => `${name} (${tokens} tokens, ${reason})`).join("; ")}.`;
}
