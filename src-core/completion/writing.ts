import type { StopReason } from "../contracts/common.ts";
import { confidentPieces, cutPieces, type Piece, type Thresholds } from "./confidence.ts";
import { createStopRules, type StopPlace } from "./stops.ts";

/** Where something is written, and what ends it. */
export interface WritingPlace extends StopPlace {
  /** Without thresholds everything the model says is kept. */
  readonly thresholds: Thresholds | undefined;
  readonly maxTokens: number;
}

/** What is kept of a text, and why it ended there. */
export interface Written {
  readonly pieces: readonly Piece[];
  readonly stop: StopReason;
  /** True when doubt took something away. */
  readonly doubted: boolean;
}

/** Watches a suggestion grow and says when it is complete. */
export interface Writing {
  /** Adds a piece; answers the whole once nothing more is wanted. */
  push(piece: Piece): Written | undefined;
  /** Ends the suggestion for a reason from outside, and answers what of it may stand. */
  end(reason: "end" | "time"): Written;
}

/** Creates the {@link Writing} of one suggestion. */
export function createWriting({ thresholds, maxTokens, ...place }: WritingPlace): Writing {
  const rules = createStopRules(place);
  let pieces: readonly Piece[] = [];
  let text = "";

  return {
    push(piece) {
      pieces = [...pieces, piece];
      text += piece.text;
      const met = rules.judge(text, false);
      if (met !== undefined) return confident(cutPieces(pieces, met.keep), met.reason);
      if (surePieces(pieces) < pieces.length) return end("end");
      return pieces.length >= maxTokens ? { pieces, stop: "limit", doubted: false } : undefined;
    },
    end,
  };

  function end(reason: "end" | "time"): Written {
    const met = rules.judge(text, reason === "end");
    return confident(met === undefined ? pieces : cutPieces(pieces, met.keep), reason);
  }

  function confident(some: readonly Piece[], stop: StopReason): Written {
    const sure = surePieces(some);
    return { pieces: some.slice(0, sure), stop, doubted: sure < some.length };
  }

  function surePieces(some: readonly Piece[]): number {
    return thresholds === undefined ? some.length : confidentPieces(some, thresholds);
  }
}
