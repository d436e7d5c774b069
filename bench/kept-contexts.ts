import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultSettings } from "#core/settings/schema";
import { openForked } from "#engine/inference/forked";
import { createInference } from "#engine/inference/host";
import { printFigures } from "./figures.ts";
import { modelFile, someCode } from "./model.ts";

// The next question of a long thread after its model was unloaded: the first token with what the thread left kept on disk, and without.
// Both load the model anew. Usage: node bench/kept-contexts.ts [MODEL.gguf]

const path = modelFile(process.argv[2]);
const model = { id: "bench", name: "bench", path };
const folder = mkdtempSync(join(tmpdir(), "localcoder-bench-contexts-"));
const entry = fileURLToPath(new URL("../src-engine/inference/inference.process.ts", import.meta.url));

/** Asks, unloads and asks on; milliseconds until the first token, load included, and what was read. */
async function nextTurn(megabytes: number) {
  const settings = {
    ...defaultSettings,
    "localcoder.inference.gpu": "off" as const,
    "localcoder.inference.contextSize": 8192,
    "localcoder.inference.keptContexts": megabytes,
  };
  const inference = createInference({
    open: openForked(entry, join(folder, "log")),
    settings: { current: () => settings },
    contextsFolder: join(folder, "contexts"),
  });
  const ask = async (messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[]) => {
    const from = performance.now();
    let first = 0;
    let text = "";
    const request = { messages: [...messages], temperature: 0, maxTokens: 16, priority: "chat" as const };
    for await (const event of inference.generate(model, "general", request)) {
      if (event.type === "text") first ||= performance.now() - from;
      if (event.type === "text") text += event.text;
      if (event.type === "done") return { first, text, tokens: event.tokens };
    }
    throw new Error("It did not end.");
  };
  const question = { role: "user" as const, text: `What does this do?\n\n${someCode(4500)}` };
  const { text } = await ask([question]);
  const began = performance.now();
  await inference.unload();
  const unloading = performance.now() - began;
  const contexts = join(folder, "contexts");
  const bytes = megabytes === 0 ? 0 : readdirSync(contexts).reduce((sum, name) => sum + statSync(join(contexts, name)).size, 0);
  const answer = await ask([question, { role: "assistant", text }, { role: "user", text: "Name its inputs." }]);
  await inference.dispose();
  return { ...answer, unloading, bytes };
}

const without = await nextTurn(0);
const kept = await nextTurn(1024);
rmSync(folder, { recursive: true, force: true });
if (kept.text !== without.text) console.log(`The answers differ:\n${without.text}\n---\n${kept.text}`);
printFigures(`The next turn of a thread of ${kept.tokens.prompt} tokens after an unload, ${path}`, [
  {
    what: "first token, load included",
    unit: "s",
    ours: kept.first / 1000,
    peer: without.first / 1000,
    peerName: "without",
    aim: "only what is new is read",
  },
  { what: "tokens read", unit: "", ours: kept.tokens.evaluated, peer: without.tokens.evaluated, peerName: "without", aim: "stated" },
  { what: "unloading", unit: "ms", ours: kept.unloading, peer: without.unloading, peerName: "without", aim: "stated" },
  { what: "on disk", unit: "MB", ours: kept.bytes / 1e6, aim: "stated" },
]);
