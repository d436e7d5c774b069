import type { HealedPrompt } from "./heal.ts";
import type { Suggestion, WritingWork } from "./write.ts";
import { write } from "./write.ts";

/** The two likeliest tokens lie nearer to each other than this where it is worth to branch off. */
const closeCall = 0.15;
/** A token less likely than this leads to nonsense. */
const leastLikely = 0.12;
/** Such places looked at, from the start of the suggestion: each costs an evaluation. */
const mostPlaces = 6;

/**
 * Writes further suggestions: each branches off the first one where the model was least decided, and goes on from there by itself.
 * `healed` are other ways to complete the unfinished word.
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

  const sure = first.written[0]?.probability ?? 1;
  const atWord = healed.map((start) => ({ start, probability: start.pieces[0]?.probability ?? 0, best: sure }));
  const branches = [...atWord, ...(await undecided(work, first))].filter(({ probability }) => probability >= leastLikely);
  const isClose = ({ best, probability }: Branch) => best - probability < closeCall;
  // Close calls in their order, then by how close they were.
  const others = branches.filter((branch) => !isClose(branch)).sort((one, other) => marginOf(one) - marginOf(other));
  for (const { start } of [...branches.filter(isClose), ...others]) if (found.length < most) await follow(start);
  return found;
}

/** Where another suggestion begins, with the probabilities of its first token and of the one that was taken. */
interface Branch {
  readonly start: HealedPrompt;
  readonly probability: number;
  readonly best: number;
}

function marginOf({ best, probability }: Branch): number {
  return best - probability;
}

/** Starts of other suggestions, in the order of the text. */
async function undecided({ model, track, turn, isStop }: WritingWork, first: Suggestion): Promise<readonly Branch[]> {
  const offset = first.written.length - (first.tokens.length - first.start);
  const kept = first.pieces.length;
  const branches: Branch[] = [];
  let looked = 0;
  for (let at = offset; at < kept && looked < mostPlaces; at += 1) {
    const before = first.tokens.slice(0, first.start + at - offset);
    // A token this sure leaves no room for a close second.
    if ((first.written[at]?.probability ?? 1) > 0.5 + closeCall) continue;
    looked += 1;
    const { candidates = [] } = await track.predict(before, { temperature: 0, probability: true, candidates: true }, turn);
    const [best, second] = candidates;
    if (best === undefined || second === undefined || isStop(second.token)) continue;
    const { probability } = second;
    const text = model.textOf([second.token], before.slice(-1));
    // The first bytes of a character show nothing by themselves.
    if (text.includes("\uFFFD")) continue;
    const start = { tokens: [...before, second.token], pieces: [...first.written.slice(0, at), { text, probability }] };
    branches.push({ start, probability, best: best.probability });
  }
  return branches;
}

function textOf(suggestion: Suggestion): string {
  return suggestion.pieces.map(({ text }) => text).join("");
}
