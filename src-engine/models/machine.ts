import { mkdir } from "node:fs/promises";
import os from "node:os";
import { describeError } from "#core/base/errors";
import type { Backends } from "#core/contracts/inference";
import type { Machine, ModelSpeed } from "#core/contracts/models";
import { rolesOfModel } from "#core/models/choose";
import type { MemoryOf } from "#core/models/fit";
import { formatBytes, formatMemory } from "#core/models/format";
import type { Recommendation } from "#core/models/tiers";
import type { FoundModel } from "./discover.ts";
import type { GraphicsCard } from "./graphics.ts";
import { nameOf } from "./merge.ts";
import { freeBytes } from "./part.ts";
import type { Cores } from "./processor.ts";

/** What looking at the back ends brought: their description, or why it could not be had. */
export type BackendsLook = { readonly backends: Backends } | { readonly problem: { readonly message: string; readonly hint?: string } };

/** Tries the back ends in the inference process; a failure there is a finding and no failure of ours. */
export async function lookAtBackends(backends: () => Promise<Backends>): Promise<BackendsLook> {
  try {
    return { backends: await backends() };
  } catch (error) {
    return { problem: describeError(error) };
  }
}

/** Memory of this machine as far as it is known without asking the back ends, or with what they said. */
export function memoryOf(look: BackendsLook | undefined): MemoryOf {
  const unified = process.platform === "darwin" && process.arch === "arm64";
  const gpus = look && "backends" in look ? look.backends.gpus : [];
  return {
    total: os.totalmem(),
    gpu: gpus.length > 0 ? gpus.map((gpu) => ({ memory: gpu.memory, unified })) : unified ? [{ unified }] : [],
  };
}

/** Describes the machine and what stands in the way of running models on it, each with a way out. */
export async function describeMachine(options: {
  readonly folder: string;
  readonly found: readonly FoundModel[];
  readonly look: BackendsLook;
  /** What is wrong with the folders and the models that the settings name. */
  readonly problems: Machine["problems"];
  readonly recommendations: readonly Recommendation[];
  readonly graphics: readonly GraphicsCard[];
  readonly cores: Cores;
  /** Measured speeds by path. */
  readonly speeds?: ReadonlyMap<string, ModelSpeed>;
}): Promise<Machine> {
  const { folder, found, look, graphics } = options;
  const { performance, efficiency } = options.cores;
  const processors = os.cpus();
  const threads = processors.length;
  const cores = options.cores.cores || ("backends" in look && look.backends.cores) || threads;
  const free = await freeIn(folder);
  const memory = memoryOf(look);
  return {
    system: { platform: process.platform, release: os.release(), architecture: process.arch },
    cpu: { model: processors[0]?.model.trim() || "unknown", cores: Math.min(cores, threads || cores), threads, performance, efficiency },
    memory: { total: memory.total, free: os.freemem() },
    gpu:
      "backends" in look
        ? look.backends.gpus.map((gpu) => ({
            name: gpu.name,
            memory: gpu.memory,
            unified: memory.gpu.some((each) => each.unified),
            driver: driverOf(gpu.name, graphics),
          }))
        : [],
    backend:
      "backends" in look
        ? { name: look.backends.backend, tried: look.backends.tried }
        : { name: "none", tried: [{ name: "process", result: look.problem.message }] },
    disk: { path: folder, free: free ?? 0 },
    models: found.flatMap((model) =>
      model.file
        ? [
            {
              id: model.entry?.id ?? model.path,
              path: model.path,
              bytes: model.bytes,
              source: model.source,
              name: nameOf(model),
              quantisation: model.file.quantisation,
              contextLength: model.file.contextLength,
              roles: rolesOfModel({ file: model.file, entry: model.entry }),
              speed: options.speeds?.get(model.path),
            },
          ]
        : [],
    ),
    recommended: options.recommendations.map(({ role, entry, need, smaller, bigger }) => ({
      role,
      id: entry.id,
      name: entry.name,
      bytes: entry.bytes,
      memory: need,
      present: found.some((model) => model.file && model.entry?.id === entry.id),
      smaller,
      bigger,
    })),
    problems: [
      ...machineProblems(look, folder, free, memory.total),
      ...graphicsProblems(look, graphics),
      ...options.problems,
      ...modelProblems(found),
    ],
  };
}

function machineProblems(look: BackendsLook, folder: string, free: number | undefined, memory: number): Machine["problems"] {
  const problems: Machine["problems"] = [];
  if ("problem" in look) {
    problems.push({
      message: `Models cannot be run: ${look.problem.message}`,
      hint: look.problem.hint ?? "Start LocalCoder again; if it stays so, set localcoder.inference.gpu to off.",
    });
  }
  if (free === undefined) {
    problems.push({ message: `The models folder ${folder} cannot be used.`, hint: "Choose another folder for models in the settings." });
  } else if (free < 2e9) {
    problems.push({
      message: `Only ${formatBytes(free)} are free on the disk of ${folder}.`,
      hint: "Make room there, or choose another folder for models in the settings.",
    });
  }
  if (memory < 3.5 * 2 ** 30) {
    problems.push({
      message: `This machine has ${formatMemory(memory)} of memory; the smallest model needs about 1 GB of it.`,
      hint: "Close other programs before you load a model.",
    });
  }
  return problems;
}

/** The driver of a card, by its maker's name in that of the card; a machine with one card has one driver. */
function driverOf(name: string, graphics: readonly GraphicsCard[]): string | undefined {
  const card =
    graphics.find(({ maker }) => name.toLowerCase().includes(maker.toLowerCase())) ?? (graphics.length === 1 ? graphics[0] : undefined);
  return card?.driver;
}

/** A card that is there and does nothing for models is worth a word; that there is none is no problem. */
function graphicsProblems(look: BackendsLook, graphics: readonly GraphicsCard[]): Machine["problems"] {
  if ("problem" in look || look.backends.gpus.length > 0) return [];
  const { tried } = look.backends;
  const reasons = tried.filter(({ result }) => result !== "in use").map(({ name, result }) => `${name}: ${result}`);
  // Without a reason it was switched off by whoever uses the machine.
  if (reasons.length === 0) return [];
  return graphics.map(({ maker }) => ({
    message: `The ${maker} graphics card cannot run models (${reasons.join("; ")}).`,
    hint: "Install its maker's driver and start LocalCoder again. Until then the processor does the work.",
  }));
}

function modelProblems(found: readonly FoundModel[]): Machine["problems"] {
  const damaged = found.flatMap(({ problem, path }) =>
    problem && problem.code !== "NOT_FOUND"
      ? [{ message: problem.message, hint: `${problem.hint ?? "Download or copy the file again."} It lies at ${path}.` }]
      : [],
  );
  if (found.some((model) => model.file)) return damaged;
  return [...damaged, { message: "No model is on this machine yet.", hint: "Download the recommended one, or choose a GGUF file." }];
}

async function freeIn(folder: string): Promise<number | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    return await freeBytes(folder);
  } catch {
    return undefined;
  }
}
