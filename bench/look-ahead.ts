import { setTimeout as wait } from "node:timers/promises";
import { printFigures } from "./figures.ts";
import { modelFile, openInference } from "./model.ts";
import { type Rewrite, requestOf, rewrites } from "./rewrites.ts";

// Guesses from the prompt: the same requests with and without them, in turns, so that a busy machine slows both alike. The answers have to
// be the same, letter by letter. Usage: node bench/look-ahead.ts [MODEL.gguf]

const path = modelFile(process.argv[2]);
const model = { id: "bench", name: "bench", path };
const { inference, untilIdle } = openInference(4096);
await inference.ensure(model, "code");

/** Milliseconds from the first piece of the answer to its end, and the answer. */
async function write(one: Rewrite, lookAhead: boolean) {
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
for (const one of rewrites) {
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
printFigures(`Writing with guesses from the prompt, ${path}; ${same} of ${rewrites.length} answers the same`, figures);
await inference.dispose();
