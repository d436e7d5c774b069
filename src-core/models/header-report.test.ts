import { expect, test } from "vitest";
import type { GgufHeader } from "./gguf.ts";
import { reportHeader } from "./header-report.ts";

const tokens = ["a", "b", "<|im_start|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];

function header(change: Partial<GgufHeader> = {}, values: GgufHeader["values"] = new Map()): GgufHeader {
  return {
    version: 3,
    values,
    lengths: new Map([["tokenizer.ggml.tokens", tokens.length]]),
    fimTokens: new Set(),
    tensors: 1,
    parameters: 1,
    embeddedTokens: tokens.length,
    adaptedWidth: undefined,
    tokens,
    ...change,
  };
}

const failed = (report: ReturnType<typeof reportHeader>) => report.checks.filter(({ passed }) => !passed).map(({ text }) => text);

test("a sound vocabulary passes, and special tokens have their texts", () => {
  const values = new Map<string, string | number>([
    ["tokenizer.chat_template", "<|im_start|>{{ messages }}"],
    ["tokenizer.ggml.bos_token_id", 1],
  ]);
  const report = reportHeader(header({}, values));
  expect(failed(report)).toEqual([]);
  expect(report.specialTokens).toEqual([{ name: "bos", id: 1, text: "b" }]);
  expect(report.template).toBe("<|im_start|>{{ messages }}");
});

test("what contradicts the vocabulary is named", () => {
  const values = new Map<string, string | number>([
    ["tokenizer.chat_template", "<|start|>{{ messages }}"],
    ["tokenizer.ggml.eos_token_id", 99],
  ]);
  expect(failed(reportHeader(header({ embeddedTokens: 3, tokens: ["a", "a", "b"] }, values)))).toEqual([
    "6 tokens, but the weights have rows for 3 only.",
    "Not in the vocabulary: eos (99).",
    "1 token stands in it more than once.",
    "It has no tokens for filling in the middle, so it cannot write ghost text.",
    "The chat template writes <|start|>, which the vocabulary does not have.",
  ]);
});

test("long values are cut and lists are counted", () => {
  const values = new Map<string, string | readonly number[]>([
    ["general.description", "x".repeat(5000)],
    ["rope.factors", [1, 2, 3]],
  ]);
  const report = reportHeader(header({ lengths: new Map([["rope.factors", 3]]) }, values));
  expect(report.values.map(({ key, text }) => [key, text.length < 300 ? text.slice(0, 9) : "too long"])).toEqual([
    ["general.description", "xxxxxxxxx"],
    ["rope.factors", "3 entries"],
  ]);
  expect(failed(report)).toEqual(["The file has no vocabulary."]);
});
