import { freemem } from "node:os";
import type { Token } from "#engine/inference/language-model";
import { createLlamaLoader } from "#engine/inference/llama";
import { createPace } from "#engine/inference/pace";
import { createTrack, type Track } from "#engine/inference/track";
import { median, printFigures } from "./figures.ts";
import { modelFile } from "./model.ts";
import { requestOf, rewrites } from "./rewrites.ts";

// A small model drafts for a larger one, which checks the draft in one step: the same answers with and without, in turns. Another way
// than bench/look-ahead.ts, where guesses cost nothing. Usage: node bench/draft.ts [LARGE.gguf SMALL.gguf]

const large = modelFile(process.argv[2] ?? modelFile(undefined).replace("0.5b", "1.5b"));
const small = modelFile(process.argv[3]);
/** A draft ends where the small model is less sure than this. */
const leastSure = 0.6;
const drafts = [2, 4];
const mostTokens = 48;

const loader = createLlamaLoader(() => {}, freemem);
const turn = { pause: async () => {} };

async function open(path: string) {
  const { model } = await loader.open({
    path,
    gpu: "off",
    gpuLayers: 0,
    threads: 0,
    keyValueType: "f16",
    onProgress: () => {},
    signal: undefined,
  });
  const [sequence] = await model.openSequences(4096, 1, []);
  return { model, track: createTrack(sequence!, createPace({ first: 64 })) };
}
const writer = await open(large);
const drafter = await open(small);

/** What the small model would write next. */
async function draft(track: Track, tokens: readonly Token[], most: number): Promise<Token[]> {
  const guesses: Token[] = [];
  while (guesses.length < most) {
    const { token, probability } = await track.predict(
      [...tokens, ...guesses],
      { temperature: 0, probability: true, candidates: false },
      turn,
    );
    if (probability < leastSure || writer.model.isEnd(token)) break;
    guesses.push(token);
  }
  return guesses;
}

/** Writes an answer and says how fast, and how many of the guesses were right. */
async function write(prompt: readonly Token[], most: number) {
  const options = { temperature: 0, probability: false, candidates: false };
  const tokens = [...prompt];
  await writer.track.clear();
  await drafter.track.clear();
  tokens.push(...(await writer.track.predictAlong(tokens, [], options, turn)));
  // Reading the prompt twice is another cost of a draft, which is not counted here.
  if (most > 0) await drafter.track.predict(tokens, { ...options, probability: true }, turn);
  let guessed = 0;
  let right = 0;
  const began = performance.now();
  while (tokens.length < prompt.length + mostTokens && !tokens.slice(prompt.length).some(writer.model.isEnd)) {
    const guesses = most > 0 ? await draft(drafter.track, tokens, most) : [];
    const came = await writer.track.predictAlong(tokens, guesses, options, turn);
    guessed += guesses.length;
    right += came.length - 1;
    tokens.push(...came);
  }
  const written = tokens.length - prompt.length - 1;
  return { speed: (written * 1000) / (performance.now() - began), right: guessed > 0 ? right / guessed : 0 };
}

const figures = [];
for (const one of rewrites) {
  const prompt = writer.model.renderChat(requestOf(one).messages).tokens;
  const alone = await write(prompt, 0);
  for (const most of drafts) {
    const { speed, right } = await write(prompt, most);
    const what = `${one.what}, drafts of ${most}, ${Math.round(right * 100)} % right`;
    console.log(`${what}: ${speed.toFixed(1)} and ${alone.speed.toFixed(1)} tokens/s`);
    figures.push({ what, unit: "tokens/s", ours: speed, peer: alone.speed, peerName: "without", aim: "stated" });
  }
}
printFigures(`${small} drafts for ${large}; median ${median(figures.map(({ ours, peer }) => ours / peer)).toFixed(2)} x`, figures);
await writer.model.dispose();
await drafter.model.dispose();
