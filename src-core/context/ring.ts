import type { ContextChunk } from "../contracts/inference.ts";
import { estimateTokens } from "./budget.ts";
import { isDistinct, type Neighbourhood } from "./neighbourhood.ts";
import { identifiersOf } from "./words.ts";

/** A piece of text from another place that may stand before a document in the prompt. */
export interface Chunk {
  /** What it is a piece of: a newer one with the same key takes its place. */
  readonly key: string;
  /** As the prompt names it. */
  readonly path: string;
  readonly text: string;
  /** The file the text is from, where the prompt calls it something else. */
  readonly from?: string;
  /** True: what it defines is named near the cursor or imported, so it is wanted without a look at its words. */
  readonly named: boolean;
}

/** How much a ring holds. */
export interface RingLimits {
  readonly chunks: number;
  /** Tokens in all, estimated. */
  readonly tokens: number;
  /** Tokens of one chunk, estimated. */
  readonly chunkTokens: number;
}

/** A processor reads some hundred tokens a second: there, context is what a signature says and little more. */
export const ringLimits: Readonly<Record<"cpu" | "gpu", RingLimits>> = {
  cpu: { chunks: 6, tokens: 320, chunkTokens: 120 },
  gpu: { chunks: 16, tokens: 1600, chunkTokens: 400 },
};

/** Lines of a chunk at most. */
export const chunkLines = 32;
/** How far over its limits a ring may grow before the oldest chunks go, several at once. */
const overfull = 1.25;

/**
 * The ring for a cursor that has moved on: candidates come in the order of their worth, and those that are worth it are appended,
 * the best last. What was there stays where it was, so that the model need not read it again; the same ring comes back where
 * nothing changes.
 */
export function nextRing(ring: readonly Chunk[], candidates: readonly Chunk[], place: Neighbourhood, limits: RingLimits): readonly Chunk[] {
  const wanted: Chunk[] = [];
  let tokens = 0;
  for (const candidate of candidates) {
    if (wanted.length >= limits.chunks) break;
    const held = ring.find((chunk) => isSame(chunk, candidate));
    if (held === undefined && !isWorthIt(candidate, place)) continue;
    if (isInWindow(candidate, place) || wanted.some((chunk) => chunk.key === candidate.key || isAlike(chunk, candidate))) continue;
    const cost = costOf(candidate);
    if (cost > limits.chunkTokens * overfull || tokens + cost > limits.tokens) continue;
    tokens += cost;
    wanted.push(held ?? candidate);
  }
  const added = wanted.filter((chunk) => !ring.includes(chunk)).reverse();
  const kept = ring.filter(
    (chunk) =>
      wanted.includes(chunk) || (!isInWindow(chunk, place) && !wanted.some((newer) => newer.key === chunk.key || isAlike(chunk, newer))),
  );
  if (added.length === 0 && kept.length === ring.length) return ring;
  return withinLimits([...kept, ...added], wanted, limits);
}

/** Over the limits, the oldest of those that are not wanted now go until it is within them again. */
function withinLimits(ring: readonly Chunk[], wanted: readonly Chunk[], limits: RingLimits): readonly Chunk[] {
  const tokensOf = (chunks: readonly Chunk[]) => chunks.reduce((sum, chunk) => sum + costOf(chunk), 0);
  if (ring.length <= limits.chunks * overfull && tokensOf(ring) <= limits.tokens * overfull) return ring;
  let left = ring;
  for (const chunk of ring) {
    if (left.length <= limits.chunks && tokensOf(left) <= limits.tokens) break;
    if (!wanted.includes(chunk)) left = left.filter((other) => other !== chunk);
  }
  return left;
}

/** A ring as a prompt takes it: neighbours from the same file are one piece. */
export function chunksOf(ring: readonly Chunk[]): readonly ContextChunk[] {
  const chunks: ContextChunk[] = [];
  for (const { path, text } of ring) {
    const last = chunks.at(-1);
    if (last?.path === path) chunks[chunks.length - 1] = { path, text: `${last.text}\n${text}` };
    else chunks.push({ path, text });
  }
  return chunks;
}

/** The whole lines of a text that fit into a chunk, from its start. */
export function cutChunk(text: string, limits: RingLimits): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n").slice(0, chunkLines);
  while (lines.length > 1 && estimateTokens(lines.join("\n")) > limits.chunkTokens) lines.pop();
  return lines.join("\n").trimEnd();
}

function costOf({ path, text }: Chunk): number {
  return estimateTokens(path) + estimateTokens(text);
}

function isSame(one: Chunk, other: Chunk): boolean {
  return one.key === other.key && one.text === other.text;
}

/** True unless the model would see nothing new, or nothing that has to do with where the cursor is. */
function isWorthIt(chunk: Chunk, place: Neighbourhood): boolean {
  const words = identifiersOf(chunk.text);
  if (words.size === 0) return false;
  let known = 0;
  for (const word of words) if (place.words.has(word)) known += 1;
  // What a signature names stands in the window as well: it is worth reading for the one word that does not.
  if (chunk.named) return known < words.size;
  // The more of it stands in the window, the more likely the model is to write it once more.
  return known * 2 <= words.size && place.names.some((name) => words.has(name));
}

/** True for text of the document itself that the model sees anyway. */
function isInWindow(chunk: Chunk, { path, lines }: Neighbourhood): boolean {
  return chunk.path === path && chunk.text.split("\n").some((line) => isDistinct(line.trim()) && lines.has(line.trim()));
}

/** True when nine of ten lines are the same. */
function isAlike(one: Chunk, other: Chunk): boolean {
  const first = new Set(linesOf(one.text));
  const second = new Set(linesOf(other.text));
  let shared = 0;
  for (const line of first) if (second.has(line)) shared += 1;
  return shared > 0.9 * Math.max(first.size, second.size);
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
