import { randomInt } from "node:crypto";
import { UserError } from "#core/base/errors";
import type { ModelBenchEvent } from "#core/contracts/models";
import type { Inference, ModelReference } from "../inference/host.ts";

/** About as long as what an action on a function reads. */
const promptLines = 40;
const writtenTokens = 64;

/** Loads a model anew and measures what a user waits for: the load, the first token of a new and of a known prompt, and the writing. */
export async function* benchModel(
  inference: Pick<Inference, "unload" | "ensure" | "generate">,
  model: ModelReference,
  signal: AbortSignal | undefined,
): AsyncGenerator<ModelBenchEvent, void, void> {
  yield { type: "step", step: "loading" };
  await inference.unload();
  const began = performance.now();
  const { backend, threads } = await inference.ensure(model, "code", signal);
  const loadMilliseconds = performance.now() - began;

  yield { type: "step", step: "reading" };
  const messages = [{ role: "user" as const, text: question() }];
  const cold = await answer(messages, writtenTokens);
  yield { type: "step", step: "writing" };
  const warm = await answer(messages, 2);
  const reading = Math.max(1, cold.firstToken - (cold.tokensPerSecond > 0 ? 1000 / cold.tokensPerSecond : 0));
  yield {
    type: "done",
    bench: {
      id: model.id,
      model: model.name,
      path: model.path,
      backend,
      threads,
      loadMilliseconds,
      firstTokenMilliseconds: { cold: cold.firstToken, warm: warm.firstToken },
      promptTokens: cold.evaluated,
      promptTokensPerSecond: (cold.evaluated * 1000) / reading,
      tokensPerSecond: cold.tokensPerSecond,
    },
  };

  async function answer(asked: typeof messages, maxTokens: number) {
    const from = performance.now();
    let firstToken: number | undefined;
    const request = { messages: asked, temperature: 0.2, maxTokens, lookAhead: false, priority: "background" as const };
    for await (const event of inference.generate(model, "code", request, signal)) {
      if (event.type === "text") firstToken ??= performance.now() - from;
      if (event.type === "done") {
        const { evaluated, generated } = event.tokens;
        return { firstToken: firstToken ?? performance.now() - from, evaluated, generated, tokensPerSecond: event.tokensPerSecond };
      }
    }
    throw new UserError("INFERENCE_STOPPED", "The model ended without finishing its answer.", "Try again.");
  }
}

/** Other numbers each time, so that nothing of it is known from the last one. */
function question(): string {
  const lines = Array.from({ length: promptLines }, (_, index) => `  const value${index} = ${randomInt(1000, 10_000)} * factor;`);
  return `Explain at length what this function does:\n\nfunction compute(factor: number) {\n${lines.join("\n")}\n}`;
}
