import { UserError } from "#core/base/errors";
import type { Piece } from "#core/completion/confidence";
import { unfinishedPiece } from "#core/completion/healing";
import { type Hole, type HoleLimits, type HoleOptions, openHole, type PlacedHole, placeHole } from "#core/completion/hole";
import { layOutPrompt, type Prompt } from "#core/completion/prompt";
import { findStopTokens, findTemplate } from "#core/completion/templates";
import type { ContextChunk, InfillResult, ParsedInfillRequest } from "#core/contracts/inference";
import { writeBranches } from "./branches.ts";
import { heal } from "./heal.ts";
import type { LanguageModel, Token } from "./language-model.ts";
import type { Queue, Turn } from "./queue.ts";
import type { Track } from "./track.ts";
import { type WritingWork, write } from "./write.ts";

/** Fills in the middle of documents with one model. */
export interface Infill {
  /** Tells each piece as it is written, before the rules have cut anything. */
  infill(request: ParsedInfillRequest, signal: AbortSignal | undefined, onPiece?: (piece: Piece) => void): Promise<InfillResult>;
  /** Evaluates the prompt of a place without writing. */
  prepare(request: ParsedInfillRequest, signal: AbortSignal | undefined): Promise<{ evaluated: number }>;
}

/** A hole with the sequence that holds its prompt. */
interface OpenHole {
  readonly document: string;
  readonly track: Track;
  hole: Hole | undefined;
}

/** Creates an {@link Infill}; each track keeps one hole warm. Throws NO_FIM_TOKENS for a model that cannot fill in. */
export function createInfill(model: LanguageModel, tracks: readonly Track[], limits: HoleLimits, queue: Queue): Infill {
  const template = findTemplate((text) => model.special(text));
  if (template === undefined)
    throw new UserError(
      "NO_FIM_TOKENS",
      `${model.name} cannot fill in code: its vocabulary has no tokens for that.`,
      "Choose a code model for ghost text, for example Qwen2.5-Coder.",
    );
  const stops = findStopTokens((text) => model.special(text));
  const isStop = (token: Token) => stops.has(token) || model.isEnd(token) || model.isControl(token);
  const count = (text: string) => model.tokenize(text).length;
  /** Most recently used last. */
  let open: OpenHole[] = tracks.map((track) => ({ document: "", track, hole: undefined }));

  function optionsOf({ layout, context }: ParsedInfillRequest): HoleOptions {
    return {
      limits,
      layout,
      context: withinBudget(context, limits.context, count),
      count,
      unfinished: (text) => (layout.healing ? unfinishedPiece(text, model.preTokenizer) : ""),
    };
  }

  /** The hole of a document where the cursor still is, else the one to be opened anew: the document's own, or the one unused for longest. */
  function place(request: ParsedInfillRequest, options: HoleOptions): { opened: OpenHole; placed: PlacedHole } {
    const own = open.filter(({ document }) => document === request.document).reverse();
    for (const opened of own) {
      const placed = placeHole(opened.hole, request.prefix, request.suffix, options);
      if (!placed.moved) return { opened: use(opened), placed };
    }
    const [newest] = own;
    const opened = newest ?? (open[0] as OpenHole);
    return { opened: use(opened), placed: placeHole(newest?.hole, request.prefix, request.suffix, options) };
  }

  function use(opened: OpenHole): OpenHole {
    open = [...open.filter((one) => one !== opened), opened];
    return opened;
  }

  /** Gives the track of an opened hole to the document. */
  function take(opened: OpenHole, document: string, hole: Hole): OpenHole {
    const taken = { document, track: opened.track, hole };
    open = open.map((one) => (one === opened ? taken : one));
    return taken;
  }

  function layOut({ path, repository, layout }: ParsedInfillRequest, { hole, middle }: PlacedHole, { unfinished }: HoleOptions): Prompt {
    const place = { hole, middle, healed: unfinished(middle), path, repository, names: layout.names };
    return layOutPrompt(template as NonNullable<typeof template>, model, place);
  }

  async function inTurn<T>(request: ParsedInfillRequest, signal: AbortSignal | undefined, run: (turn: Turn) => Promise<T>): Promise<T> {
    const turn = await queue.enter(request.priority, signal);
    try {
      return await run(turn);
    } finally {
      turn.leave();
    }
  }

  return {
    infill: (request, signal, onPiece = () => {}) =>
      inTurn(request, signal, async (turn) => {
        const options = optionsOf(request);
        const { opened, placed } = place(request, options);
        const { track } = take(opened, request.document, placed.hole);
        return fillIn(request, { model, track, turn, isStop, onPiece }, layOut(request, placed, options));
      }),

    prepare: (request, signal) =>
      inTurn(request, signal, async (turn) => {
        const options = optionsOf(request);
        const { opened, placed } = placeAhead(request, options);
        const { track } = take(opened, request.document, placed.hole);
        const before = track.evaluated;
        const { tokens, healed } = layOut(request, placed, options);
        // What a first key needs: everything read, and what may follow known.
        await heal({ model, track, tokens, healed, isStop, turn, keepsDepth: request.keepsDepth });
        return { evaluated: track.evaluated - before };
      }),
  };

  /**
   * Where to prepare: in the open hole while the cursor has room in it, else in a new one on another sequence, so that the old one
   * answers until the new one is read.
   */
  function placeAhead(request: ParsedInfillRequest, options: HoleOptions): { opened: OpenHole; placed: PlacedHole } {
    const own = open.filter(({ document }) => document === request.document).reverse();
    for (const opened of own) {
      const placed = placeHole(opened.hole, request.prefix, request.suffix, options);
      if (!placed.moved && sameContext(placed.hole.context, options.context) && count(placed.middle) <= limits.middle / 2)
        return { opened: use(opened), placed };
    }
    const [oldest, second] = open as [OpenHole, OpenHole | undefined];
    const opened = oldest === own[0] && second !== undefined ? second : oldest;
    return { opened: use(opened), placed: openHole(request.prefix, request.suffix, options) };
  }
}

async function fillIn(
  request: ParsedInfillRequest,
  { model, track, turn, isStop, onPiece }: Pick<WritingWork, "model" | "track" | "turn" | "isStop" | "onPiece">,
  { tokens: prompt, healed, parts }: Prompt,
): Promise<InfillResult> {
  const from = performance.now();
  const evaluatedBefore = track.evaluated;
  const waitedBefore = turn.waited;
  const { shape, prefix, suffix, thresholds, maxTokens, blockMilliseconds } = request;
  const place = shape === "ahead" ? undefined : { shape, prefix, suffix, thresholds, maxTokens };
  const work: WritingWork = { model, track, isStop, turn, place, maxTokens, blockMilliseconds, onPiece };

  const [first, ...ways] = await heal(
    { model, track, tokens: prompt, healed, isStop, turn, keepsDepth: request.keepsDepth },
    request.alternatives,
  );
  const start = first ?? { tokens: prompt, pieces: [] };
  // Reading ends with the first prediction; what is written then is generated.
  await track.predict(start.tokens, { temperature: 0, probability: true, candidates: false }, turn);
  const evaluated = track.evaluated - evaluatedBefore;
  const began = performance.now();
  const readMilliseconds = began - from - (turn.waited - waitedBefore);
  const suggestion = await write(work, start);
  const others =
    request.alternatives > 1 ? await writeBranches({ ...work, onPiece: () => {} }, suggestion, ways, request.alternatives - 1) : [];
  const generating = performance.now() - began;
  const computed = track.evaluated - evaluatedBefore - evaluated;
  return {
    pieces: [...suggestion.pieces],
    written: [...suggestion.written],
    doubted: suggestion.doubted,
    ended: suggestion.ended,
    tokens: {
      prompt: start.tokens.length,
      reused: Math.max(0, start.tokens.length - evaluated),
      evaluated,
      generated: suggestion.written.length,
    },
    stop: suggestion.stop,
    alternatives: others.map(({ pieces, doubted, stop }) => ({ pieces: [...pieces], doubted, stop })),
    parts: [...parts],
    // Tokens that were known from before say nothing about speed.
    ...(computed > 3 ? { tokensPerSecond: (computed * 1000) / generating } : {}),
    milliseconds: { waiting: turn.waited, evaluating: readMilliseconds, generating },
  };
}

/** The newest chunks that fit; a chunk is left out whole. */
function withinBudget(context: readonly ContextChunk[], most: number, count: (text: string) => number): readonly ContextChunk[] {
  const kept: ContextChunk[] = [];
  let left = most;
  for (const chunk of [...context].reverse()) {
    const tokens = count(`${chunk.path}\n${chunk.text}\n`) + 1;
    if (tokens > left) continue;
    left -= tokens;
    kept.unshift(chunk);
  }
  return kept;
}

function sameContext(one: readonly ContextChunk[], other: readonly ContextChunk[]): boolean {
  return one.length === other.length && one.every(({ path, text }, index) => path === other[index]?.path && text === other[index]?.text);
}
