import { readFileSync } from "node:fs";
import type { EditorAction } from "#core/assist/action";
import { explain } from "#core/assist/explain";
import { improve } from "#core/assist/improve";
import { refactor } from "#core/assist/refactor";

/** A request whose answer repeats much of it, but for the last one. */
export interface Rewrite {
  readonly what: string;
  readonly action: EditorAction;
  readonly instruction: string;
  /** A part of our own sources: its first and last line, counted from 1. */
  readonly file: string;
  readonly lines: readonly [number, number];
}

const code = "src-core/models/tiers.ts";
/** Changes of parts of our own sources. */
export const rewrites: readonly Rewrite[] = [
  { what: "rename", action: refactor, instruction: "Rename the parameter memory to there.", file: code, lines: [90, 94] },
  {
    what: "loop",
    action: improve,
    instruction: "Use a for...of loop in place of reduce and map.",
    file: "bench/figures.ts",
    lines: [25, 38],
  },
  { what: "types", action: improve, instruction: "Give every function an explicit return type.", file: "bench/model.ts", lines: [11, 45] },
  {
    what: "comments",
    action: refactor,
    instruction: "Add a comment above each branch.",
    file: "src-core/models/format.ts",
    lines: [1, 29],
  },
  { what: "improve", action: improve, instruction: "", file: "src-engine/inference/pressure.ts", lines: [14, 30] },
  { what: "explain", action: explain, instruction: "", file: "src-engine/inference/pace.ts", lines: [20, 39] },
];

/** The request as the program sends it, without chance and of at most 200 tokens. */
export function requestOf({ action, instruction, file, lines: [first, last] }: Rewrite) {
  const lines = readFileSync(new URL(`../${file}`, import.meta.url), "utf8").split("\n");
  const selection = lines.slice(first - 1, last).join("\n");
  const context = {
    path: file,
    languageId: "typescript",
    selection,
    before: "",
    after: "",
    instruction,
    problems: [],
    references: [],
    purpose: "",
  };
  return { ...action.prompt(context), temperature: 0, maxTokens: 200, priority: "inline-action" as const };
}
