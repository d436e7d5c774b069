import type { Piece } from "./confidence.ts";
import { isSameSuffix } from "./hole.ts";
import { createWriting, type WritingPlace, type Written } from "./writing.ts";

/** A text the model wrote at a place, as it came: no rule has cut it. */
export interface KnownText {
  readonly prefix: string;
  readonly suffix: string;
  readonly pieces: readonly Piece[];
  /** True when the model itself ended there, so that nothing more is to come. */
  readonly ended: boolean;
}

/**
 * Texts the model wrote for one document. Typing along one of them, going back and typing again are answered from here; the
 * rules are those of a fresh request at the cursor, so the answer is the one a fresh request would give.
 */
export interface KnownTexts {
  add(text: KnownText): void;
  /** Nothing where the known text ends before the rules of the place are met. */
  find(place: WritingPlace): Written | undefined;
  /** The longest text that is known to come behind a place. */
  ahead(prefix: string, suffix: string): Pick<KnownText, "pieces" | "ended">;
}

/** A burst leaves a handful of texts behind; older ones are rarely gone back to. */
const mostTexts = 64;

/** Creates {@link KnownTexts}. */
export function createKnownTexts(): KnownTexts {
  /** Newest first. */
  let texts: readonly KnownText[] = [];
  return {
    add(text) {
      const others = texts.filter(({ prefix, suffix }) => prefix !== text.prefix || suffix !== text.suffix);
      texts = [text, ...others].slice(0, mostTexts);
    },
    find(place) {
      for (const text of texts) {
        const left = leftOf(text, place);
        const answer = left && answerOf(left, text.ended, place);
        if (answer !== undefined) return answer;
      }
      return undefined;
    },
    ahead(prefix, suffix) {
      let longest: Pick<KnownText, "pieces" | "ended"> = { pieces: [], ended: false };
      for (const text of texts) {
        const left = leftOf(text, { prefix, suffix });
        if (left === undefined || left.pieces.length < longest.pieces.length) continue;
        longest = { pieces: left.pieces, ended: text.ended || longest.ended };
      }
      return longest;
    },
  };
}

/** The pieces behind the cursor, when what was typed since is the beginning of the text. */
function leftOf(
  { prefix, suffix, pieces }: KnownText,
  place: Pick<WritingPlace, "prefix" | "suffix">,
): { pieces: readonly Piece[]; torn: boolean } | undefined {
  if (!place.prefix.startsWith(prefix) || !isSameSuffix(place.suffix, suffix)) return undefined;
  let typed = place.prefix.slice(prefix.length);
  for (const [index, { text, probability }] of pieces.entries()) {
    if (typed === "") return { pieces: pieces.slice(index), torn: false };
    if (text.length > typed.length) {
      if (!text.startsWith(typed)) return undefined;
      const rest = { text: text.slice(typed.length), probability };
      return { pieces: [rest, ...pieces.slice(index + 1)], torn: true };
    }
    if (!typed.startsWith(text)) return undefined;
    typed = typed.slice(text.length);
  }
  return typed === "" ? { pieces: [], torn: false } : undefined;
}

function answerOf({ pieces, torn }: { pieces: readonly Piece[]; torn: boolean }, ended: boolean, place: WritingPlace): Written | undefined {
  const written = judge(pieces, ended, place);
  if (written === undefined) return undefined;
  if (torn && place.thresholds !== undefined) {
    // A piece that is partly typed is surer than it was, by how much only the model can tell: where that decides, it is asked.
    const [first, ...others] = pieces;
    const sure = first && judge([{ ...first, probability: 1 }, ...others], ended, place);
    if (sure === undefined || sure.pieces.length !== written.pieces.length) return undefined;
  }
  return written;
}

function judge(pieces: readonly Piece[], ended: boolean, place: WritingPlace): Written | undefined {
  const writing = createWriting(place);
  for (const piece of pieces) {
    const written = writing.push(piece);
    if (written !== undefined) return written;
  }
  return ended ? writing.end("end") : undefined;
}
