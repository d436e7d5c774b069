import { UserError } from "#core/base/errors";
import { confidentPieces, cutPieces, type Piece } from "#core/completion/confidence";
import { chooseHealed, fitsHealing } from "#core/completion/healing";
import { type Hole, type HoleLimits, placeHole } from "#core/completion/hole";
import { layOutPrompt } from "#core/completion/prompt";
import { createStopRules } from "#core/completion/stops";
import { findStopTokens, findTemplate } from "#core/completion/templates";
import { createTokenText } from "#core/completion/token-text";
import type { StopReason } from "#core/contracts/common";
import type { InfillRequest, InfillResult } from "#core/contracts/inference";
import type { LanguageModel, Token } from "./language-model.ts";
import type { Queue, Turn } from "./queue.ts";
import type { Track } from "./track.ts";

/** Fills in the middle of documents with one model. */
export type Infill = (request: InfillRequest, signal: AbortSignal | undefined) => Promise<InfillResult>;

interface OpenDocument {
  readonly document: string;
  readonly track: Track;
  hole: Hole | undefined;
}

/** Creates an {@link Infill}; each track keeps one document warm. Throws NO_FIM_TOKENS for a model that cannot fill in. */
export function createInfill(model: LanguageModel, tracks: readonly Track[], limits: HoleLimits, queue: Queue): Infill {
  const template = findTemplate((text) => model.special(text));
  if (template === undefined)
    throw new UserError(
      "NO_FIM_TOKENS",
      `${model.name} cannot fill in code: its vocabulary has no tokens for that.`,
      "Choose a code model for ghost text, for example Qwen2.5-Coder.",
    );
  const stops = findStopTokens((text) => model.special(text));
  const isStop = (token: Token) => stops.has(token) || model.isEnd(token);
  /** Most recently used last. */
  let open: OpenDocument[] = tracks.map((track) => ({ document: "", track, hole: undefined }));

  /** The track of a document; the one unused for longest is given to a new one. */
  function openDocument(document: string): OpenDocument {
    const found = open.find((one) => one.document === document);
    const chosen = found ?? { document, track: (open[0] as OpenDocument).track, hole: undefined };
    open = [...open.filter((one) => one.track !== chosen.track), chosen];
    return chosen;
  }

  return async (request, signal) => {
    const turn = await queue.enter(request.priority, signal);
    try {
      const opened = openDocument(request.document);
      const count = (text: string) => model.tokenize(text).length;
      const { hole, middle } = placeHole(opened.hole, request.prefix, request.suffix, limits, count);
      opened.hole = hole;
      const { tokens, healed } = layOutPrompt(template, model, { hole, middle, path: request.path, repository: request.repository });
      return await write({ model, request, track: opened.track, tokens: [...tokens], healed, isStop, turn });
    } finally {
      turn.leave();
    }
  };
}

interface Work {
  readonly model: LanguageModel;
  readonly request: InfillRequest;
  readonly track: Track;
  /** The prompt; what is written is appended. */
  readonly tokens: Token[];
  readonly healed: string;
  readonly isStop: (token: Token) => boolean;
  readonly turn: Turn;
}

async function write(work: Work): Promise<InfillResult> {
  const { model, request, track, tokens, turn } = work;
  const from = performance.now();
  const evaluatedBefore = track.evaluated;
  const waitedBefore = turn.waited;
  const first = await heal(work);
  const prompt = tokens.length;
  const rules = createStopRules(request);
  const tokenText = createTokenText((some, before) => model.textOf(some, before), tokens);
  let pieces: readonly Piece[] = first;
  let text = pieces.map((piece) => piece.text).join("");
  let evaluated: number | undefined;
  let generating = 0;
  let firstLine: number | undefined;
  let generated = first.length;
  let stop: StopReason | undefined;

  while (stop === undefined) {
    const prediction = await track.predict(tokens, { temperature: 0, probability: true, candidates: false }, turn);
    evaluated ??= track.evaluated - evaluatedBefore;
    if (generating === 0) generating = performance.now();
    if (work.isStop(prediction.token)) {
      stop = "end";
      break;
    }
    tokens.push(prediction.token);
    generated += 1;
    const piece = { text: tokenText.push(prediction.token), probability: prediction.probability };
    pieces = [...pieces, piece];
    text += piece.text;
    // Behind an opener the first line end comes before the first line.
    if (firstLine === undefined && text.trimStart().includes("\n")) firstLine = performance.now();

    const met = rules.judge(text, false);
    if (met !== undefined) {
      stop = met.reason;
      pieces = cutPieces(pieces, met.keep);
    } else if (request.thresholds !== undefined && confidentPieces(pieces, request.thresholds) < pieces.length) {
      // Not cut here: what is shown of doubtful text is for the completion service to say.
      stop = "end";
    } else if (generated >= request.maxTokens || tokens.length >= track.contextSize - 2) {
      stop = "limit";
    } else if (firstLine !== undefined && piece.text.includes("\n") && performance.now() - firstLine > request.blockMilliseconds) {
      stop = "time";
    }
  }
  if (stop === "end" || stop === "time") {
    const met = rules.judge(text, stop === "end");
    if (met !== undefined) pieces = cutPieces(pieces, met.keep);
  }
  const now = performance.now();
  const computed = track.evaluated - evaluatedBefore - (evaluated ?? 0);
  const began = generating === 0 ? now : generating;
  return {
    pieces: [...pieces],
    tokens: { prompt, reused: Math.max(0, prompt - (evaluated ?? 0)), evaluated: evaluated ?? 0, generated },
    stop,
    // Tokens that were known from before say nothing about speed.
    ...(computed > 3 ? { tokensPerSecond: (computed * 1000) / (now - began) } : {}),
    milliseconds: { waiting: turn.waited, evaluating: began - from - (turn.waited - waitedBefore), generating: now - began },
  };
}

/** Lets the model write again what was taken back, and answers what it wrote beyond that. */
async function heal({ model, track, tokens, healed, isStop, turn }: Work): Promise<readonly Piece[]> {
  const textOf = (token: Token) => model.textOf([token], tokens.slice(-1));
  async function chooseNext(needed: string) {
    // Typing along what was suggested: the likeliest of all tokens, where it fits, is the likeliest of those that fit.
    const known = track.known(tokens);
    if (known !== undefined && !isStop(known.token) && fitsHealing(textOf(known.token), needed))
      return { ...known, text: textOf(known.token) };
    const { candidates = [] } = await track.predict(tokens, { temperature: 0, probability: true, candidates: true }, turn);
    return chooseHealed(
      candidates.filter(({ token }) => !isStop(token)),
      needed,
      textOf,
    );
  }

  let needed = healed;
  while (needed !== "") {
    const chosen = await chooseNext(needed);
    if (chosen === undefined) {
      // Nothing likely fits (half a character, a rare symbol): read it as it stands.
      tokens.push(...model.tokenize(needed));
      return [];
    }
    tokens.push(chosen.token);
    if (chosen.text.length > needed.length) return [{ text: chosen.text.slice(needed.length), probability: chosen.probability }];
    needed = needed.slice(chosen.text.length);
  }
  return [];
}
