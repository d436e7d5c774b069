import type { z } from "zod";
import { UserError } from "#core/base/errors";
import type { textQuery } from "#core/contracts/search";

/** A search in the text of files, as the contract takes it. */
export type TextQuery = z.infer<typeof textQuery>;

/** Which files a search covers. */
export type SearchScope = Pick<TextQuery, "folder" | "includes" | "excludes" | "useIgnoreFiles" | "followLinks">;

/** Arguments for ripgrep that find text and print one JSON record a line. */
export function textArguments(query: TextQuery): string[] {
  refuseNul(query.pattern);
  const plain = !query.regularExpression && !query.wholeWord && !query.pattern.includes("\n");
  const multiline = query.multiline || query.pattern.includes("\n");
  const encoding = query.encoding === undefined ? undefined : ripgrepEncoding(query.encoding);
  return [
    "--json",
    ...scopeArguments(query),
    query.caseSensitive ? "--case-sensitive" : "--ignore-case",
    ...(multiline ? ["--multiline"] : []),
    ...(query.contextLines > 0 ? ["--context", String(query.contextLines)] : []),
    ...(encoding === undefined ? [] : ["--encoding", encoding]),
    // `auto` takes the slower engine only for what the quick one lacks: looking around and back references.
    ...(plain ? ["--fixed-strings"] : ["--crlf", "--engine", "auto"]),
    "--regexp",
    plain ? query.pattern : expression(query),
    "--",
    ".",
  ];
}

/** Arguments for ripgrep that list files, each path ended by a NUL. */
export function listArguments(scope: SearchScope): string[] {
  return ["--files", "--null", ...scopeArguments(scope)];
}

/** No program can be given a NUL, and no file of text has one. */
function refuseNul(...texts: readonly string[]): void {
  if (texts.some((text) => text.includes("\0")))
    throw new UserError("BAD_INPUT", "What is searched for holds a NUL character, which no text has.", "Search for something else.");
}

function scopeArguments(scope: SearchScope): string[] {
  refuseNul(...scope.includes, ...scope.excludes);
  const include = scope.includes.flatMap((glob) => {
    const anchored = anchoredGlob(glob, scope.folder);
    // A folder that is named stands for all in it.
    return anchored.endsWith("**") ? [anchored] : [anchored, `${anchored.replace(/\/$/, "")}/**`];
  });
  const exclude = scope.excludes.map((glob) => `!${anchoredGlob(glob, scope.folder)}`);
  return [
    "--no-config",
    "--hidden",
    "--no-require-git",
    // As in VS Code: the folder's own ignore files count, those above it and the user's global one do not.
    ...(scope.useIgnoreFiles ? ["--no-ignore-parent", "--no-ignore-global"] : ["--no-ignore"]),
    ...(scope.followLinks ? ["--follow"] : []),
    ...(process.platform === "linux" ? [] : ["--glob-case-insensitive"]),
    ...[...include, ...exclude].flatMap((glob) => ["--glob", glob]),
  ];
}

/** VS Code counts a glob from the folder, ripgrep one without a slash from anywhere. */
function anchoredGlob(glob: string, folder: string): string {
  const root = folder.replaceAll("\\", "/").replace(/\/$/, "");
  let text = process.platform === "win32" ? glob.replaceAll("\\", "/") : glob;
  if (text.startsWith(`${root}/`)) text = text.slice(root.length);
  text = text.replace(/^\.\//, "");
  return text.startsWith("**") || text.startsWith("/") ? text : `/${text}`;
}

function expression(query: TextQuery): string {
  if (query.regularExpression) {
    const source = forRipgrep(query.pattern);
    return query.wholeWord ? `\\b(?:${source})\\b` : source;
  }
  const source = query.pattern.replace(/[\\^$.*+?()[\]{}|#&~-]/g, "\\$&").replace(/\r?\n/g, "\\r?\\n");
  if (!query.wholeWord) return source;
  const word = /[\p{L}\p{N}_]/u;
  const start = word.test(query.pattern.at(0) ?? "") ? "\\b" : "";
  const end = word.test(query.pattern.at(-1) ?? "") ? "\\b" : "";
  return start + source + end;
}

/** What JavaScript writes differently: `\u1234`, `\/`, and `\n` that stands for every end of a line. */
function forRipgrep(pattern: string): string {
  let inClass = false;
  return pattern.replace(/\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})|\\([\s\S])|[[\]\n]/gi, (text, braced, four, escaped) => {
    if (braced ?? four) return `\\x{${braced ?? four}}`;
    if (escaped === "/") return "/";
    if (escaped === "n" || text === "\n") return inClass ? "\\n" : "\\r?\\n";
    if (text === "[") inClass = true;
    if (text === "]") inClass = false;
    return text;
  });
}

/** VS Code's name of an encoding in ripgrep's words; undefined is what ripgrep finds out by itself. */
function ripgrepEncoding(encoding: string): string | undefined {
  const name = encoding.toLowerCase();
  if (name === "utf8" || name === "utf8bom" || name === "auto") return undefined;
  if (!/^[a-z0-9_-]{1,40}$/.test(name))
    throw new UserError("BAD_INPUT", `${encoding} is not the name of an encoding.`, "Correct files.encoding in the settings.");
  const renamed: Readonly<Record<string, string>> = {
    shiftjis: "shift-jis",
    eucjp: "euc-jp",
    euckr: "euc-kr",
    big5hkscs: "big5-hkscs",
    koi8r: "koi8-r",
    koi8u: "koi8-u",
    macroman: "macintosh",
  };
  return (
    renamed[name] ??
    name
      .replace(/^windows(\d+)$/, "windows-$1")
      .replace(/^iso8859(\d+)$/, "iso-8859-$1")
      .replace(/^utf16(le|be)$/, "utf-16$1")
  );
}
