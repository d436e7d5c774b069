import type { z } from "zod";
import { UserError } from "#core/base/errors";
import { createAnswerText } from "#core/completion/answer-text";
import { createTokenText } from "#core/completion/token-text";
import type { StopReason } from "#core/contracts/common";
import type { GenerateEvent, generateRequest, ReadAheadRequest } from "#core/contracts/inference";
import { chooseOne } from "./choose-one.ts";
import type { KeptContexts } from "./kept-contexts.ts";
import type { LanguageModel } from "./language-model.ts";
import { createLookup } from "./lookup.ts";
import { createPace, longSlice } from "./pace.ts";
import type { Queue } from "./queue.ts";
import { randomSeed } from "./seed.ts";
import type { Slices, Track } from "./track.ts";

/** A request after parsing. */
type GenerateOptions = z.output<typeof generateRequest>;

/** Answers messages with one model. */
export interface Answers {
  /** A stream that ends with `done`. */
  generate(request: GenerateOptions, signal: AbortSignal | undefined): AsyncGenerator<GenerateEvent, void, void>;
  /** Evaluates what the prompt of an answer to these messages begins with, however the last one goes on. */
  readAhead(request: ReadAheadRequest, signal: AbortSignal | undefined): Promise<{ evaluated: number }>;
  /** Keeps what threads left in the context, before the model goes. */
  keep(): Promise<void>;
}

/** Tokens that keeping a thread is worth at most. */
const mostForThread = 512;

/** Tokens that are guessed at once at most. */
const mostGuesses = 8;

/** An answer shorter than this is not worth beginning. */
const shortestAnswer = 64;

/** Milliseconds after the begin in which nobody stops what they have just asked for, so that it may be read in long slices. */
const sureFor = 2500;

/** Creates {@link Answers}; each track keeps one conversation warm. */
export function createAnswers(model: LanguageModel, tracks: readonly Track[], queue: Queue, kept?: KeptContexts): Answers {
  const longPace = createPace({ milliseconds: longSlice, first: model.graphics ? 256 : 16 });
  /** Least recently used first; a running answer's track is taken only when there is no other. */
  let order = [...tracks];
  const inUse = new Set<Track>();

  /** Tracks that hold a thread: it will go on, while an action is asked once. */
  const threads = new Set<Track>();

  function chooseTrack(tokens: readonly number[], { priority }: Pick<GenerateOptions, "priority">): Track {
    const free = order.filter((track) => !inUse.has(track));
    const choice = free.length > 0 ? free : order;
    // A conversation that goes on, or a prompt with the same instructions, finds its tokens evaluated. What a thread would have to
    // read again speaks against its track, up to a point: of two long ones the one unused for longest goes.
    const worth = (track: Track) => {
      const common = track.common(tokens);
      return common - (threads.has(track) ? Math.min(track.length - common, mostForThread) : 0);
    };
    const best = choice.reduce((one, other) => (worth(other) > worth(one) + 16 ? other : one));
    order = [...order.filter((track) => track !== best), best];
    if (priority === "chat") threads.add(best);
    else threads.delete(best);
    return best;
  }

  async function* generate(request: GenerateOptions, signal: AbortSignal | undefined): AsyncGenerator<GenerateEvent, void, void> {
    const { tokens, stops, ends } = model.renderChat(request.messages);
    tokens.push(...model.tokenize(request.answerPrefix));
    const prompt = tokens.length;
    const contextSize = tracks[0]?.contextSize ?? 0;
    const room = contextSize - prompt - 1;
    const least = Math.min(request.maxTokens, shortestAnswer);
    if (room < least)
      throw new UserError(
        "SELECTION_TOO_LONG",
        `The request has ${prompt} tokens. The model takes ${contextSize}, of which ${least} are kept for the answer.`,
        "Select less, or raise the setting localcoder.inference.contextSize.",
      );
    const limit = Math.min(request.maxTokens, room);
    const track = chooseTrack(tokens, request);
    inUse.add(track);
    const turn = await queue.enter(request.priority, signal).catch((error: unknown) => {
      inUse.delete(track);
      throw error;
    });
    try {
      if (request.slices !== undefined) await track.clear();
      else if (request.priority === "chat") await kept?.takeUp(track, tokens);
      const reused = Math.min(track.common(tokens), prompt - 1);
      const evaluatedBefore = track.evaluated;
      const asked = request.messages.map((message) => message.text).join("\n");
      const answer = createAnswerText([...request.stops, ...stops], asked, request.answerPrefix);
      const tokenText = createTokenText((some, before) => model.textOf(some, before), tokens);
      let generated = 0;
      let stop: StopReason | undefined;
      let began = 0;
      let waitedBefore = 0;
      let evaluated = 0;
      yield { type: "reading", evaluated: reused, total: prompt };

      const seed = request.seed ?? randomSeed();
      const options = { temperature: request.temperature, seed, probability: false, candidates: false };
      const lookup = request.lookAhead ? createLookup(tokens, mostGuesses) : undefined;
      const sureUntil = request.priority === "background" ? 0 : performance.now() + sureFor;
      const pace = () => (performance.now() < sureUntil ? longPace : undefined);
      const slices: Slices = { planned: [...(request.slices ?? [])], taken: [], pace };
      for await (const read of track.readAhead(tokens, turn, slices)) yield { type: "reading", evaluated: read, total: prompt };
      if (request.choices.length > 0) {
        const { text, chances } = await chooseOne({ model, track, turn }, tokens, request.choices);
        evaluated = track.evaluated - evaluatedBefore;
        yield { type: "text", text };
        const counts = { prompt, reused: Math.max(0, prompt - evaluated), evaluated, generated: 1 };
        yield { type: "done", tokens: counts, stop: "end", tokensPerSecond: 0, chances };
        return;
      }
      while (stop === undefined) {
        const guesses = generated === 0 ? [] : (lookup?.guess(limit - generated - 1) ?? []);
        const came = await track.predictAlong(tokens, guesses, options, turn, generated === 0 ? slices : undefined);
        if (began === 0) {
          began = performance.now();
          waitedBefore = turn.waited;
          evaluated = track.evaluated - evaluatedBefore;
        }
        for (const token of came) {
          if (model.isEnd(token) || ends.has(token)) {
            stop = "end";
            break;
          }
          tokens.push(token);
          generated += 1;
          const { text, stopped } = answer.push(tokenText.push(token));
          if (text !== "") yield { type: "text", text };
          stop = stopped ?? (generated >= limit ? "limit" : undefined);
          if (stop !== undefined) break;
        }
        lookup?.came(guesses, came);
      }
      const rest = answer.finish(stop);
      if (rest !== "") yield { type: "text", text: rest };
      const seconds = (performance.now() - began - (turn.waited - waitedBefore)) / 1000;
      yield {
        type: "done",
        tokens: { prompt, reused: Math.max(0, prompt - evaluated), evaluated, generated },
        stop,
        tokensPerSecond: generated > 1 && seconds > 0 ? (generated - 1) / seconds : 0,
        seed,
        slices: slices.taken,
        lookAhead: request.lookAhead,
      };
    } finally {
      inUse.delete(track);
      turn.leave();
    }
  }

  /** Tokens that stay whatever is written behind the last message: those of two different ways to go on that are the same. */
  function sureTokens(messages: ReadAheadRequest["messages"]): number[] {
    const last = messages.at(-1);
    const [one, other] = [" the", "\n"].map(
      (end) => model.renderChat([...messages.slice(0, -1), ...(last ? [{ ...last, text: last.text + end }] : [])]).tokens,
    ) as [number[], number[]];
    const differ = one.findIndex((token, index) => token !== other[index]);
    return one.slice(0, differ < 0 ? undefined : differ);
  }

  async function readAhead({ messages }: ReadAheadRequest, signal: AbortSignal | undefined): Promise<{ evaluated: number }> {
    const tokens = sureTokens(messages);
    const contextSize = tracks[0]?.contextSize ?? 0;
    if (tokens.length > contextSize - shortestAnswer) return { evaluated: 0 };
    const turn = await queue.enter("background", signal);
    try {
      // Chosen only now, and not held: the answer that this is read for takes it as it is.
      const track = chooseTrack(tokens, { priority: "chat" });
      await kept?.takeUp(track, tokens);
      const before = track.evaluated;
      await track.read(tokens, turn);
      return { evaluated: track.evaluated - before };
    } finally {
      turn.leave();
    }
  }

  return {
    generate,
    readAhead,
    async keep() {
      if (kept !== undefined) for (const track of threads) await kept.keep(track);
    },
  };
}
