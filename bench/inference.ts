import { basename } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { GenerateEvent } from "#core/contracts/inference";
import { openApp } from "./app.ts";
import { startBare } from "./bare.ts";
import { median, percentile, printFigures } from "./figures.ts";
import { modelFile, openInference, someCode } from "./model.ts";

// Our inference process, and the whole app, beside node-llama-cpp alone: the same file, threads and prompts, in turns, so that
// a busy machine slows both alike. Usage: node bench/inference.ts [MODEL.gguf] [ROUNDS]; Linux, under a display.

const path = modelFile(process.argv[2]);
const rounds = Number(process.argv[3] ?? 8);
const contextSize = 4096;
const decoded = 48;
/** Tokens that both read at once; ours are as long as 100 ms, which is about this many at 0.5B on two cores. */
const slice = 24;
const model = { id: "bench", name: "bench", path };

const { inference, untilIdle } = openInference(contextSize);
const { threads } = await inference.ensure(model, "code");
const bare = startBare();
await bare.ask({ type: "load", path, threads, contextSize });

/** The bare side's work must not count as somebody else's, to whom ours leaves a core. */
const apart = () => wait(2500);

/** Asks our process with a text that begins differently each time, so that nothing is known from before. */
async function ours(text: string, maxTokens: number) {
  await apart();
  const from = performance.now();
  const times: number[] = [];
  const slices: number[] = [];
  let read = 0;
  let last: GenerateEvent | undefined;
  const request = { messages: [{ role: "user" as const, text }], temperature: 0, maxTokens, priority: "chat" as const };
  for await (const event of inference.generate(model, "code", request)) {
    if (event.type === "text") times.push(performance.now());
    if (event.type === "reading") {
      if (event.evaluated > read) slices.push(event.evaluated - read);
      read = event.evaluated;
    }
    last = event;
  }
  if (last?.type !== "done") throw new Error("No end.");
  return { first: (times[0] ?? performance.now()) - from, each: differences(times), evaluated: last.tokens.evaluated, slices };
}

function differences(times: readonly number[]): readonly number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? time));
}

/** Milliseconds of each token written, and tokens a second of each text read. */
const writing = { ours: [] as number[], peer: [] as number[] };
const reading = { ours: [] as number[], slices: [] as number[], batch: [] as number[] };
const slices: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const question = `${round + 1} Explain this code in detail.\n${someCode(300, round * 700)}`;
  writing.ours.push(...(await ours(question, decoded + 1)).each);
  const written = await bare.ask({ type: "decode", messages: [{ role: "user", text: question }], tokens: decoded });
  writing.peer.push(...(written.each ?? []));

  const code = `${round + 1}\n${someCode(1200, round * 1300)}`;
  const read = await ours(code, 1);
  reading.ours.push((read.evaluated * 1000) / read.first);
  slices.push(...read.slices);
  const sliced = await bare.ask({ type: "prefill", text: code, slice });
  reading.slices.push((sliced.tokens * 1000) / sliced.milliseconds);
  const whole = await bare.ask({ type: "prefill", text: code, slice: 512 });
  reading.batch.push((whole.tokens * 1000) / whole.milliseconds);
}

const peer = { unit: "tokens/s", peerName: "node-llama-cpp" };
printFigures(`${basename(path)}, ${threads} threads, ${rounds} rounds`, [
  { ...peer, what: "writing, median", ours: 1000 / median(writing.ours), peer: 1000 / median(writing.peer), aim: "0.97 x" },
  {
    ...peer,
    what: "writing, fastest tenth (undisturbed)",
    ours: 1000 / percentile(writing.ours, 0.1),
    peer: 1000 / percentile(writing.peer, 0.1),
    aim: "0.97 x",
  },
  {
    ...peer,
    what: `reading, its slices ${slice} tokens (ours ${median(slices)})`,
    ours: median(reading.ours),
    peer: median(reading.slices),
    aim: "0.97 x",
  },
  { ...peer, what: "reading, its batch 512 tokens", ours: median(reading.ours), peer: median(reading.batch), aim: "stated" },
]);

const waits: number[] = [];
let whileReading = 0;
for (let trial = 0; trial < rounds * 5; trial += 1) {
  const controller = new AbortController();
  const request = {
    messages: [{ role: "user" as const, text: `${trial}\n${someCode(1500, trial * 310)}\nExplain it in detail.` }],
    temperature: 0,
    maxTokens: 400,
    priority: "chat" as const,
  };
  let writes = false;
  const answer = (async () => {
    for await (const event of inference.generate(model, "code", request, controller.signal)) if (event.type === "text") writes = true;
  })().catch(() => {});
  await wait(Math.random() * 4000);
  if (!writes) whileReading += 1;
  const from = performance.now();
  controller.abort();
  // The model is free when it has evaluated something for somebody else's request.
  await answer;
  await untilIdle();
  waits.push(performance.now() - from);
}
const milliseconds = (share: number) => percentile(waits, share).toFixed(0);
console.log(`\nFrom Stop to an idle model, ${waits.length} times at random moments, ${whileReading} of them while it reads`);
console.log(`  median ${milliseconds(0.5)} ms  95 % ${milliseconds(0.95)} ms  longest ${milliseconds(1)} ms  aim 95 % in 150 ms`);
await inference.dispose();

// The same through the whole app: window, engine, history and socket. The bare side gets the prompt that the app made.
const app = await openApp(path, contextSize, decoded + 1);
const whole = { ours: [] as number[], peer: [] as number[] };
// The first answer loads the model.
for (let round = 0; round <= rounds; round += 1) {
  await apart();
  const { messages, tokens, milliseconds } = await app.explain(`// ${round}\n${someCode(300, round * 700)}`);
  const written = await bare.ask({ type: "decode", messages, tokens });
  if (round === 0) continue;
  whole.ours.push((tokens * 1000) / milliseconds);
  whole.peer.push((written.tokens * 1000) / written.milliseconds);
}
printFigures(`In the app, ${rounds} explanations of ${decoded} tokens`, [
  { ...peer, what: "writing, whole answers, median", ours: median(whole.ours), peer: median(whole.peer), aim: "0.97 x" },
]);
await app.close();
bare.end();
