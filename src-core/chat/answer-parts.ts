/** A part of an answer: prose in Markdown, or one block of code. */
export type AnswerPart =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "code";
      readonly code: string;
      readonly language: string;
      /** The file it is for, where the line before the block, the fence, or a comment at its beginning names one. */
      readonly path?: string;
      /** False while the block is still being written. */
      readonly closed: boolean;
    };

const opening = /^( {0,3})(`{3,}|~{3,})[ \t]*([^`]*)$/;

/** A line that is nothing but the name of a file: `src/a.ts`, **src/a.ts**:, "File: src/a.ts". */
const fileLine =
  /^\s*(?:#{1,6}\s+)?(?:(?:file|path|in)\s*:?\s+)?[*_`"']*([\w@.+\-/\\]*[\w@+-]\.[A-Za-z][\w]{0,9})[*_`"']*\s*:?\s*[*_`"']*$/i;

/** A comment that is nothing but the name of a file, with a folder or not: "// src/a.test.ts". */
const fileComment = /^\s*(?:\/\/|#|--|;|<!--|\/\*)\s*(?:(?:file|path)\s*:\s*)?([\w@.+\-/\\]*[\w@+-]\.[A-Za-z]\w{0,9})\s*(?:-->|\*\/)?\s*$/i;

/** Splits an answer into prose and blocks of code, also while it is being written. Blocks inside of lists stay in their prose. */
export function answerParts(answer: string): readonly AnswerPart[] {
  const parts: AnswerPart[] = [];
  let prose: string[] = [];
  let block: { fence: string; indent: number; language: string; path: string | undefined; lines: string[] } | undefined;
  const flush = () => {
    const text = prose.join("\n");
    if (text.trim() !== "") parts.push({ kind: "text", text: text.trim() });
    prose = [];
  };
  const close = (closed: boolean) => {
    if (!block) return;
    const { lines, language } = block;
    const path = block.path ?? fileComment.exec(lines[0] ?? "")?.[1];
    parts.push({ kind: "code", code: lines.join("\n"), language, ...(path !== undefined && { path }), closed });
    block = undefined;
  };
  for (const line of answer.split("\n")) {
    if (block) {
      if (new RegExp(`^ {0,3}${block.fence[0]}{${block.fence.length},}\\s*$`).test(line)) close(true);
      else block.lines.push(line.startsWith(" ".repeat(block.indent)) ? line.slice(block.indent) : line.trimStart());
      continue;
    }
    const match = opening.exec(line);
    if (!match) {
      prose.push(line);
      continue;
    }
    const [, indent = "", fence = "```", info = ""] = match;
    const before = prose.findLast((one) => one.trim() !== "");
    const named = before === undefined ? undefined : fileLine.exec(before)?.[1];
    const [language = "", ...rest] = info.trim().split(/[\s:,]+/);
    const inInfo = rest
      .map((word) => word.replace(/^(?:title|file|path|name)=/, "").replace(/["']/g, ""))
      .find((word) => /\.\w+$/.test(word));
    flush();
    block = { fence, indent: indent.length, language, path: inInfo ?? named, lines: [] };
  }
  close(false);
  flush();
  return parts;
}
