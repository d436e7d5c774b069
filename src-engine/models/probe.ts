import { randomInt } from "node:crypto";
import type { ModelRole } from "#core/contracts/common";
import type { ModelSpeed } from "#core/contracts/models";
import type { Inference, ModelReference } from "../inference/host.ts";

/** Neither of the two looks of a probe takes longer than this, however slow the model is. */
const longest = 3000;
/** Reading gets at most this much of it. */
const longestReading = 1800;
const writtenTokens = 48;

/** What a probe needs; the clock and the end of time are for tests. */
export interface ProbeOptions {
  readonly inference: Pick<Inference, "prepare" | "infill" | "generate">;
  readonly now?: () => number;
  readonly after?: (milliseconds: number) => AbortSignal;
}

/** What a probe comes to, in tokens a second. */
export type ProbedSpeed = Pick<ModelSpeed, "reading" | "writing" | "guessing">;

/**
 * Measures a loaded model in at most three seconds: how many tokens a second it reads and writes. One that answers gets three more, for
 * the same answer with guesses. It goes on behind all other work. Undefined when too little came to tell, or when it was stopped.
 */
export async function probeModel(
  model: ModelReference,
  role: ModelRole,
  { inference, now = () => performance.now(), after = AbortSignal.timeout }: ProbeOptions,
  signal: AbortSignal,
): Promise<ProbedSpeed | undefined> {
  const ended = AbortSignal.any([signal, after(longest)]);
  const times: number[] = [];
  const question = someQuestion();
  const reading = role === "completion" ? await readHole() : await answer();
  if (signal.aborted || reading === undefined) return undefined;
  const writing = pace(times);
  // Reading took all the time there was. No model writes faster than it reads, so this is the most it can be.
  if (writing === undefined) return ended.aborted ? { reading, writing: reading } : undefined;
  if (role === "completion") return { reading, writing };
  const guessing = await guess();
  return signal.aborted ? undefined : { reading, writing, guessing };

  /** Ghost text: reads a place, then writes there. */
  async function readHole(): Promise<number | undefined> {
    const prefix = someCode();
    const hole = {
      document: `localcoder:probe:${randomInt(1e9)}`,
      path: "measure.ts",
      prefix,
      suffix: "\n}\n",
      shape: "ahead" as const,
      maxTokens: writtenTokens,
      blockMilliseconds: longest,
      priority: "background" as const,
    };
    const began = now();
    const reading = AbortSignal.any([ended, after(longestReading)]);
    const read = await inference.prepare(model, hole, reading).catch(() => undefined);
    // Cut short, it read fewer tokens than there are, so this is at most the speed.
    const speed = ((read?.evaluated ?? prefix.length / 3) * 1000) / Math.max(1, now() - began);
    if (signal.aborted) return undefined;
    await inference.infill(model, hole, ended, () => times.push(now())).catch(() => undefined);
    return speed;
  }

  /** Answers: reads a question, then answers it. */
  async function answer(): Promise<number | undefined> {
    const began = now();
    let reused: number | undefined;
    let evaluated = 0;
    let readAt = began;
    try {
      // What can be guessed depends on the answer; the speed is to be that of the model.
      for await (const event of inference.generate(model, role, { ...question, lookAhead: false }, ended)) {
        if (event.type === "reading") {
          reused ??= event.evaluated;
          if (event.evaluated > evaluated) readAt = now();
          evaluated = event.evaluated;
        } else if (event.type === "text") {
          times.push(now());
        } else if (event.type === "done") {
          evaluated = Math.max(evaluated, event.tokens.prompt);
          readAt = times[0] ?? readAt;
        }
      }
    } catch {
      // Its time is over; what came until then is the measure.
    }
    if (reused === undefined || evaluated <= reused) return undefined;
    return ((evaluated - reused) * 1000) / Math.max(1, readAt - began);
  }

  /** The same question, which is read already, answered with guesses. */
  async function guess(): Promise<number | undefined> {
    const guessed: number[] = [];
    const over = AbortSignal.any([signal, after(longest)]);
    try {
      for await (const event of inference.generate(model, role, { ...question, lookAhead: true }, over))
        if (event.type === "text") guessed.push(now());
    } catch {
      // The same.
    }
    return pace(guessed);
  }
}

/** Tokens a second; undefined where too few came to tell. */
function pace(times: readonly number[]): number | undefined {
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  return times.length >= 3 && last > first ? ((times.length - 1) * 1000) / (last - first) : undefined;
}

/** A request whose answer repeats most of it, as rewriting does. */
function someQuestion() {
  return {
    messages: [{ role: "user" as const, text: `Write this function again, with \`scale\` in place of \`factor\`:\n\n${someCode(4)}0;\n}` }],
    // Straight to the code: what comes before it is nothing to guess.
    answerPrefix: "```ts\n",
    // With a little chance: what was surely said before is known and would cost nothing.
    temperature: 0.05,
    maxTokens: writtenTokens,
    priority: "background" as const,
  };
}

/** About 15 tokens a line, other ones each time: what a model still knows would cost nothing and be no measure. */
function someCode(length = 6): string {
  const lines = Array.from({ length }, (_, index) => `  const value${index} = ${randomInt(1000, 10_000)} * factor;`);
  return `function compute${randomInt(1000, 10_000)}(factor: number): number {\n${lines.join("\n")}\n  return `;
}
