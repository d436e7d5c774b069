import { expect, test } from "vitest";
import { describeHubHead } from "./hub-head.ts";

test("a file of the hub is told by what it is, what it is good for and what it takes", () => {
  const head = {
    architecture: "qwen2",
    parameters: 7.6,
    quantisation: "Q4_K_M",
    contextLength: 32_768,
    roles: ["completion" as const, "code" as const],
    memory: 6 * 2 ** 30,
    contextSize: 8192,
    budget: 16 * 2 ** 30,
    fits: true,
  };
  expect(describeHubHead(head)).toBe(
    "Architecture qwen2, 7.6B, Q4_K_M, up to 32,768 tokens of context. Good for ghost text, actions. " +
      "It takes about 6 GB of memory with a context of 8,192 tokens; models may take 16 GB.",
  );
  const other = { ...head, parameters: 0.27, quantisation: undefined, contextLength: undefined, roles: [], memory: 400 * 2 ** 20 };
  expect(describeHubHead(other)).toBe(
    "Architecture qwen2, 270M. It can neither fill in nor chat. " +
      "It takes about 400 MB of memory with a context of 8,192 tokens; models may take 16 GB.",
  );
});
