import { createRouterClient, implement } from "@orpc/server";
import { UserError } from "#core/base/errors";
import { type GenerateEvent, type GenerateRequest, inferenceContract } from "#core/contracts/inference";
import type { OpenInference } from "./connection.ts";

/** A model for tests: it says what the test wants, through the same contract as a real one, in milliseconds. */
export interface ScriptedModel {
  /** Texts known by heart: ghost text goes on where the text before the cursor last occurs in one of them. */
  readonly knows?: readonly string[];
  /** The whole answer to the messages; the answer prefix is not part of it. */
  readonly answer?: (messages: GenerateRequest["messages"]) => string;
  /** How sure the model is of each piece, 0 to 1. */
  readonly probability?: (piece: string) => number;
  /** How long one token takes; none by default. */
  readonly millisecondsPerToken?: number;
  /** Tokens of context for `generate`; 8192 by default. */
  readonly contextSize?: number;
  /** False: a model without fill-in-the-middle tokens. */
  readonly fillInTheMiddle?: boolean;
}

/** Opens "processes" that run the scripted model inside this one. */
export function openScripted(model: ScriptedModel): OpenInference {
  return async () => {
    let exit: (value: { reason: string }) => void = () => {};
    const exited = new Promise<{ reason: string }>((resolve) => {
      exit = resolve;
    });
    return { client: createRouterClient(router(model)), exited, kill: () => exit({ reason: "killed" }) };
  };
}

const pieces = (text: string): string[] => text.match(/\s*[\p{L}\p{N}_]+|\s*[^\s\p{L}\p{N}_]|\s+/gu) ?? [];

function router(model: ScriptedModel) {
  const os = implement(inferenceContract);
  const contextSize = model.contextSize ?? 8192;
  const pause = async (signal: AbortSignal | undefined) => {
    await new Promise((resolve) => setTimeout(resolve, model.millisecondsPerToken ?? 0));
    if (signal?.aborted) throw new UserError("STOPPED", "Stopped.");
  };
  return os.router({
    load: os.load.handler(async function* ({ input }) {
      yield { type: "progress" as const, progress: 1 };
      yield {
        type: "loaded" as const,
        loaded: {
          path: input.path,
          name: "scripted",
          backend: "scripted",
          threads: 1,
          contextSize,
          fillInTheMiddle: model.fillInTheMiddle !== false,
          bytes: 0,
          tried: [],
          evicted: [],
        },
      };
    }),
    unload: os.unload.handler(async () => {}),
    infill: os.infill.handler(async ({ input, signal }) => {
      const written = continuation(model.knows ?? [], input.prefix);
      const text = input.shape === "line" ? (written.split("\n")[0] ?? "") : written;
      const generated = pieces(text).slice(0, input.maxTokens);
      for (const _piece of generated) await pause(signal);
      return {
        pieces: generated.map((piece) => ({ text: piece, probability: model.probability?.(piece) ?? 0.9 })),
        tokens: { prompt: pieces(input.prefix + input.suffix).length, reused: 0, evaluated: 0, generated: generated.length },
        stop: input.shape === "line" ? ("line" as const) : ("end" as const),
        milliseconds: { waiting: 0, evaluating: 0, generating: generated.length },
      };
    }),
    generate: os.generate.handler(async function* ({ input, signal }): AsyncGenerator<GenerateEvent> {
      const prompt = input.messages.reduce((sum, message) => sum + pieces(message.text).length, 0);
      if (prompt + 16 > contextSize)
        throw new UserError("SELECTION_TOO_LONG", `The request has ${prompt} tokens, and the model takes ${contextSize}.`);
      yield { type: "reading", evaluated: prompt, total: prompt };
      const answer = pieces(model.answer?.(input.messages) ?? "");
      let generated = 0;
      for (const piece of answer) {
        if (generated >= input.maxTokens) break;
        await pause(signal);
        generated += 1;
        yield { type: "text", text: piece };
      }
      yield {
        type: "done",
        tokens: { prompt, reused: 0, evaluated: prompt, generated },
        stop: generated < answer.length ? "limit" : "end",
        tokensPerSecond: 100,
      };
    }),
    countTokens: os.countTokens.handler(async ({ input }) => pieces(input.text).length),
    backends: os.backends.handler(async () => ({ backend: "scripted", tried: [], gpus: [], cores: 1 })),
    ping: os.ping.handler(async () => ({ busy: false })),
  });
}

function continuation(known: readonly string[], prefix: string): string {
  for (let length = Math.min(prefix.length, 400); length >= 3; length -= 1) {
    const end = prefix.slice(-length);
    for (const text of known) {
      const at = text.lastIndexOf(end);
      if (at >= 0) return text.slice(at + length);
    }
  }
  return "";
}
