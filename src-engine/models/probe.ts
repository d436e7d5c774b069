import { randomInt } from "node:crypto";
import type { ModelRole } from "#core/contracts/common";
import type { ModelSpeed } from "#core/contracts/models";
import type { Inference, ModelReference } from "../inference/host.ts";

/** A probe takes no longer than this, however slow the model is. */
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

/**
 * Measures a loaded model in at most three seconds: how many tokens a second it reads and writes. It goes on behind all other
 * work. Undefined when too little came to tell, or when it was stopped.
 */
export async function probeModel(
  model: ModelReference,
  role: ModelRole,
  { inference, now = () => performance.now(), after = AbortSignal.timeout }: ProbeOptions,
  signal: AbortSignal,
): Promise<Pick<ModelSpeed, "reading" | "writing"> | undefined> {
  const ended = AbortSignal.any([signal, after(longest)]);
  const times: number[] = [];
  const reading = role === "completion" ? await readHole() : await answer();
  if (signal.aborted || reading === undefined) return undefined;
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  if (times.length >= 3 && last > first) return { reading, writing: ((times.length - 1) * 1000) / (last - first) };
  // Reading took all the time there was. No model writes faster than it reads, so this is the most it can be.
  return ended.aborted ? { reading, writing: reading } : undefined;

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
    const request = {
      messages: [{ role: "user" as const, text: `Explain at length what this does:\n\n${someCode()}\n}` }],
      temperature: 0,
      maxTokens: writtenTokens,
      // What can be guessed depends on the answer; the speed is to be that of the model.
      lookAhead: false,
      priority: "background" as const,
    };
    try {
      for await (const event of inference.generate(model, role, request, ended)) {
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
}

/** About 100 tokens, other ones each time: what a model still knows would cost nothing and be no measure. */
function someCode(): string {
  const lines = Array.from({ length: 6 }, (_, index) => `  const value${index} = ${randomInt(1000, 10_000)} * factor;`);
  return `function compute${randomInt(1000, 10_000)}(factor: number): number {\n${lines.join("\n")}\n  return `;
}
