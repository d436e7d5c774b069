import { describe, expect, test } from "vitest";
import { unfinishedPiece } from "./healing.ts";
import { openHole } from "./hole.ts";
import { layOutPrompt } from "./prompt.ts";
import { findStopTokens, findTemplate } from "./templates.ts";

// Vocabularies of the families as their files have them: control texts, the token a text begins with, the pre-tokenizer.

interface Family {
  readonly controls: readonly string[];
  readonly begin?: string;
  readonly preTokenizer: string | undefined;
  readonly template: string;
  /** The prompt of the document below. */
  readonly prompt: string;
  readonly healed: string;
}

const before = "const a = 1;\nconst b = 2;\nconst c = 3;\n\nfunction sum() {\n  const d = a;\n";
const window = "const a = 1;\nconst b = 2;\n";
const middle = "const c = 3;\n\nfunction sum() {\n  const d = a;\n  return";
const suffix = "\n}\n";

const families: Readonly<Record<string, Family>> = {
  "Qwen2.5-Coder": {
    controls: [
      ...["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|fim_prefix|>", "<|fim_middle|>"],
      ...["<|fim_suffix|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"],
    ],
    preTokenizer: "qwen2",
    template: "qwen-coder",
    prompt: `<|repo_name|>shop\n<|file_sep|>src/sum.ts\n<|fim_prefix|>${window}<|fim_suffix|>${suffix}<|fim_middle|>${middle}`,
    healed: " a",
  },
  "DeepSeek-Coder": {
    controls: ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<|EOT|>", "<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"],
    begin: "<｜begin▁of▁sentence｜>",
    preTokenizer: "deepseek-coder",
    template: "deepseek-coder",
    prompt: `<｜begin▁of▁sentence｜><｜fim▁begin｜>${window}<｜fim▁hole｜>${suffix}<｜fim▁end｜>${middle}`,
    healed: " a",
  },
  StarCoder2: {
    controls: ["<|endoftext|>", "<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<fim_pad>", "<repo_name>", "<file_sep>"],
    preTokenizer: "starcoder",
    template: "starcoder2",
    prompt: `<repo_name>shop\n<file_sep>src/sum.ts\n<fim_prefix>${window}<fim_suffix>${suffix}<fim_middle>${middle}`,
    healed: " a",
  },
  StableCode: {
    controls: ["<|endoftext|>", "<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<fim_pad>", "<file_sep>"],
    preTokenizer: "stablelm2",
    template: "starcoder2",
    prompt: `<file_sep>src/sum.ts\n<fim_prefix>${window}<fim_suffix>${suffix}<fim_middle>${middle}`,
    healed: " a",
  },
  "Code Llama": {
    controls: ["<s>", "</s>", "▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"],
    begin: "<s>",
    preTokenizer: undefined,
    template: "code-llama",
    prompt: `<s>▁<PRE> ${window}▁<SUF>${suffix}▁<MID>${middle}`,
    healed: " a",
  },
  Codestral: {
    controls: ["<s>", "</s>", "[INST]", "[/INST]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]"],
    begin: "<s>",
    preTokenizer: undefined,
    template: "codestral",
    prompt: `<s>[SUFFIX]${suffix}[PREFIX]${window}${middle}`,
    healed: " a",
  },
  CodeGemma: {
    controls: [
      ...["<bos>", "<eos>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|file_separator|>"],
      ...["<start_of_turn>", "<end_of_turn>"],
    ],
    begin: "<bos>",
    preTokenizer: undefined,
    template: "codegemma",
    prompt: `<bos><|file_separator|>src/sum.ts\n<|fim_prefix|>${window}<|fim_suffix|>${suffix}<|fim_middle|>${middle}`,
    healed: " a",
  },
  "Granite 3": {
    controls: [
      ...["<|end_of_text|>", "<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<fim_pad>", "<filename>", "<reponame>"],
      ...["<|start_of_role|>", "<|end_of_role|>", "<|tool_call|>"],
    ],
    preTokenizer: "refact",
    template: "starcoder",
    prompt: `<fim_prefix>${window}<fim_suffix>${suffix}<fim_middle>${middle}`,
    healed: " a",
  },
  "Granite 4": {
    controls: [
      ...["<|end_of_text|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>", "<|filename|>", "<|reponame|>"],
      ...["<|start_of_role|>", "<|end_of_role|>", "<|tool_call|>"],
    ],
    preTokenizer: "dbrx",
    template: "granite",
    prompt: `<|fim_prefix|>${window}<|fim_suffix|>${suffix}<|fim_middle|>${middle}`,
    healed: " a",
  },
  "GLM-4.5": {
    controls: ["<|endoftext|>", "<|user|>", "<|assistant|>", "<|observation|>", "<|code_prefix|>", "<|code_middle|>", "<|code_suffix|>"],
    preTokenizer: "glm4",
    template: "glm",
    prompt: `<|code_prefix|>${window}<|code_suffix|>${suffix}<|code_middle|>${middle}`,
    healed: " a",
  },
  "Seed-Coder": {
    controls: ["<[begin▁of▁sentence]>", "<[end▁of▁sentence]>", "<[fim-prefix]>", "<[fim-suffix]>", "<[fim-middle]>"],
    begin: "<[begin▁of▁sentence]>",
    preTokenizer: "seed-coder",
    template: "seed-coder",
    prompt: `<[begin▁of▁sentence]><[fim-suffix]>${suffix}<[fim-prefix]>${window}${middle}<[fim-middle]>`,
    healed: " a",
  },
};

describe.each(Object.entries(families))("%s", (_name, { controls, begin, preTokenizer, template, prompt, healed }) => {
  const special = (text: string) => {
    const at = controls.indexOf(text);
    return at < 0 ? undefined : -1 - at;
  };
  const show = (tokens: readonly number[]) =>
    tokens.map((token) => (token < 0 ? controls[-1 - token] : String.fromCodePoint(token))).join("");
  // Control texts in a document are characters like any others.
  const tokenize = (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0);

  function layOut(prefix: string, after = suffix): { readonly prompt: string; readonly healed: string } {
    const found = findTemplate(special);
    if (found === undefined) throw new Error("There is no template.");
    expect(found.template.family).toBe(template);
    const unfinished = (text: string) => unfinishedPiece(text, preTokenizer);
    const placed = openHole(prefix, after, {
      limits: { context: 0, window: 200, suffix: 100, middle: 400 },
      layout: { anchor: "above", healing: true, names: true },
      context: [],
      count: (text) => text.length,
      unfinished,
    });
    const laid = layOutPrompt(
      found,
      { tokenize, begin: begin === undefined ? undefined : special(begin) },
      { ...placed, healed: unfinished(placed.middle), path: "src/sum.ts", repository: "shop", names: true },
    );
    return { prompt: show(laid.tokens), healed: laid.healed };
  }

  test("is found by its vocabulary, and its prompt is laid out as it was trained", () => {
    expect(layOut(`${before}  return a`)).toEqual({ prompt, healed });
  });

  test("a control text in the document is text", () => {
    const mark = controls.at(-1) ?? "";
    const { prompt: laid, healed: rest } = layOut(`${before}  say("${mark}");\n  return a`);
    expect(laid.split(mark).length - prompt.split(mark).length).toBe(1);
    expect(rest).toBe(healed);
  });

  test("stops at every control token it has", () => {
    const stops = findStopTokens(special);
    expect(controls.filter((text) => text !== begin && !stops.has(special(text) as number))).toEqual([]);
  });

  test("cannot be used without its mark for the text after the cursor", () => {
    const { suffix: mark } = findTemplate(special)?.template ?? {};
    expect(findTemplate((text) => (text === mark ? undefined : special(text)))).toBeUndefined();
  });
});

test("a chat model without such tokens has no template, whatever it is called", () => {
  const controls = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"];
  expect(findTemplate((text) => (controls.includes(text) ? controls.indexOf(text) : undefined))).toBeUndefined();
});
