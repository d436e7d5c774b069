import { describe, expect, test } from "vitest";
import { fimTemplates, findStopTokens, findTemplate } from "./templates.ts";

const vocabularyOf = (texts: readonly string[]) => (text: string) => {
  const at = texts.indexOf(text);
  return at < 0 ? undefined : at;
};

describe("finding the template", () => {
  test.each(fimTemplates.map((template) => [template.family, template] as const))("%s by the tokens it has", (family, template) => {
    const texts = [template.prefix, template.suffix, template.middle, template.repository, template.file].filter(
      (text) => text !== undefined,
    );
    expect(findTemplate(vocabularyOf(texts))?.template.family).toBe(family);
  });

  test("nothing without a suffix token, whatever the model is called", () => {
    expect(findTemplate(vocabularyOf(["<|fim_prefix|>", "<|fim_middle|>"]))).toBeUndefined();
  });

  test("the plain tokens without file marks are no Qwen", () => {
    const found = findTemplate(vocabularyOf(["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"]));
    expect(found?.template.family).toBe("granite");
    expect(found?.file).toBeUndefined();
  });

  test("a family without a repository mark keeps its file mark", () => {
    const found = findTemplate(vocabularyOf(["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>"]));
    expect(found).toMatchObject({ file: 3, repository: undefined });
  });
});

test("every control token of the vocabulary ends a completion, and no other", () => {
  const texts = ["a", "<|fim_prefix|>", "<|file_sep|>", "<|endoftext|>", "fim", "<EOT>", "<file_sep>"];
  expect([...findStopTokens(vocabularyOf(texts))].sort()).toEqual([1, 2, 3, 5, 6]);
});
