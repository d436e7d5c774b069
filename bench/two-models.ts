import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultSettings } from "#core/settings/schema";
import { openForked } from "#engine/inference/forked";
import { createInference, type ModelReference } from "#engine/inference/host";
import { median, printFigures } from "./figures.ts";

// Two models under a memory budget for one: what loading, switching and a first token cost, and how often fifty alternating requests
// load a model when they are queued at once and when one comes each second.

const folder = process.env.LOCALCODER_TEST_MODELS ?? join(homedir(), ".cache", "localcoder-test-models");
const model = (size: string): ModelReference => ({
  id: size,
  name: `Qwen2.5-Coder ${size}`,
  path: join(folder, `qwen2.5-coder-${size}-instruct-q4_k_m.gguf`),
});
const small = model("0.5b");
const large = model("1.5b");
const requests = 50;

for (const { path } of [small, large]) {
  if (existsSync(path)) continue;
  console.log(`Two models: skipped, because ${path} is not there.`);
  process.exit(0);
}

const logs = mkdtempSync(join(tmpdir(), "localcoder-bench-models-"));
const settings = {
  ...defaultSettings,
  "localcoder.inference.contextSize": 2048,
  // Less than both take together, and more than each.
  "localcoder.inference.memory": 1900,
};
const inference = createInference({
  open: openForked(fileURLToPath(new URL("../src-engine/inference/inference.process.ts", import.meta.url)), join(logs, "log")),
  settings: { current: () => settings },
});
let loads = 0;
const inMemory = new Map<string, string>();
inference.states.listen(({ role, state }) => {
  if (state === "loading" && inMemory.get(role) !== "loading") loads += 1;
  inMemory.set(role, state);
});

/** Milliseconds until the first token of an answer, and until its end. */
async function ask(reference: ModelReference, role: "code" | "general", text: string): Promise<{ first: number; all: number }> {
  const from = performance.now();
  let first: number | undefined;
  const request = { messages: [{ role: "user" as const, text }], temperature: 0, maxTokens: 8, priority: "chat" as const };
  for await (const event of inference.generate(reference, role, request)) if (event.type === "text") first ??= performance.now() - from;
  const all = performance.now() - from;
  return { first: first ?? all, all };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

const coldStart = await timed(() => inference.ensure(small, "code"));
const firstCold = (await ask(small, "code", "Name one colour.")).first;
const firstWarm = (await ask(small, "code", "Name one colour.")).first;
const switches: number[] = [];
for (let round = 0; round < 3; round += 1) {
  switches.push(await timed(() => inference.ensure(large, "general")));
  switches.push(await timed(() => inference.ensure(small, "code")));
}
const toLarge = median(switches.filter((_, index) => index % 2 === 0));
const toSmall = median(switches.filter((_, index) => index % 2 === 1));

loads = 0;
const begun = performance.now();
await Promise.all(
  Array.from({ length: requests }, (_, index) =>
    index % 2 === 0 ? ask(small, "code", `Say ${index}.`) : ask(large, "general", `Say ${index}.`),
  ),
);
const queued = { loads, seconds: (performance.now() - begun) / 1000 };

loads = 0;
const waits: number[] = [];
const running: Promise<unknown>[] = [];
for (let index = 0; index < requests; index += 1) {
  const work = index % 2 === 0 ? ask(small, "code", `Tell ${index}.`) : ask(large, "general", `Tell ${index}.`);
  running.push(work.then(({ all }) => waits.push(all)));
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
await Promise.all(running);
const paced = { loads, wait: median(waits) };
await inference.dispose();
rmSync(logs, { recursive: true, force: true });

printFigures("Two models with memory for one", [
  { what: "0.5B: process and first load", unit: "ms", ours: coldStart, aim: "stated" },
  { what: "0.5B: first token of a new prompt", unit: "ms", ours: firstCold, aim: "stated" },
  { what: "0.5B: first token of a known prompt", unit: "ms", ours: firstWarm, aim: "stated" },
  { what: "switch to 1.5B, median of 3", unit: "ms", ours: toLarge, aim: "stated" },
  { what: "switch to 0.5B, median of 3", unit: "ms", ours: toSmall, aim: "stated" },
  { what: `loads for ${requests} alternating requests at once`, unit: "", ours: queued.loads, aim: "4 or fewer" },
  { what: "time for them", unit: "s", ours: queued.seconds, aim: "stated" },
  { what: `loads for ${requests}, one each second`, unit: "", ours: paced.loads, aim: "stated" },
  { what: "median wait for an answer then", unit: "s", ours: paced.wait / 1000, aim: "stated" },
]);
