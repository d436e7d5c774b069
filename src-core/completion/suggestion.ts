import type { HiddenReason } from "../contracts/completion.ts";
import { meanProbability, type Piece } from "./confidence.ts";
import { indentationOf, lineEndOf, withIndentation, withLineEnds } from "./lines.ts";
import { closeBlock, fitToSuffix, withoutRepeatedStart } from "./overlap.ts";

/** A place in a document: its text as it is, and as the model reads it, with `\n` line ends. */
export interface SuggestionPlace {
  readonly prefix: string;
  readonly suffix: string;
  readonly documentPrefix: string;
  readonly documentSuffix: string;
}

/** Exactly what is to be inserted at a place, or why nothing is. */
export interface FittedSuggestion {
  readonly text: string;
  /** UTF-16 units right of the cursor that the text replaces. */
  readonly replaces: number;
  /** Geometric mean of the probabilities, 0 to 1. */
  readonly confidence: number;
  readonly hidden: HiddenReason | undefined;
}

/** Makes what was written exactly what is to be inserted. */
export function fitSuggestion(
  { pieces: kept, doubted }: { readonly pieces: readonly Piece[]; readonly doubted: boolean },
  place: SuggestionPlace,
): FittedSuggestion {
  const { prefix, suffix, documentPrefix, documentSuffix } = place;
  const confidence = meanProbability(kept);
  const nothing = (hidden: HiddenReason): FittedSuggestion => ({ text: "", replaces: 0, confidence, hidden });

  const text = withoutRepeatedStart(textOf(kept).trimEnd(), prefix);
  if (text === "") return nothing(doubted ? "uncertain" : "empty");
  const fitted = closeBlock(fitToSuffix(text, prefix, suffix), prefix, suffix);
  if (fitted.text.trim() === "") return nothing("repeats-suffix");
  const indented = withIndentation(fitted.text, indentationOf(prefix) ?? indentationOf(suffix));
  return {
    text: withLineEnds(indented, lineEndOf(documentPrefix, documentSuffix)),
    replaces: fitted.replaces,
    confidence,
    hidden: undefined,
  };
}

/** The text of pieces. */
export function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}
