import type { HealedPrompt } from "./heal.ts";
import type { Suggestion, WritingWork } from "./write.ts";
import { write } from "./write.ts";

/** The two likeliest tokens lie nearer to each other than this where it is worth to branch off. */
const closeCall = 0.15;
/** Such places looked at, from the start of the suggestion: each costs an evaluation. */
const mostPlaces = 6;

/**
 * Writes further suggestions: each branches off the first one where the model was least decided, and goes on from there by itself.
 * `healed` are other ways to complete the unfinished word, which come first.
 */
export async function writeBranches(
  work: WritingWork,
  first: Suggestion,
  healed: readonly HealedPrompt[],
  most: number,
): Promise<readonly Suggestion[]> {
  const texts = new Set([textOf(first)]);
  const found: Suggestion[] = [];

  async function follow(start: HealedPrompt): Promise<void> {
    const suggestion = await write(work, start);
    const text = textOf(suggestion);
    if (text.trim() === "" || texts.has(text)) return;
    texts.add(text);
    found.push(suggestion);
  }

  for (const start of healed) if (found.length < most) await follow(start);
  for (const start of found.length < most ? await undecided(work, first) : []) if (found.length < most) await follow(start);
  return found;
}

/** Starts of other suggestions: close calls in their order, then by how close they were. */
async function undecided({ model, track, turn, isStop }: WritingWork, first: Suggestion): Promise<readonly HealedPrompt[]> {
  const offset = first.written.length - (first.tokens.length - first.start);
  const kept = first.pieces.length;
  const starts: { start: HealedPrompt; margin: number; close: boolean }[] = [];
  let looked = 0;
  for (let at = offset; at < kept && looked < mostPlaces; at += 1) {
    const before = first.tokens.slice(0, first.start + at - offset);
    // A token this sure leaves no room for a close second.
    if ((first.written[at]?.probability ?? 1) > 0.5 + closeCall) continue;
    looked += 1;
    const { candidates = [] } = await track.predict(before, { temperature: 0, probability: true, candidates: true }, turn);
    const [best, second] = candidates;
    if (best === undefined || second === undefined || isStop(second.token)) continue;
    const margin = best.probability - second.probability;
    const piece = { text: model.textOf([second.token], before.slice(-1)), probability: second.probability };
    // The first bytes of a character show nothing by themselves.
    if (piece.text.includes("\uFFFD")) continue;
    starts.push({
      start: { tokens: [...before, second.token], pieces: [...first.written.slice(0, at), piece] },
      margin,
      close: margin < closeCall,
    });
  }
  const later = starts.filter(({ close }) => !close).sort((one, other) => one.margin - other.margin);
  return [...starts.filter(({ close }) => close), ...later].map(({ start }) => start);
}

function textOf(suggestion: Suggestion): string {
  return suggestion.pieces.map(({ text }) => text).join("");
}
