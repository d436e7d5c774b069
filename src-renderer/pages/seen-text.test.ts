import { expect, test } from "vitest";
import type { AnswerDetails } from "#core/contracts/sessions";
import { placeOfSource, seenFacts } from "./seen-text.ts";

const details: AnswerDetails = {
  model: "Small 0.5B",
  provider: "local-llama",
  tokens: { prompt: 400, reused: 100, evaluated: 300, generated: 50 },
  tokensPerSecond: 12,
  milliseconds: 5200,
  stop: "end",
  temperature: 0.2,
  seed: 7,
  answerPrefix: "",
};

test("an answer is described by what is known of it", () => {
  expect(seenFacts(details).map(([, text]) => text)).toEqual([
    "Small 0.5B on this machine",
    "400 tokens, 100 of them known from before",
    "50 tokens in 5.2 s, 12 tokens/s",
    "temperature 0.2, seed 7",
  ]);
  const { seed, tokensPerSecond, provider, ...less } = details;
  expect(seenFacts(less).map(([, text]) => text)).toEqual([
    "Small 0.5B",
    "400 tokens, 100 of them known from before",
    "50 tokens in 5.2 s",
  ]);
});

test.each([
  ["src/a.ts:3-9", { path: "src/a.ts", from: 3, to: 9 }],
  ["C:\\a b.ts:3-3", { path: "C:\\a b.ts", from: 3, to: 3 }],
  ["AGENTS.md", { path: "AGENTS.md", from: 1, to: 1 }],
])("%s is a place", (source, place) => {
  expect(placeOfSource(source)).toEqual(place);
});
