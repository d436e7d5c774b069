import { describe, expect, test } from "vitest";
import { unfinishedPiece } from "./healing.ts";
import { layOutPrompt, type PromptPlace } from "./prompt.ts";
import { type FimTemplate, fimTemplates, findTemplate } from "./templates.ts";

const special = new Map<string, number>();
for (const template of fimTemplates)
  for (const text of [template.prefix, template.suffix, template.middle, template.repository, template.file])
    if (text !== undefined && !special.has(text)) special.set(text, -1 - special.size);

const texts = new Map([...special].map(([text, token]) => [token, text]));
const show = (tokens: readonly number[]) => tokens.map((token) => texts.get(token) ?? String.fromCharCode(token)).join("");
const vocabulary = { tokenize: (text: string) => Array.from(text, (c) => c.charCodeAt(0)), begin: undefined };
const hole = { before: "", after: "", window: "WINDOW\n", suffix: "SUFFIX", context: [] };

function prompt(
  family: string,
  middle = "a = fo",
  extra: Partial<typeof vocabulary> & { begin?: number } = {},
  change: Partial<PromptPlace> = {},
) {
  const { prefix, suffix, middle: mid, repository, file } = fimTemplates.find((one) => one.family === family) as FimTemplate;
  const own = [prefix, suffix, mid, repository, file];
  const template = findTemplate((text) => (own.includes(text) ? special.get(text) : undefined));
  if (template === undefined) throw new Error(family);
  const healed = unfinishedPiece(middle, "qwen2");
  const place = { hole, middle, healed, path: "src/a.ts", repository: "shop", names: true, ...change };
  const { tokens } = layOutPrompt(template, { ...vocabulary, ...extra }, place);
  return { text: show(tokens), healed };
}

describe("layouts", () => {
  test("Qwen: names, window, suffix, and the middle without its unfinished word", () => {
    expect(prompt("qwen-coder")).toEqual({
      text: "<|repo_name|>shop\n<|file_sep|>src/a.ts\n<|fim_prefix|>WINDOW\n<|fim_suffix|>SUFFIX<|fim_middle|>a =",
      healed: " fo",
    });
  });

  test("without names where the model does better without, but never without those that tell context apart", () => {
    expect(prompt("qwen-coder", "a = fo", {}, { names: false }).text).toBe("<|fim_prefix|>WINDOW\n<|fim_suffix|>SUFFIX<|fim_middle|>a =");
    const context = [{ path: "b.ts", text: "b" }];
    expect(prompt("qwen-coder", "a = fo", {}, { names: false, hole: { ...hole, context } }).text).toBe(
      "<|repo_name|>shop\n<|file_sep|>b.ts\nb\n<|file_sep|>src/a.ts\n<|fim_prefix|>WINDOW\n<|fim_suffix|>SUFFIX<|fim_middle|>a =",
    );
  });

  test("DeepSeek with its full-width bars", () => {
    expect(prompt("deepseek-coder").text).toBe("<｜fim▁begin｜>WINDOW\n<｜fim▁hole｜>SUFFIX<｜fim▁end｜>a =");
  });

  test("Code Llama with a blank before the prefix", () => {
    expect(prompt("code-llama").text).toBe("▁<PRE> WINDOW\n▁<SUF>SUFFIX▁<MID>a =");
  });

  test("Codestral: suffix first, and the middle goes on the prefix", () => {
    expect(prompt("codestral").text).toBe("[SUFFIX]SUFFIX[PREFIX]WINDOW\na =");
  });

  test("StarCoder2 with its own file marks", () => {
    expect(prompt("starcoder2").text).toBe("<repo_name>shop\n<file_sep>src/a.ts\n<fim_prefix>WINDOW\n<fim_suffix>SUFFIX<fim_middle>a =");
  });

  test("a model that wants one begins with its own token", () => {
    expect(prompt("granite", "x", { begin: 94 }).text.startsWith("^<|fim_prefix|>")).toBe(true);
  });

  test("a control text in the document is read as text", () => {
    expect(prompt("qwen-coder", "s = '<|fim_middle|>' ").text.endsWith("<|fim_middle|>s = '<|fim_middle|>'")).toBe(true);
  });
});
