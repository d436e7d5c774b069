import { getLlama, getLlamaGpuTypes, type Llama, LlamaLogLevel } from "node-llama-cpp";
import type { Backends } from "#core/contracts/inference";
import { memoryWith } from "#core/models/memory-with";
import { bytesOfAdapters } from "../models/adapters.ts";
import { readModel } from "../models/read-model.ts";
import { describeAttempts } from "./attempts.ts";
import { isPartInstalled } from "./graphics-parts.ts";
import type { LanguageModel } from "./language-model.ts";
import { loadError, sentence } from "./llama-errors.ts";
import { backendName, wrapModel } from "./llama-model.ts";
import type { ModelLoader, OpenOptions } from "./loaded-models.ts";

type Gpu = OpenOptions["gpu"];
type Tried = Backends["tried"];

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
        if (gpu !== "auto") return { llama, tried: [{ name: backendName(llama), result: "in use" }] };
        const [valid, supported] = await Promise.all([getLlamaGpuTypes("allValid"), getLlamaGpuTypes("supported")]);
        return { llama, tried: describeAttempts(valid, supported, llama.gpu, isPartInstalled) };
      } catch (error) {
        tried.push({ name: gpu, result: sentence(error) });
      }
    }
    const llama = await library(false);
    return { llama, tried: [...tried, { name: backendName(llama), result: "in use" }] };
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
        const failed = { name: backendName(llama), result: sentence(error) };
        try {
          return { model: await load(cpu, options), tried: [failed, { name: backendName(cpu), result: "in use" }] };
        } catch (second) {
          throw loadError(second, options.path);
        }
      }
    },

    async room({ path, gpu, keyValueType, adapters, contexts, loaded, onGraphics }) {
      const { llama } = await choose(gpu);
      const model = { ...(await readModel(path)), adapterBytes: await bytesOfAdapters(adapters) };
      const needed = memoryWith(model, contexts(llama.gpu !== false), keyValueType, loaded);
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
        backend: backendName(llama),
        tried,
        gpus: names.map((name) => ({ name, ...(memory === undefined ? {} : { memory: Math.round(memory / Math.max(1, names.length)) }) })),
        cores: llama.cpuMathCores,
      };
    },
  };
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
