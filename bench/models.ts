import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { contextUse } from "#core/models/context-use";
import { estimateMemory } from "#core/models/fit";
import { readGgufHeader } from "#core/models/gguf";
import { discoverModels } from "#engine/models/discover";
import { createHeaderCache } from "#engine/models/header-cache";
import { mutateGguf } from "#engine/models/mutate-gguf";
import { readModel } from "#engine/models/read-model";
import { percentile, printFigures } from "./figures.ts";
import { openInference, someCode } from "./model.ts";

// Models: finding many of them, what they take in memory beside what is said before, and heads made wrong on purpose.

const folder = process.env.LOCALCODER_TEST_MODELS || join(homedir(), ".cache", "localcoder-test-models");
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".gguf"))
  .map((name) => join(folder, name));
if (files.length === 0) throw new Error(`There are no models in ${folder}. Run npm test once.`);

await discovery();
await memory();
await wrongHeads();

/** 200 files: every one a link to one of the real ones, so that each has a real head to read. */
async function discovery(): Promise<void> {
  // Beside the models, because hard links do not leave a disk.
  const root = mkdtempSync(join(folder, "bench-"));
  try {
    mkdirSync(join(root, "models"));
    for (let index = 0; index < 200; index++) {
      const from = files[index % files.length]!;
      const to = join(root, "models", `model-${index}.gguf`);
      try {
        linkSync(from, to);
      } catch {
        symlinkSync(from, to);
      }
    }
    const look = async () => {
      const began = performance.now();
      let glance = 0;
      const found = await discoverModels({
        places: [{ source: "models-dir", folder: join(root, "models"), layout: "files" }],
        chosen: [],
        catalogue: [],
        cache: createHeaderCache(join(root, "heads.json")),
        onGlance: () => {
          glance = performance.now() - began;
        },
      });
      return { glance, whole: performance.now() - began, found: found.length };
    };
    const cold = await look();
    const warm = await look();
    printFigures(`Finding ${cold.found} model files, heads not known and known from before`, [
      { what: "names and sizes", unit: "ms", ours: cold.glance, aim: "300 ms" },
      { what: "all heads, cold", unit: "ms", ours: cold.whole, aim: "15,000 ms" },
      { what: "all heads, warm", unit: "ms", ours: warm.whole, aim: "300 ms" },
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** What is said before a model is loaded beside what its process has resident after it has read and written. */
async function memory(): Promise<void> {
  for (const path of files) {
    const file = await readModel(path);
    const figures = [];
    for (const contextSize of [2048, 8192, 16_384]) {
      const { inference } = openInference(contextSize);
      const model = { id: path, name: file.name, path };
      await inference.backends();
      const before = residentBytes();
      await inference.ensure(model, "code");
      const messages = [{ role: "user" as const, text: someCode(3500) }];
      for await (const event of inference.generate(model, "code", { messages, temperature: 0, maxTokens: 16, priority: "chat" }))
        void event;
      const ours = residentBytes() - before;
      await inference.dispose();
      const { weights, cache, working, vocabulary, twice } = estimateMemory(file, [contextUse("code", contextSize, false)]);
      const estimate = weights + cache + working + vocabulary + twice;
      figures.push({
        what: `context ${contextSize}`,
        unit: "MB",
        ours: estimate / 1e6,
        peer: ours / 1e6,
        peerName: "resident",
        aim: "within 10 %",
      });
    }
    printFigures(`Memory of ${file.name}, as estimated from its head and as measured`, figures);
  }
}

/** Resident bytes of the process of ours that runs models. */
function residentBytes(): number {
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${id}/status`, "utf8");
      if (!new RegExp(`^PPid:\\s+${process.pid}$`, "m").test(status)) continue;
      if (readFileSync(`/proc/${id}/cmdline`, "utf8").includes("inference.process")) {
        return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024;
      }
    } catch {
      // It ended meanwhile.
    }
  }
  throw new Error("No process runs models.");
}

async function wrongHeads(): Promise<void> {
  const heads = new Map(files.map((path) => [path, headOf(path)]));
  const times: number[] = [];
  let read = 0;
  let most = process.memoryUsage.rss();
  const before = most;
  for (let number = 0; number < 1000; number++) {
    const path = files[number % files.length]!;
    const { bytes } = mutateGguf(heads.get(path)!, number);
    const { size } = statSync(path);
    const source = {
      name: "mutated.gguf",
      size,
      async read(offset: number, length: number) {
        const result = Buffer.alloc(length);
        bytes.copy(result, 0, Math.min(offset, bytes.length), Math.min(offset + length, bytes.length));
        return result;
      },
    };
    const began = performance.now();
    if (await readGgufHeader(source).catch(() => undefined)) read += 1;
    times.push(performance.now() - began);
    most = Math.max(most, process.memoryUsage.rss());
  }
  printFigures(`1000 heads made wrong on purpose: ${read} read, ${1000 - read} refused`, [
    { what: "slowest", unit: "ms", ours: Math.max(...times), aim: "2000 ms" },
    { what: "95 %", unit: "ms", ours: percentile(times, 0.95), aim: "stated" },
    { what: "memory on top, the file's buffers included", unit: "MB", ours: (most - before) / 1e6, aim: "200 MB" },
  ]);
}

function headOf(path: string): Buffer {
  const head = Buffer.alloc(8 * 2 ** 20);
  const file = openSync(path, "r");
  readSync(file, head, 0, head.length, 0);
  closeSync(file);
  return head;
}
