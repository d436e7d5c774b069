import { basename } from "node:path";
import { startBare } from "./bare.ts";
import { median, percentile, printFigures } from "./figures.ts";
import { modelFile, openInference, someCode } from "./model.ts";

// Ghost text beside the fill-in of node-llama-cpp alone, which lays out prompts as most tools do: all before the cursor, all
// after it, the middle. The same model, threads and texts, in turns. Usage: node bench/ghost-text.ts [MODEL.gguf] [PLACES]

const path = modelFile();
const places = Number(process.argv[3] ?? 12);
const contextSize = 2048;
const tokens = 24;
const model = { id: "bench", name: "bench", path };

const { inference } = openInference(contextSize);
const { threads } = await inference.ensure(model, "completion");
const bare = startBare();
await bare.ask({ type: "load", path, threads, contextSize });

async function ours(prefix: string, suffix: string) {
  const from = performance.now();
  const result = await inference.infill(model, {
    document: "/bench.ts",
    path: "bench.ts",
    prefix,
    suffix,
    shape: "line",
    maxTokens: tokens,
    blockMilliseconds: 0,
    priority: "ghost-text",
  });
  const text = result.pieces.map((piece) => piece.text).join("");
  return { text, evaluated: result.tokens.evaluated, milliseconds: performance.now() - from };
}

async function theirs(prefix: string, suffix: string) {
  const { text = "", tokens: evaluated, milliseconds } = await bare.ask({ type: "infill", prefix, suffix, tokens });
  return { text, evaluated, milliseconds };
}

/** Places in our own sources: a line with words, what stands before it and what after. */
function choosePlaces(): readonly { before: string; line: string; after: string }[] {
  const lines = someCode(60_000).split("\n");
  const usable = lines.flatMap((line, index) =>
    index > 30 && line.trim().length > 24 && !/^\s*(?:\/\/|\*|import)/.test(line) ? [index] : [],
  );
  return Array.from({ length: places }, (_, place) => {
    const index = usable[Math.floor((place * usable.length) / places)] ?? 31;
    return {
      before: lines
        .slice(Math.max(0, index - 40), index)
        .map((line) => `${line}\n`)
        .join(""),
      line: lines[index] ?? "",
      after: lines
        .slice(index + 1, index + 13)
        .map((line) => `\n${line}`)
        .join(""),
    };
  });
}

const first = { ours: [] as number[], peer: [] as number[] };
const key = { ours: [] as number[], peer: [] as number[] };
const evaluated = { ours: [] as number[], peer: [] as number[] };
const right = { ours: 0, peer: 0 };
let asked = 0;
for (const { before, line, after } of choosePlaces()) {
  const indentation = line.length - line.trimStart().length;
  // A burst: the line is typed key by key up to its middle, and the rest of it is what is wanted.
  const end = indentation + Math.ceil((line.length - indentation) / 2);
  for (let length = indentation; length <= end; length += 1) {
    const own = await ours(before + line.slice(0, length), after);
    // Every fourth key is enough of the slow side.
    const other =
      length === indentation || length === end || length % 4 === 0 ? await theirs(before + line.slice(0, length), after) : undefined;
    const group = length === indentation ? first : key;
    group.ours.push(own.milliseconds);
    if (other !== undefined) group.peer.push(other.milliseconds);
    if (length > indentation) {
      evaluated.ours.push(own.evaluated);
      if (other !== undefined) evaluated.peer.push(other.evaluated);
    }
    if (other !== undefined) {
      asked += 1;
      const wanted = line.slice(length).trimEnd();
      if (own.text.trimEnd() === wanted) right.ours += 1;
      if (other.text.trimEnd() === wanted) right.peer += 1;
    }
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const peerName = "node-llama-cpp infill";
printFigures(`${basename(path)}, ${threads} threads, ${places} places, ${key.ours.length} keys`, [
  {
    what: "tokens evaluated for a key, mean",
    unit: "tokens",
    ours: mean(evaluated.ours),
    peer: mean(evaluated.peer),
    peerName,
    aim: "1.5 tokens",
  },
  { what: "first request of a burst, median", unit: "ms", ours: median(first.ours), peer: median(first.peer), peerName, aim: "1 x" },
  { what: "line after a key, median", unit: "ms", ours: median(key.ours), peer: median(key.peer), peerName, aim: "0.5 x" },
  {
    what: "line after a key, 95 %",
    unit: "ms",
    ours: percentile(key.ours, 0.95),
    peer: percentile(key.peer, 0.95),
    peerName,
    aim: "0.5 x",
  },
  {
    what: `rest of the line exactly right, of ${asked}`,
    unit: "%",
    ours: (100 * right.ours) / asked,
    peer: (100 * right.peer) / asked,
    peerName,
    aim: "more",
  },
]);

bare.end();
await inference.dispose();
