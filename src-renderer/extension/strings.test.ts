import { expect, it } from "vitest";
import { strings } from "./strings.ts";

function sentences(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "function") return [String(value(1, 1, 1, 1))];
  return Object.values(value as object).flatMap(sentences);
}

it("is calm: no exclamation marks, no emoji, no capitals for emphasis", () => {
  for (const text of sentences(strings)) {
    expect(text).not.toMatch(/!(?!=)/);
    expect(text).not.toMatch(/\p{Extended_Pictographic}/u);
    expect(text).not.toMatch(/\b(?!GGUF|MODELS_DIR|HF_ENDPOINT|CUDA|GPT4|README)[A-Z]{5,}\b/);
  }
});
