import { splitLines } from "../edits/lines.ts";
import { lexiconOf } from "./checks/languages.ts";
import { scan } from "./checks/scan.ts";
import { soundLines } from "./documentation-claims.ts";

/** How the documentation of a declaration is written in a language. */
interface DocumentationStyle {
  /** What stands before the text, with the line end where the text has lines of its own. */
  readonly open: string;
  /** What each further line begins with. */
  readonly line: string;
  /** What ends it; empty where it ends with its last line. */
  readonly close: string;
  /** Before the declaration, or as the first statement of its body. */
  readonly place: "before" | "inside";
}

const block: DocumentationStyle = { open: "/**\n * ", line: " * ", close: "\n */", place: "before" };
const slashes = (marks: string): DocumentationStyle => ({ open: `${marks} `, line: `${marks} `, close: "", place: "before" });
const docstring: DocumentationStyle = { open: '"""', line: "", close: '"""', place: "inside" };

const styles: Readonly<Record<string, DocumentationStyle>> = {
  python: docstring,
  go: slashes("//"),
  rust: slashes("///"),
  swift: slashes("///"),
  csharp: slashes("///"),
  dart: slashes("///"),
  ruby: slashes("#"),
  shellscript: slashes("#"),
  powershell: slashes("#"),
  r: slashes("#'"),
  julia: slashes("#"),
  lua: slashes("---"),
  sql: slashes("--"),
};

/** The style of a language; most have that of Java. */
function documentationStyle(languageId: string): DocumentationStyle {
  return Object.hasOwn(styles, languageId) ? (styles[languageId] as DocumentationStyle) : block;
}

/** Lines that belong to no documentation, however they begin: what is said to a compiler, a shell or a linter. */
const directive = /^(?:#!|\/\/\/?!|\/\/(?:[a-z][a-z0-9]*:\S|(?:line|export|extern) ))/;

/** A declaration taken apart: what is written stands between its two parts. */
export interface Declaration {
  readonly style: DocumentationStyle;
  /** Code before the documentation: nothing, or a signature. */
  readonly head: string;
  /** Code after it; the documentation it had is left out. */
  readonly rest: string;
  /** Blanks before each line of the documentation. */
  readonly indent: string;
}

/** Takes a declaration apart where its documentation belongs. */
export function takeApart(code: string, languageId: string): Declaration {
  const style = documentationStyle(languageId);
  const lines = code.split("\n");
  if (style.place === "inside") {
    const end = signatureEnd(lines, languageId);
    if (end !== undefined) {
      const body = lines.slice(end + 1);
      const first = body.find((line) => line.trim() !== "");
      // A body on the line of the signature has no place for it.
      if (first !== undefined) {
        const indent = /^\s*/.exec(first)?.[0] ?? "";
        return { style, head: lines.slice(0, end + 1).join("\n"), rest: withoutDocstring(body).join("\n"), indent };
      }
    }
    return { style: slashes("#"), head: "", rest: withoutLines(lines, "#").join("\n"), indent: indentOf(lines) };
  }
  const rest = style === block ? withoutBlock(lines) : withoutLines(lines, style.line.trim());
  return { style: languageId === "go" ? named(rest) : style, head: "", rest: rest.join("\n"), indent: indentOf(rest) };
}

/** In Go a documentation begins with the name of what it is about. */
function named(lines: readonly string[]): DocumentationStyle {
  const name = /^(?:func\s+(?:\([^)]*\)\s*)?|(?:type|var|const)\s+)(\p{L}[\p{L}\p{N}_]*)/mu.exec(lines.join("\n"))?.[1];
  return { ...slashes("//"), open: name === undefined ? "// " : `// ${name} ` };
}

/** True for a declaration that has its documentation, in its body or among its first lines. */
export function isDocumented(code: string, languageId: string): boolean {
  const { head, rest } = takeApart(code, languageId);
  return [head, rest].filter((part) => part !== "").join("\n") !== code;
}

/** A selection with the documentation right above it, which new documentation is to take the place of. */
export function withDocumentation(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  languageId: string,
): { readonly start: number; readonly end: number } {
  const style = documentationStyle(languageId);
  const line = start - (/[^\r\n]*$/.exec(text.slice(0, start))?.[0].length ?? 0);
  // What is selected from the middle of a line is no declaration.
  if (style.place === "inside" || text.slice(line, start).trim() !== "") return { start, end };
  const above = splitLines(text.slice(0, line));
  const from = style === block ? blockAbove(above) : linesAbove(above, style.line.trim());
  return from < above.length ? { start: above.slice(0, from).join("").length, end } : { start, end };
}

function blockAbove(lines: readonly string[]): number {
  if (!lines.at(-1)?.trim().endsWith("*/")) return lines.length;
  const from = lines.findLastIndex((line) => line.trim().startsWith("/**"));
  const isOne = from >= 0 && lines.slice(from, -1).every((line) => !line.includes("*/"));
  return isOne ? from : lines.length;
}

function linesAbove(lines: readonly string[], mark: string): number {
  return lines.findLastIndex((line) => !isDocumentation(line.trim(), mark)) + 1;
}

function isDocumentation(line: string, mark: string): boolean {
  return line.startsWith(mark) && !directive.test(line);
}

/** The code with a documentation in its place; as it was where the text says nothing. */
export function putTogether({ style, head, rest, indent }: Declaration, text: string, languageId: string): string {
  const lines = style.place === "inside" ? docstringLines(text, indent) : commentLines(text, style);
  const [first, ...further] = soundLines({ lines, code: `${head}\n${rest}`, languageId });
  const documentation = first === undefined ? "" : indent + writtenAs(style, first, further).replaceAll("\n", `\n${indent}`);
  return [head, documentation.replace(/[ \t]+$/gm, ""), rest].filter((part) => part !== "").join("\n");
}

function writtenAs({ open, line, close, place }: DocumentationStyle, first: string, further: readonly string[]): string {
  const lines = [first, ...further.map((one) => line + one)].join("\n");
  if (place === "inside") return open + lines + (further.length > 0 ? "\n" : "") + close;
  return further.length === 0 && close !== "" ? `/** ${first} */` : open + lines + close;
}

/** What a model wrote between the quotes, without the blanks that lead to the body. */
function docstringLines(text: string, indent: string): readonly string[] {
  return withoutBlankEnds(text.split("\n").map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line).trimEnd()));
}

/** What a model wrote as a comment, without its marks; where a comment has no end, the first line without a mark is none of it. */
function commentLines(text: string, { close, line }: DocumentationStyle): readonly string[] {
  const lines = text.split("\n");
  const mark = line.trim();
  const end = close === "" ? lines.findIndex((one, index) => index > 0 && !one.trim().startsWith(mark)) : -1;
  const marks = /^\s*(?:\/\*\*?|\*|\/{2,3}|#'?|-{2,3})?[ \t]?/;
  return withoutBlankEnds(
    lines.slice(0, end < 0 ? undefined : end).map((one) =>
      one
        .replace(marks, "")
        .replace(/\s*\*\/\s*$/, "")
        .trimEnd(),
    ),
  );
}

function withoutBlankEnds(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line !== "");
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => line !== "") + 1);
}

function indentOf(lines: readonly string[]): string {
  return /^\s*/.exec(lines.find((line) => line.trim() !== "") ?? "")?.[0] ?? "";
}

/** The line that ends the signature of the first definition: everything is closed there, and a colon follows. */
function signatureEnd(lines: readonly string[], languageId: string): number | undefined {
  const lexicon = lexiconOf(languageId);
  const start = lines.findIndex((line) => /^\s*(?:async\s+def|def|class)\b/.test(line));
  if (start < 0 || lexicon === undefined) return undefined;
  for (let end = start; end < Math.min(lines.length, start + 30); end += 1) {
    const { code, open } = scan(lines.slice(start, end + 1).join("\n"), lexicon);
    if (open === "" && code.trimEnd().endsWith(":")) return end;
  }
  return undefined;
}

function withoutDocstring(body: readonly string[]): readonly string[] {
  const first = body.findIndex((line) => line.trim() !== "");
  const quote = /^\s*[rRuU]?("""|''')/.exec(body[first] ?? "")?.[1];
  if (quote === undefined) return body;
  const opening = (body[first] ?? "").indexOf(quote) + quote.length;
  for (let end = first; end < body.length; end += 1) {
    if ((body[end] ?? "").indexOf(quote, end === first ? opening : 0) >= 0) return body.slice(end + 1);
  }
  return body;
}

function withoutBlock(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  if (!(lines[first] ?? "").trim().startsWith("/**")) return lines;
  const end = lines.findIndex((line, index) => index >= first && line.trim().endsWith("*/"));
  return end < 0 ? lines : lines.slice(end + 1);
}

function withoutLines(lines: readonly string[], mark: string): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "" && !isDocumentation(line.trim(), mark));
  return first < 0 ? lines : lines.slice(first);
}
