import { basename } from "node:path";
import { type ChatHistoryItem, type Llama, type LlamaEmbeddingContext, type LlamaModel, resolveChatWrapper } from "node-llama-cpp";
import { UserError } from "#core/base/errors";
import type { GenerateRequest } from "#core/contracts/inference";
import { readAdapterFor } from "../models/adapters.ts";
import { readModel } from "../models/read-model.ts";
import type { Embedder, LanguageModel, Token } from "./language-model.ts";
import { loadError, sentence } from "./llama-errors.ts";
import { wrapSequence } from "./llama-sequence.ts";
import type { OpenOptions } from "./loaded-models.ts";
import { createThreadCount } from "./threads.ts";

/** A model of node-llama-cpp as ours. */
export function wrapModel(llama: Llama, model: LlamaModel, options: OpenOptions): LanguageModel {
  const threads = options.threads > 0 ? options.threads : llama.cpuMathCores;
  const metadata = model.fileInfo.metadata as { tokenizer?: { ggml?: { model?: string; pre?: string } }; general?: { name?: string } };
  const tokenizer = metadata.tokenizer?.ggml;
  const chat = resolveChatWrapper(model, { warningLogs: false });
  const texts = new Map<Token, string>();
  const controls = new Map<Token, boolean>();
  const threadsNow = createThreadCount(threads);
  const beforeStep = () => {
    llama.maxThreads = threadsNow();
  };
  const { infill } = model.tokens;
  const marks = new Map<string | null, Token | null>([
    [infill.prefixString, infill.prefix],
    [infill.suffixString, infill.suffix],
    [infill.middleString, infill.middle],
  ]);
  // Only vocabularies that invent a blank at the start need the library's detour against it.
  const invents = model.tokenize("a", false).length > 0 && model.detokenize(model.tokenize("a", false)) !== "a";

  return {
    name: metadata.general?.name ?? basename(options.path),
    bytes: model.size,
    backend: backendName(llama),
    threads,
    graphics: llama.gpu !== false && model.gpuLayers > 0,
    preTokenizer: tokenizer?.model === "llama" ? undefined : (tokenizer?.pre ?? "default"),
    begin: model.tokens.shouldPrependBosToken ? (model.tokens.bos ?? undefined) : undefined,
    tokenize: (text) => (text === "" ? [] : Array.from(model.tokenize(text, false, invents ? "trimLeadingSpace" : undefined))),
    special(text) {
      // llama.cpp knows the marks of files that do not call them control tokens.
      const marked = marks.get(text);
      if (marked !== undefined && marked !== null) return marked;
      const tokens = model.tokenize(text, true);
      const [token] = tokens;
      if (tokens.length !== 1 || token === undefined) return undefined;
      // Files made from some vocabularies call such marks tokens that a user defined.
      return model.isSpecialToken(token) || model.getTokenAttributes(token).userDefined ? token : undefined;
    },
    textOf(tokens, before) {
      const [only] = tokens;
      if (tokens.length !== 1 || only === undefined) return model.detokenize(tokens as never, false, before as never);
      // Single tokens are asked for thousands of times where a word is healed.
      let text = texts.get(only);
      if (text === undefined) {
        text = model.detokenize([only] as never, false, before as never);
        texts.set(only, text);
      }
      return text;
    },
    isControl(token) {
      let control = controls.get(token);
      if (control === undefined) {
        control = model.isSpecialToken(token as never);
        controls.set(token, control);
      }
      return control;
    },
    isEnd: (token) => model.isEogToken(token as never),
    renderChat(messages) {
      const { contextText, stopGenerationTriggers } = chat.generateContextState({ chatHistory: history(messages) });
      return {
        tokens: [...contextText.tokenize(model.tokenizer)],
        stops: stopGenerationTriggers.filter(({ values }) => values.every((value) => typeof value === "string")).map(String),
        // Templates name end tokens that some files do not mark as such.
        ends: new Set(
          stopGenerationTriggers
            .filter(({ values }) => values.some((value) => typeof value !== "string"))
            .map((trigger) => trigger.tokenize(model.tokenizer))
            .flatMap((tokens) => (tokens.length === 1 ? tokens : [])),
        ),
      };
    },
    async openSequences(contextSize, most, adapters) {
      await checkAdapters(options.path, adapters);
      // A context takes no more threads than the library allows at that moment.
      llama.maxThreads = threads;
      // Never more than the model was made for; the rest of the window would be noise.
      const size = Math.min(contextSize, model.trainContextSize);
      for (let sequences = most; sequences > 0; sequences -= 1) {
        try {
          const context = await model.createContext({
            contextSize: size,
            batchSize: 512,
            ...(options.keyValueType !== "f16" && {
              // Values of fewer bits are computed with by flash attention only.
              flashAttention: true,
              experimentalKvCacheKeyType: keyValueNames[options.keyValueType],
              experimentalKvCacheValueType: keyValueNames[options.keyValueType],
            }),
            sequences,
            ...(adapters.length > 0 && { lora: { adapters: adapters.map((filePath) => ({ filePath })) } }),
            threads: { ideal: threads, min: 1 },
            failedCreationRemedy: false,
          });
          return Array.from({ length: sequences }, () =>
            wrapSequence(context.getSequence({ contextShift: { strategy: refuseToShift } }), beforeStep),
          );
        } catch (error) {
          if (sequences === 1) {
            const failure = loadError(error, options.path);
            throw failure instanceof UserError && failure.code === "MODEL_LOAD_FAILED"
              ? new UserError(
                  "MODEL_DOES_NOT_FIT",
                  `A context of ${size} tokens does not fit into memory: ${sentence(error)}`,
                  "Lower the setting localcoder.inference.contextSize, or choose a smaller model.",
                )
              : failure;
          }
        }
      }
      return [];
    },
    async openEmbedder(contextSize) {
      llama.maxThreads = threads;
      const size = Math.min(contextSize, model.trainContextSize);
      try {
        // Such models read a text at once, not piece by piece.
        const context = await model.createEmbeddingContext({ contextSize: size, batchSize: size, threads });
        return wrapEmbedder(context, size, beforeStep);
      } catch (error) {
        throw loadError(error, options.path);
      }
    },
    dispose: () => model.dispose(),
  };
}

const keyValueNames = { q8_0: "Q8_0", q4_0: "Q4_0" } as const;

function refuseToShift(): never {
  throw new Error("The context is full.");
}

function history(messages: GenerateRequest["messages"]): ChatHistoryItem[] {
  const items = messages.map(
    ({ role, text }): ChatHistoryItem => (role === "assistant" ? { type: "model", response: [text] } : { type: role, text }),
  );
  // An empty answer makes the template end where the answer begins.
  return [...items, { type: "model", response: [] }];
}

/** What cannot be read at once is refused: a vector of the beginning would pass for one of the whole. */
function wrapEmbedder(context: LlamaEmbeddingContext, contextSize: number, beforeStep: () => void): Embedder {
  return {
    contextSize,
    async embed(text) {
      const tokens = context.calculateInputLength(text);
      if (tokens >= contextSize) {
        throw new UserError(
          "TOO_LARGE",
          `A text of ${tokens} tokens is too long for a vector: the model reads ${contextSize - 1} at once.`,
          "Ask for vectors of shorter pieces.",
        );
      }
      beforeStep();
      return (await context.getEmbeddingFor(text)).vector;
    },
  };
}

/** What computes. */
export function backendName(llama: Llama): string {
  return llama.gpu === false ? "cpu" : llama.gpu;
}

/** Throws what is wrong with an adapter, before llama.cpp says it in a log, or crashes. */
async function checkAdapters(path: string, adapters: readonly string[]): Promise<void> {
  if (adapters.length === 0) return;
  const file = await readModel(path);
  for (const adapter of adapters) await readAdapterFor(file, adapter);
}
