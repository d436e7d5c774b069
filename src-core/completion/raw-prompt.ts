import type { ContextChunk } from "../contracts/inference.ts";
import { type FimTemplate, fimTemplates } from "./templates.ts";

/** A hole as text, for a server that takes prompts and shows no vocabulary. */
export interface RawHole {
  readonly path: string;
  readonly repository: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
  readonly context: readonly ContextChunk[];
}

/** What the names of models say of their family; nothing better can be known of a model on a server. */
const families: readonly (readonly [RegExp, string])[] = [
  [/qwen.*coder|codeqwen/, "qwen-coder"],
  [/deepseek.*coder/, "deepseek-coder"],
  [/starcoder2/, "starcoder2"],
  [/starcoder/, "starcoder"],
  [/code-?llama/, "code-llama-plain"],
  [/codestral/, "codestral"],
  [/codegemma/, "codegemma"],
  [/granite.*code/, "granite"],
  [/seed-?coder/, "seed-coder"],
];

/** The template that the name of a model speaks for. */
export function templateOfName(name: string): FimTemplate | undefined {
  const family = families.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1];
  return fimTemplates.find((template) => template.family === family);
}

/** Lays out the prompt of a hole as text, and the texts by which its answer ends. */
export function rawPrompt(template: FimTemplate, { path, repository, prefix, suffix, context }: RawHole) {
  const { order, blanks, file, middle = "" } = template;
  const marks = [template.prefix, template.suffix, middle, template.repository ?? "", file ?? ""].filter((mark) => mark !== "");
  // The server reads these texts as marks wherever they stand, so none may come from a document.
  const plain = (text: string) => marks.reduce((result, mark) => result.replaceAll(mark, `${mark.slice(0, 1)} ${mark.slice(1)}`), text);
  const before = `${template.prefix}${blanks ? " " : ""}${plain(prefix)}`;
  const after = `${blanks ? " " : ""}${template.suffix}${plain(suffix)}`;
  const names = file === undefined || context.length === 0 ? "" : namesOf(template, file, repository, path, context, plain);
  const hole = order === "prefix-first" ? `${before}${after}${blanks ? " " : ""}${middle}` : `${after}${before}${middle}`;
  return { prompt: names + hole, stops: marks };
}

function namesOf(
  { repository: mark }: FimTemplate,
  file: string,
  repository: string | undefined,
  path: string,
  context: readonly ContextChunk[],
  plain: (text: string) => string,
): string {
  const first = mark !== undefined && repository !== undefined ? `${mark}${plain(repository)}\n` : "";
  const chunks = context.map((chunk) => `${file}${plain(chunk.path)}\n${plain(chunk.text)}\n`);
  return `${first}${chunks.join("")}${file}${plain(path)}\n`;
}
