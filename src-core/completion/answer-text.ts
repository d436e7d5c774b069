import type { StopReason } from "../contracts/common.ts";
import { countsOn } from "./counting.ts";
import { codeAtEnd, isLooping } from "./loops.ts";

/** Takes the growing text of an answer and gives out what is certain to belong to it. */
export interface AnswerText {
  /** Adds a piece; `text` may be given out, and `stopped` says that the answer is complete. */
  push(piece: string): { readonly text: string; readonly stopped: StopReason | undefined };
  /** What was held back for a stop text that did not come; nothing after a stop. */
  finish(stop: StopReason | undefined): string;
}

/**
 * Creates an {@link AnswerText}. The end of the text is held back while it may be the beginning of a stop text. Text in a
 * loop stops it, and so does code that only counts, unless the request itself repeats in that way.
 * @param prefix what the answer is made to begin with
 */
export function createAnswerText(stops: readonly string[], request: string, prefix = ""): AnswerText {
  const wanted = stops.filter((stop) => stop !== "");
  let all = "";
  let given = 0;
  let ended = false;

  return {
    push(piece) {
      if (ended) return { text: "", stopped: "end" };
      const searchFrom = Math.max(given, all.length - longest(wanted));
      all += piece;
      const at = firstOf(all, wanted, searchFrom);
      if (at !== undefined) {
        ended = true;
        return { text: take(at), stopped: "end" };
      }
      const text = take(all.length - heldBack(all, wanted));
      if (isLooping(all, request, prefix) || (piece.includes("\n") && countsOn(codeAtEnd(prefix + all) ?? "", request))) {
        ended = true;
        return { text, stopped: "repeat" };
      }
      return { text, stopped: undefined };
    },
    finish(stop) {
      const rest = ended && stop !== "repeat" ? "" : all.slice(given);
      given = all.length;
      return rest;
    },
  };

  function take(end: number): string {
    const text = all.slice(given, Math.max(given, end));
    given = Math.max(given, end);
    return text;
  }
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0);
}

function firstOf(text: string, wanted: readonly string[], from: number): number | undefined {
  let first: number | undefined;
  for (const stop of wanted) {
    const at = text.indexOf(stop, from);
    if (at >= 0 && (first === undefined || at < first)) first = at;
  }
  return first;
}

/** How many characters at the end may be the beginning of a stop text. */
function heldBack(text: string, wanted: readonly string[]): number {
  let held = 0;
  for (const stop of wanted) {
    for (let length = Math.min(stop.length - 1, text.length); length > held; length -= 1) {
      if (text.endsWith(stop.slice(0, length))) {
        held = length;
        break;
      }
    }
  }
  return held;
}
