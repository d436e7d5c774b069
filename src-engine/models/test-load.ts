import { randomInt } from "node:crypto";
import { UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { Inference, ModelReference } from "../inference/host.ts";

/** What a test of a model showed. Speeds are tokens a second. */
export interface ModelTest {
  readonly model: string;
  readonly backend: string;
  readonly promptTokensPerSecond: number;
  readonly tokensPerSecond: number;
  readonly text: string;
}

/** Loads a model for a role and lets it write a few tokens, to show that it works here. */
export async function testModel(inference: Inference, model: ModelReference, role: ModelRole, signal?: AbortSignal): Promise<ModelTest> {
  const { backend } = await inference.ensure(model, role, signal);
  // Another name each time: what the model still knows from the last try would come at once, and be no measure.
  const name = `add${randomInt(1000, 10_000)}`;
  const measured =
    role === "completion"
      ? await fillIn(inference, model, name, signal)
      : role === "embedding"
        ? await embed(inference, model, name, signal)
        : await answer(inference, model, role, name, signal);
  return { model: model.name, backend, ...measured };
}

type Measured = Omit<ModelTest, "model" | "backend">;

async function fillIn(inference: Inference, model: ModelReference, name: string, signal: AbortSignal | undefined): Promise<Measured> {
  const { pieces, tokens, milliseconds } = await inference.infill(
    model,
    {
      document: "localcoder:test",
      path: "add.ts",
      prefix: `/** Adds two numbers. */\nfunction ${name}(one: number, other: number): number {\n  return `,
      suffix: "\n}\n",
      shape: "line",
      maxTokens: 16,
      blockMilliseconds: 2000,
      priority: "background",
    },
    signal,
  );
  return {
    promptTokensPerSecond: rate(tokens.evaluated, milliseconds.evaluating),
    tokensPerSecond: rate(tokens.generated, milliseconds.generating),
    text: pieces.map((piece) => piece.text).join(""),
  };
}

async function answer(
  inference: Inference,
  model: ModelReference,
  role: ModelRole,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Measured> {
  const started = performance.now();
  let firstText: number | undefined;
  let text = "";
  let result: Measured = { promptTokensPerSecond: 0, tokensPerSecond: 0, text };
  const request = `Write a TypeScript function ${name} that adds two numbers. Answer with the code alone.`;
  const messages = [{ role: "user" as const, text: request }];
  for await (const event of inference.generate(
    model,
    role,
    { messages, temperature: 0, maxTokens: 24, lookAhead: false, priority: "background" },
    signal,
  )) {
    if (event.type === "text") {
      firstText ??= performance.now();
      text += event.text;
    } else if (event.type === "done") {
      const reading = (firstText ?? performance.now()) - started;
      result = { promptTokensPerSecond: rate(event.tokens.evaluated, reading), tokensPerSecond: event.tokensPerSecond, text };
    }
  }
  return result;
}

/** What is close in meaning has to be closer as a vector, or the model is of no use for search. */
async function embed(inference: Inference, model: ModelReference, name: string, signal: AbortSignal | undefined): Promise<Measured> {
  const texts = [
    `The function ${name} adds two numbers.`,
    `${name} returns the sum of two numbers.`,
    "It rained in the mountains all night.",
  ];
  const tokens = await Promise.all(texts.map((text) => inference.countTokens(model, "embedding", text, signal)));
  const began = performance.now();
  const [one = [], close = [], far = []] = await inference.embed(model, { texts, priority: "background" }, signal);
  const reading = performance.now() - began;
  const [near, apart] = [product(one, close), product(one, far)];
  if (!(near > apart)) {
    throw new UserError(
      "MODEL_LOAD_FAILED",
      `${model.name} is loaded, but its vectors do not tell what texts mean.`,
      "The file may be damaged or of a kind this version does not know: check it, or choose another model.",
    );
  }
  const promptTokensPerSecond = rate(
    tokens.reduce((sum, count) => sum + count, 0),
    reading,
  );
  return {
    promptTokensPerSecond,
    tokensPerSecond: 0,
    text: `${near.toFixed(2)} for what means the same, ${apart.toFixed(2)} for what does not`,
  };
}

function product(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, number, index) => sum + number * (other[index] ?? 0), 0);
}

function rate(tokens: number, milliseconds: number): number {
  return milliseconds > 0 ? (tokens * 1000) / milliseconds : 0;
}
