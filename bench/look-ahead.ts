import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { EditorAction } from "#core/assist/action";
import { explain } from "#core/assist/explain";
import { improve } from "#core/assist/improve";
import { refactor } from "#core/assist/refactor";
import { printFigures } from "./figures.ts";
import { modelFile, openInference } from "./model.ts";

// Guesses from the prompt: the same requests with and without them, in turns, so that a busy machine slows both alike. The answers have to
// be the same, letter by letter. Usage: node bench/look-ahead.ts [MODEL.gguf]

const path = modelFile(process.argv[2]);
const model = { id: "bench", name: "bench", path };
const { inference, untilIdle } = openInference(4096);
await inference.ensure(model, "code");

interface Case {
  readonly what: string;
  readonly action: EditorAction;
  readonly instruction: string;
  /** A part of our own sources: its first and last line, counted from 1. */
  readonly file: string;
  readonly lines: readonly [number, number];
}

const code = "src-core/models/tiers.ts";
const cases: readonly Case[] = [
  { what: "rename", action: refactor, instruction: "Rename the parameter memory to there.", file: code, lines: [90, 94] },
  {
    what: "loop",
    action: improve,
    instruction: "Use a for...of loop in place of reduce and map.",
    file: "bench/figures.ts",
    lines: [25, 38],
  },
  { what: "types", action: improve, instruction: "Give every function an explicit return type.", file: "bench/model.ts", lines: [11, 45] },
  {
    what: "comments",
    action: refactor,
    instruction: "Add a comment above each branch.",
    file: "src-core/models/format.ts",
    lines: [1, 29],
  },
  { what: "improve", action: improve, instruction: "", file: "src-engine/inference/pressure.ts", lines: [14, 30] },
  { what: "explain", action: explain, instruction: "", file: "src-engine/inference/pace.ts", lines: [20, 39] },
];

function requestOf({ action, instruction, file, lines: [first, last] }: Case) {
  const lines = readFileSync(new URL(`../${file}`, import.meta.url), "utf8").split("\n");
  const selection = lines.slice(first - 1, last).join("\n");
  const context = {
    path: file,
    languageId: "typescript",
    selection,
    before: "",
    after: "",
    instruction,
    problems: [],
    references: [],
    purpose: "",
  };
  return { ...action.prompt(context), temperature: 0, maxTokens: 200, priority: "inline-action" as const };
}

/** Milliseconds from the first piece of the answer to its end, and the answer. */
async function write(one: Case, lookAhead: boolean) {
  await forget();
  let text = "";
  let began = 0;
  let generated = 0;
  for await (const event of inference.generate(model, "code", { ...requestOf(one), lookAhead })) {
    if (event.type === "text") {
      began ||= performance.now();
      text += event.text;
    }
    if (event.type === "done") generated = event.tokens.generated;
  }
  return { text, generated, speed: (generated * 1000) / (performance.now() - began) };
}

/** Answers that are known would come at once: other questions take their place. */
async function forget(): Promise<void> {
  for (const text of [`Say one. ${Math.random()}`, `Say two. ${Math.random()}`]) {
    const request = { messages: [{ role: "user" as const, text }], temperature: 0, maxTokens: 1, priority: "chat" as const };
    for await (const _ of inference.generate(model, "code", request));
  }
  await untilIdle();
  await wait(500);
}

let same = 0;
const figures = [];
for (const one of cases) {
  const without = await write(one, false);
  const guessed = await write(one, true);
  if (guessed.text === without.text) same += 1;
  else console.log(`${one.what} differs:\n${without.text}\n---\n${guessed.text}`);
  console.log(`${one.what}: ${guessed.speed.toFixed(1)} and ${without.speed.toFixed(1)} tokens/s`);
  figures.push({
    what: `${one.what}, ${without.generated} tokens`,
    unit: "tokens/s",
    ours: guessed.speed,
    peer: without.speed,
    peerName: "without",
    aim: "stated",
  });
}
printFigures(`Writing with guesses from the prompt, ${path}; ${same} of ${cases.length} answers the same`, figures);
await inference.dispose();
