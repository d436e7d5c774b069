import { lexiconOf } from "./checks/languages.ts";
import { scan } from "./checks/scan.ts";

/** A documentation's lines without marks, and the code it is about. */
interface Documented {
  readonly lines: readonly string[];
  readonly code: string;
  readonly languageId: string;
}

/**
 * Documentation without what the code says is not so: parameters it does not have, results and errors where it gives and raises none. What
 * stays is written as the language has it: without types in TypeScript, with indented parts in Python.
 */
export function soundLines({ lines, code, languageId }: Documented): readonly string[] {
  const lexicon = lexiconOf(languageId);
  const bare = lexicon === undefined ? code : scan(code, lexicon).code;
  if (languageId === "python") return soundSections(lines, bare);
  if (languageId === "rust") return soundHeadings(lines, bare);
  return /^(?:java|type)script/.test(languageId) ? soundTags(lines, bare, languageId.startsWith("type")) : lines;
}

/** Lines that begin with `@param` and its like, each with those that belong to it. */
function soundTags(lines: readonly string[], code: string, isTyped: boolean): readonly string[] {
  const first = lines.findIndex((line) => line.startsWith("@"));
  if (first < 0) return lines;
  const tags: string[][] = [];
  for (const line of lines.slice(first))
    if (line.startsWith("@")) tags.push([line]);
    else tags.at(-1)?.push(line);
  const kept = tags.filter(([tag = ""]) => isSoundTag(tag, code));
  const written = kept.map(([tag = "", ...more]) => [isTyped ? withoutType(tag) : tag, ...more]);
  return trimmed([...lines.slice(0, first), ...written.flat()]);
}

function isSoundTag(tag: string, code: string): boolean {
  const parameter = /^@param\s+(?:\{.*?\}+\s+)?\[?(\w+)/.exec(tag)?.[1];
  // What is taken apart has a name in the documentation alone.
  if (parameter !== undefined) return mentions(code, parameter) || /[(,]\s*[{[]/.test(code);
  if (/^@(?:throws|exception)\b/.test(tag)) return /\bthrow\b/.test(code);
  return !/^@returns?\b/.test(tag) || /\breturn\s+[^;\s]|=>\s*[^{\s]/.test(code);
}

function withoutType(tag: string): string {
  return tag.replace(/^(@(?:param|returns?)\s+)\{.*?\}+\s+/, "$1").replace(/^(@returns?\s+)-\s+/, "$1");
}

/** Parts under a `# Heading`: what is never so, and examples that name no crate, which cargo would run as tests and could not. */
function soundHeadings(lines: readonly string[], code: string): readonly string[] {
  const parts: string[][] = [[]];
  let isCode = false;
  for (const line of lines) {
    if (!isCode && line.startsWith("# ")) parts.push([line]);
    else parts.at(-1)?.push(line);
    if (line.startsWith("```")) isCode = !isCode;
  }
  return trimmed(parts.filter((part) => isSoundPart(part, code)).flat());
}

function isSoundPart([first = "", ...more]: readonly string[], code: string): boolean {
  switch (first.trim().toLowerCase()) {
    case "# safety":
      return /\bunsafe\b/.test(code);
    case "# errors":
      return /\bResult\b|\?;/.test(code);
    case "# panics":
      return /\b(?:panic|assert\w*|unreachable|todo|unimplemented)!|\b(?:unwrap|expect)\(|\[/.test(code);
    case "# example":
    case "# examples":
      return more.some((line) => /^\s*use\s/.test(line));
    default:
      return true;
  }
}

const heading = /^(Parameters|Params|Arguments|Args|Returns?|Raises|Yields?):\s*(.*)$/;
const names: Readonly<Record<string, string>> = {
  Parameters: "Args",
  Params: "Args",
  Arguments: "Args",
  Return: "Returns",
  Yield: "Yields",
};

/** Parts of a docstring under a heading, up to an empty line; other forms stay as they are. */
function soundSections(lines: readonly string[], code: string): readonly string[] {
  const made: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    at += 1;
    const [, name = "", more = ""] = heading.exec(line) ?? [];
    if (name === "") {
      if (isSoundField(line, code)) made.push(line);
      continue;
    }
    const end = lines.findIndex((each, index) => index >= at && (each.trim() === "" || heading.test(each)));
    const part = [...(more === "" ? [] : [more]), ...lines.slice(at, end < 0 ? undefined : end)];
    at = end < 0 ? lines.length : end;
    const written = names[name] ?? name;
    const body = written === "Args" ? itemsOf(part, code) : part;
    if (body.length === 0 || !isSoundSection(written, body, code)) continue;
    const isIndented = body.every((each) => /^\s/.test(each));
    made.push("", `${written}:`, ...body.map((each) => (isIndented ? each : `    ${each.replace(/^[-*] /, "")}`)));
  }
  return trimmed(made);
}

/** The parameters that are there, each with the lines that go on with it. */
function itemsOf(part: readonly string[], code: string): readonly string[] {
  let isKept = true;
  return part.filter((line) => {
    const name = /^\s*(?:[-*] )?`?\*{0,2}(\w+)`?\s*(?:\(.*?\)+)?\s*:/.exec(line)?.[1];
    if (name !== undefined) isKept = mentions(code, name);
    return isKept;
  });
}

function isSoundSection(name: string, body: readonly string[], code: string): boolean {
  if (name === "Raises") return /\braise\b/.test(code);
  if (name === "Yields") return /\byield\b/.test(code);
  return name !== "Returns" || (/\breturn\s+[^\s]|\byield\b/.test(code) && !/^\s*[-*]?\s*None\b\.?\s*$/.test(body.join("\n")));
}

/** The same for lines such as `:param name: text`. */
function isSoundField(line: string, code: string): boolean {
  const parameter = /^:(?:param|type)\s+(?:[\w.]+\s+)?\**(\w+):/.exec(line)?.[1];
  if (parameter !== undefined) return mentions(code, parameter);
  if (/^:raises?\b/.test(line)) return /\braise\b/.test(code);
  return !/^:(?:returns?|rtype):/.test(line) || /\breturn\s+[^\s]|\byield\b/.test(code);
}

function mentions(code: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(code);
}

/** Lines without empty ones at the end, and without two after each other. */
function trimmed(lines: readonly string[]): readonly string[] {
  const some = lines.filter((line, index) => line.trim() !== "" || (index > 0 && lines[index - 1]?.trim() !== ""));
  return some.slice(0, some.findLastIndex((line) => line.trim() !== "") + 1);
}
