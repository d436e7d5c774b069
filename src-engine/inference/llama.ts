import { basename } from "node:path";
import {
  type ChatHistoryItem,
  getLlama,
  getLlamaGpuTypes,
  InsufficientMemoryError,
  type Llama,
  type LlamaContextSequence,
  LlamaLogLevel,
  type LlamaModel,
  resolveChatWrapper,
} from "node-llama-cpp";
import { UserError } from "#core/base/errors";
import type { Backends, GenerateRequest } from "#core/contracts/inference";
import { memoryWith } from "#core/models/memory-with";
import { readModel } from "../models/read-model.ts";
import { describeAttempts } from "./attempts.ts";
import { isPartInstalled } from "./graphics-parts.ts";
import type { LanguageModel, Prediction, PredictOptions, Sequence, Token } from "./language-model.ts";
import type { ModelLoader, OpenOptions } from "./loaded-models.ts";
import { createNativeMemory } from "./native-memory.ts";
import { randomSeed } from "./seed.ts";
import { createThreadCount } from "./threads.ts";

type Gpu = OpenOptions["gpu"];
type Tried = Backends["tried"];

/** How many of the likeliest tokens are looked at where text is written again. */
const distribution = 4096;

/**
 * Models by node-llama-cpp: Metal, CUDA, Vulkan or the processor. `log` gets what llama.cpp has to say, and `freeMemory`
 * tells the bytes of main memory that models can have, those they have now among them.
 */
export function createLlamaLoader(log: (level: string, message: string) => void, freeMemory: () => number): ModelLoader {
  const opened = new Map<string, Promise<Llama>>();

  function library(gpu: "auto" | "metal" | "cuda" | "vulkan" | false): Promise<Llama> {
    const key = String(gpu);
    let promise = opened.get(key);
    if (promise === undefined) {
      promise = getLlama({
        gpu,
        build: "never",
        skipDownload: true,
        progressLogs: false,
        logLevel: LlamaLogLevel.warn,
        logger: (level, message) => log(String(level), message),
      });
      opened.set(key, promise);
      promise.catch(() => opened.delete(key));
    }
    return promise;
  }

  /** The back end asked for, else the processor, with what was tried on the way. */
  async function choose(gpu: Gpu): Promise<{ llama: Llama; tried: Tried }> {
    const tried: Tried = [];
    if (gpu !== "off") {
      try {
        const llama = await library(gpu);
        if (gpu !== "auto") return { llama, tried: [{ name: nameOf(llama), result: "in use" }] };
        const [valid, supported] = await Promise.all([getLlamaGpuTypes("allValid"), getLlamaGpuTypes("supported")]);
        return { llama, tried: describeAttempts(valid, supported, llama.gpu, isPartInstalled) };
      } catch (error) {
        tried.push({ name: gpu, result: sentence(error) });
      }
    }
    const llama = await library(false);
    return { llama, tried: [...tried, { name: nameOf(llama), result: "in use" }] };
  }

  return {
    async open(options) {
      const { llama, tried } = await choose(options.gpu);
      try {
        return { model: await load(llama, options), tried };
      } catch (error) {
        if (llama.gpu === false || options.signal?.aborted) throw loadError(error, options.path);
        // A graphics card that fails (too little memory, a broken driver) is no reason to have no model.
        const cpu = await library(false);
        const failed = { name: nameOf(llama), result: sentence(error) };
        try {
          return { model: await load(cpu, options), tried: [failed, { name: nameOf(cpu), result: "in use" }] };
        } catch (second) {
          throw loadError(second, options.path);
        }
      }
    },

    async room({ path, gpu, keyValueType, contexts, loaded, onGraphics }) {
      const { llama } = await choose(gpu);
      const needed = memoryWith(await readModel(path), contexts(llama.gpu !== false), keyValueType, loaded);
      if (llama.gpu === false) return { needed, available: freeMemory() };
      const graphics = await llama.getVramState();
      const card = graphics.free + onGraphics;
      // Layers that do not fit on a card run from main memory, unless the two are one.
      return { needed, available: graphics.unifiedSize > 0 ? Math.max(card, freeMemory()) : card + freeMemory() };
    },

    async backends(gpu) {
      const { llama, tried } = await choose(gpu);
      const names = await llama.getGpuDeviceNames().catch(() => []);
      const memory = llama.gpu === false ? undefined : (await llama.getVramState()).total;
      return {
        backend: nameOf(llama),
        tried,
        gpus: names.map((name) => ({ name, ...(memory === undefined ? {} : { memory: Math.round(memory / Math.max(1, names.length)) }) })),
        cores: llama.cpuMathCores,
      };
    },
  };
}

function nameOf(llama: Llama): string {
  return llama.gpu === false ? "cpu" : llama.gpu;
}

function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n")[0] ?? "").slice(0, 300);
}

function loadError(error: unknown, path: string): unknown {
  if (error instanceof UserError || (error instanceof Error && error.name === "AbortError")) return error;
  const name = basename(path);
  if (
    error instanceof InsufficientMemoryError ||
    /insufficient (?:memory|vram|ram)|not enough|too large for the available/i.test(sentence(error))
  )
    return new UserError(
      "MODEL_DOES_NOT_FIT",
      `${name} does not fit into memory: ${sentence(error)}`,
      "Choose a smaller model, or close other programs.",
    );
  return new UserError(
    "MODEL_LOAD_FAILED",
    `${name} could not be loaded: ${sentence(error)}`,
    "The file may be incomplete or of a kind this version does not know. Check it, or choose another model.",
  );
}

async function load(llama: Llama, options: OpenOptions): Promise<LanguageModel> {
  const model = await llama.loadModel({
    modelPath: options.path,
    loadSignal: options.signal,
    onLoadProgress: options.onProgress,
    ...(options.gpuLayers >= 0 && { gpuLayers: options.gpuLayers }),
    // Keeps every token of models with a sliding window, so that a prompt can be cut back anywhere.
    defaultContextSwaFullCache: true,
  });
  return wrapModel(llama, model, options);
}

function wrapModel(llama: Llama, model: LlamaModel, options: OpenOptions): LanguageModel {
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
    backend: nameOf(llama),
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
    async openSequences(contextSize, most) {
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

const nativeMemory = createNativeMemory();

function wrapSequence(sequence: LlamaContextSequence, beforeStep: () => void): Sequence {
  /** Kept from token to token: a new one allocates as much as the vocabulary is large, and forgets its chance. */
  let writer: { readonly options: PredictOptions; readonly generator: AsyncGenerator<{ token: number }, void, never> } | undefined;

  async function write(tokens: readonly Token[], options: PredictOptions): Promise<Prediction> {
    if (writer?.options !== options) {
      await writer?.generator.return();
      const generator = sequence.evaluateWithMetadata(
        tokens as never,
        {},
        { temperature: options.temperature, topK: 40, topP: 0.95, seed: options.seed ?? randomSeed(), yieldEogToken: true },
      );
      writer = { options, generator: generator as never };
    }
    const { generator } = writer;
    // The first call begins with the tokens above, and takes no notice of these.
    const next = await generator.next(tokens as never);
    if (next.done === true) throw new Error("The model gave no answer.");
    return { token: next.value.token, probability: 1 };
  }

  return {
    contextSize: sequence.contextSize,
    async cut(length) {
      if (length < sequence.nextTokenIndex) await sequence.adaptStateToTokens(sequence.contextTokens.slice(0, length), false);
      return sequence.nextTokenIndex;
    },
    read(tokens) {
      beforeStep();
      return sequence.evaluateWithoutGeneratingNewTokens(tokens as never);
    },
    async predict(tokens, options): Promise<Prediction> {
      beforeStep();
      if (!options.probability && !options.candidates) {
        try {
          return await write(tokens, options);
        } catch (error) {
          writer = undefined;
          throw error;
        }
      }
      const input: Parameters<LlamaContextSequence["controlledEvaluate"]>[0] = [...(tokens as never[])];
      const last = input.length - 1;
      input[last] = [tokens.at(-1) as never, { generateNext: outputOf(options) }];
      const output = (await sequence.controlledEvaluate(input))[last]?.next;
      nativeMemory.predicted();
      if (output === undefined) throw new Error("The model gave no answer.");
      const weight = output.totalLogitWeight ?? 1;
      if (output.logits !== undefined) {
        const best = Math.max(...output.logits.values());
        const candidates = [...output.logits].map(([token, logit]) => ({
          token: token as number,
          probability: Math.exp(logit - best) / weight,
        }));
        const [first] = candidates;
        if (first === undefined) throw new Error("The model gave no answer.");
        return { ...first, candidates };
      }
      if (output.token === undefined || output.token === null) throw new Error("The model gave no answer.");
      // The weight is relative to the best token, which is the one taken at temperature 0.
      return { token: output.token as number, probability: options.probability ? 1 / weight : 1 };
    },
  };
}

/** What the library is asked to give out. Its own `confidence` sorts the whole vocabulary for every token; the weight does not. */
function outputOf({ temperature, seed = randomSeed(), probability, candidates }: PredictOptions) {
  return {
    token: true,
    totalLogitWeight: probability,
    ...(candidates ? { logits: { filter: { tokens: [], includeTop: distribution } } } : {}),
    options: { temperature, topK: 40, topP: 0.95, seed },
  };
}
