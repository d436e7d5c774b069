/** How one family of models writes a hole in a text. Everything is the text of a token, looked up in the vocabulary, never guessed from a name. */
export interface FimTemplate {
  readonly family: string;
  readonly prefix: string;
  readonly suffix: string;
  /** None for a family whose middle simply follows the prefix. */
  readonly middle?: string;
  /** Which part comes first. */
  readonly order: "prefix-first" | "suffix-first";
  readonly repository?: string;
  readonly file?: string;
  /** The family was trained with a blank before the prefix. */
  readonly blanks?: boolean;
}

/** Known families; the first whose tokens are all in the vocabulary is used. */
export const fimTemplates: readonly FimTemplate[] = [
  {
    family: "qwen-coder",
    prefix: "<|fim_prefix|>",
    suffix: "<|fim_suffix|>",
    middle: "<|fim_middle|>",
    order: "prefix-first",
    repository: "<|repo_name|>",
    file: "<|file_sep|>",
  },
  {
    family: "codegemma",
    prefix: "<|fim_prefix|>",
    suffix: "<|fim_suffix|>",
    middle: "<|fim_middle|>",
    order: "prefix-first",
    file: "<|file_separator|>",
  },
  // Granite begins the line anew unless it is made to write the unfinished word; what it repeats then is cut off a suggestion.
  { family: "granite", prefix: "<|fim_prefix|>", suffix: "<|fim_suffix|>", middle: "<|fim_middle|>", order: "prefix-first" },
  {
    family: "starcoder2",
    prefix: "<fim_prefix>",
    suffix: "<fim_suffix>",
    middle: "<fim_middle>",
    order: "prefix-first",
    repository: "<repo_name>",
    file: "<file_sep>",
  },
  { family: "starcoder", prefix: "<fim_prefix>", suffix: "<fim_suffix>", middle: "<fim_middle>", order: "prefix-first" },
  { family: "santacoder", prefix: "<fim-prefix>", suffix: "<fim-suffix>", middle: "<fim-middle>", order: "prefix-first" },
  {
    family: "deepseek-coder",
    prefix: "<｜fim▁begin｜>",
    suffix: "<｜fim▁hole｜>",
    middle: "<｜fim▁end｜>",
    order: "prefix-first",
  },
  { family: "code-llama", prefix: "▁<PRE>", suffix: "▁<SUF>", middle: "▁<MID>", order: "prefix-first", blanks: true },
  { family: "code-llama-plain", prefix: "<PRE>", suffix: "<SUF>", middle: "<MID>", order: "prefix-first", blanks: true },
  { family: "codestral", prefix: "[PREFIX]", suffix: "[SUFFIX]", order: "suffix-first" },
  { family: "glm", prefix: "<|code_prefix|>", suffix: "<|code_suffix|>", middle: "<|code_middle|>", order: "prefix-first" },
  { family: "seed-coder", prefix: "<[fim-prefix]>", suffix: "<[fim-suffix]>", middle: "<[fim-middle]>", order: "suffix-first" },
];

/** Control tokens of all families that never belong into a document: any of them ends a completion. */
const controlTexts: readonly string[] = [
  ...new Set([
    ...fimTemplates.flatMap(({ prefix, suffix, middle, repository, file }) =>
      [prefix, suffix, middle, repository, file].filter((text) => text !== undefined),
    ),
    "<|fim_pad|>",
    "<fim_pad>",
    "<fim-pad>",
    "<PAD>",
    "<|fim_repo|>",
    "<reponame>",
    "<|reponame|>",
    "<REPO>",
    "<filename>",
    "<|filename|>",
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|end_of_text|>",
    "<|eot_id|>",
    "<|start_of_role|>",
    "<|end_of_role|>",
    "<|tool_call|>",
    "<|user|>",
    "<|assistant|>",
    "<|observation|>",
    "<｜end▁of▁sentence｜>",
    "<|EOT|>",
    "<EOT>",
    "▁<EOT>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<eos>",
    "</s>",
    "[INST]",
    "[/INST]",
    "[MIDDLE]",
    "<[end▁of▁sentence]>",
  ]),
];

/** A template with the numbers its tokens have in one vocabulary. */
export interface FoundTemplate {
  readonly template: FimTemplate;
  readonly prefix: number;
  readonly suffix: number;
  readonly middle: number | undefined;
  readonly repository: number | undefined;
  readonly file: number | undefined;
}

/** Finds the template of a vocabulary; `special` gives the number of the token with exactly this text. */
export function findTemplate(special: (text: string) => number | undefined): FoundTemplate | undefined {
  for (const template of fimTemplates) {
    const prefix = special(template.prefix);
    const suffix = special(template.suffix);
    const middle = template.middle === undefined ? undefined : special(template.middle);
    if (prefix === undefined || suffix === undefined) continue;
    if (template.middle !== undefined && middle === undefined) continue;
    const repository = template.repository === undefined ? undefined : special(template.repository);
    const file = template.file === undefined ? undefined : special(template.file);
    // Families share the three tokens and differ in how files are told apart.
    if (template.file !== undefined && file === undefined) continue;
    return { template, prefix, suffix, middle, repository, file };
  }
  return undefined;
}

/** All tokens that end a completion in this vocabulary, beside those the model itself calls an end. */
export function findStopTokens(special: (text: string) => number | undefined): ReadonlySet<number> {
  return new Set(controlTexts.map(special).filter((token) => token !== undefined));
}
