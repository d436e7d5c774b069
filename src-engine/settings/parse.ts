import { applyEdits, modify, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { UserError } from "#core/base/errors";
import type { SettingEntry, SettingProblem } from "#core/settings/resolve";

const options = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true };
const prefix = "localcoder.";

/** Our settings in the text of a settings.json; a text that is broken in places still gives what can be read. */
export function parseSettings(text: string, file: string): { entries: SettingEntry[]; problems: SettingProblem[] } {
  const errors: ParseError[] = [];
  const content = text.replace(/^\uFEFF/, " ");
  const root = parseTree(content, errors, options);
  const lineOf = lineCounter(content);
  const problems = errors.slice(0, 20).map(({ error, offset }) => ({
    file,
    line: lineOf(offset),
    setting: "",
    message: `${readable(printParseErrorCode(error))}; what could not be read is not used.`,
  }));
  if (root === undefined) return { entries: [], problems };
  if (root.type !== "object") {
    problems.push({ file, line: 1, setting: "", message: "Settings stand between { and }; nothing of this file is used." });
    return { entries: [], problems };
  }
  const entries = (root.children ?? []).flatMap(({ children: [key, value] = [] }) => {
    const name: unknown = key?.value;
    if (typeof name !== "string" || !name.startsWith(prefix) || value === undefined || key === undefined) return [];
    return [{ name, value: plainValue(value), line: lineOf(key.offset) }];
  });
  return { entries, problems };
}

type Node = NonNullable<ReturnType<typeof parseTree>>;

// Built without a prototype chain in the way, so that a key "__proto__" is a key like any other.
function plainValue(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(plainValue);
  if (node.type !== "object") return node.value;
  return Object.fromEntries(
    (node.children ?? []).flatMap(({ children: [key, value] = [] }) => (key && value ? [[String(key.value), plainValue(value)]] : [])),
  );
}

/** The text with one setting changed, or removed for undefined; everything else stays as it is, comments included. */
export function editSettings(text: string, file: string, name: string, value: unknown): string {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const content = text.slice(mark.length);
  const errors: ParseError[] = [];
  const root = parseTree(content, errors, options);
  const first = errors[0];
  if (first !== undefined || (root !== undefined && root.type !== "object")) {
    const line = lineCounter(content)(first?.offset ?? 0);
    const reason = first === undefined ? "settings stand between { and }" : readable(printParseErrorCode(first.error));
    throw new UserError("BAD_INPUT", `${file}, line ${line}: ${reason}, so nothing was written.`, "Correct the file and try again.");
  }
  const indent = /^([ \t]+)"/m.exec(content)?.[1] ?? "    ";
  const formattingOptions = {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 4 : indent.length,
    eol: content.includes("\r\n") ? "\r\n" : "\n",
  };
  const base = root === undefined ? (content.trim() === "" ? "{}" : `${content.trimEnd()}${formattingOptions.eol}{}`) : content;
  if (root === undefined && value === undefined) return text;
  return mark + applyEdits(base, modify(base, [name], value, { formattingOptions }));
}

function readable(code: string): string {
  const words = code
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(" ");
  // "CommaExpected" and the like name what is missing, "InvalidSymbol" what is wrong.
  return words.at(-1) === "expected" ? `a ${words.slice(0, -1).join(" ")} is missing here` : `this is not valid JSON (${words.join(" ")})`;
}

function lineCounter(text: string): (offset: number) => number {
  return (offset) => text.slice(0, offset).split("\n").length;
}
