import type { Citation } from "../contracts/project.ts";
import { fileKindOf } from "./files.ts";

/** A file, line or symbol that a text names, not yet checked. */
export type NamedPlace = { readonly text: string; readonly start: number; readonly end: number } & (
  | {
      readonly kind: "file" | "line";
      readonly path: string;
      readonly from?: number;
      readonly to?: number;
      /** False for a bare name such as Node.js, which may be a word. */
      readonly sure: boolean;
    }
  /** "lines 24–28": of the file that is spoken of. */
  | { readonly kind: "lines"; readonly from: number; readonly to: number }
  | { readonly kind: "symbol"; readonly name: string }
);

/** Where a name is defined, with lines from 1; `only` where it is the only definition of that name. */
export interface Defined {
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly last: number;
  readonly only: boolean;
}

/** What is known of a workspace. */
export interface CitationLookup {
  /** A file by its path, the end of its path, or an absolute path; undefined where there is none that may be read. */
  file(path: string): Promise<{ readonly path: string; readonly file: string; readonly lines: number } | undefined>;
  /** Where a name is defined; "used" where it only occurs, undefined where it does not. */
  symbol(name: string): Promise<Defined | "used" | undefined>;
}

const most = 500;
const place =
  /(?<![\w@:/\\.-])((?:[a-zA-Z]:)?[\w@~$+.-]*(?:[\\/](?:[\w@$+.-]+|\[[\w.-]+\][\w.-]*))*\.[a-zA-Z]\w{0,9}|(?:[\w@.+-]+\/)+(?:[A-Z]\w*file|LICENSE|README))(?:(?::|#L|, lines? | \(lines? )(\d{1,7})(?:\s?[-–]\s?L?(\d{1,7}))?)?(?![\w/])/g;
const lines = /(?<![\w.:-])[Ll]ines?\s+`?(\d{1,7})`?(?:\s?(?:[-–—]|to|through|and)\s?`?(\d{1,7})`?)?(?![\w.]*\d)/g;
/** What may stand between lines and the name of their file after them. */
const ofFile = /^[\s,]*(?:of|in|from)\s+(?:the\s+)?(?:file\s+)?[`*[("']*$/i;
/** What stands between the name of a block, on a line of its own, and the block. */
const blockFollows = /^[*_`"':]*[ \t]*\n(?:[ \t]*\n)?[ \t]*(?:```|~~~)/;
const symbol = /`([A-Za-z_$][\w$]*(?:(?:\.|::|#)[A-Za-z_$][\w$]*)*)(\(\)|\([^`\n]{0,80}\))?`/g;

/** Finds the files, lines and symbols that a Markdown text names, outside of blocks of code. */
export function namedPlaces(text: string): readonly NamedPlace[] {
  const found: NamedPlace[] = [];
  const prose = withoutBlocks(text);
  for (const match of prose.matchAll(place)) {
    const [whole, path = "", from, to] = match;
    const start = match.index;
    if (found.length >= most) break;
    const isUrl = /^www\./.test(path) || /(?:\w:\/\/|www\.|@)\S*$/.test(prose.slice(Math.max(0, start - 200), start));
    const name = path
      .replace(/^[([]+/, "")
      .replaceAll("\\", "/")
      .replace(/^\.\//, "");
    if (isUrl || (fileKindOf(name) === undefined && from === undefined && !/[/]/.test(name))) continue;
    const quoted = prose[start - 1] === "`" || prose[start + whole.length] === "`";
    const at = { text: whole, start, end: start + whole.length };
    const sure = name.includes("/") || from !== undefined || quoted;
    if (from === undefined) found.push({ ...at, kind: "file", path: name, sure });
    else found.push({ ...at, kind: "line", path: name, from: Number(from), to: Number(to ?? from), sure });
  }
  for (const match of prose.matchAll(lines)) {
    const [whole, from, to] = match;
    const [start, end] = [match.index, match.index + whole.length];
    if (found.length >= most || found.some((one) => one.start < end && start < one.end)) continue;
    found.push({ text: whole, start, end, kind: "lines", from: Number(from), to: Number(to ?? from) });
  }
  for (const match of prose.matchAll(symbol)) {
    const [whole, name = "", call] = match;
    const last = name.split(/\.|::|#/).at(-1) ?? "";
    const looksLikeCode = call !== undefined || last !== name || /[a-z][A-Z]|_/.test(name);
    const [start, end] = [match.index + 1, match.index + whole.length - 1];
    if (!looksLikeCode || last.length < 3 || found.length >= most || found.some((one) => one.start < end && start < one.end)) continue;
    found.push({ text: whole.slice(1, -1), start, end, kind: "symbol", name: last });
  }
  return found.sort((one, other) => one.start - other.start);
}

/**
 * Checks what a text names against a workspace. A bare name that is no file of it is taken for a word. Lines without a file are those of
 * the file that is named with them or was named last, else of `about`; where none is known they are not checked.
 */
export async function checkCitations(text: string, lookup: CitationLookup, about?: string): Promise<Citation[]> {
  const citations: Citation[] = [];
  const defined: (Defined & { readonly name: string; readonly at: number })[] = [];
  const all = namedPlaces(text);
  let spokenOf = about;
  for (const [index, named] of all.entries()) {
    const { text: itself, start, end } = named;
    if (named.kind === "symbol") {
      const found = await lookup.symbol(named.name);
      const at = { text: itself, start, end, kind: named.kind };
      if (found === undefined) citations.push({ ...at, valid: false, problem: `The name ${named.name} occurs nowhere in the workspace.` });
      else if (found === "used") citations.push({ ...at, valid: true });
      else {
        citations.push({ ...at, valid: true, path: found.path, file: found.file, from: found.line, to: found.line });
        defined.push({ ...found, name: named.name, at: start });
      }
      continue;
    }
    const next = all[index + 1];
    const path =
      named.kind !== "lines" ? named.path : next && "path" in next && ofFile.test(text.slice(end, next.start)) ? next.path : spokenOf;
    if (path === undefined) continue;
    const at = { text: itself, start, end, kind: named.kind === "file" ? ("file" as const) : ("line" as const) };
    const file = await lookup.file(path);
    if (file === undefined) {
      // A block that is called by a file that is not there is a proposal of one.
      if (named.kind === "file" && blockFollows.test(text.slice(end))) spokenOf = path;
      else if (named.kind !== "lines" && named.sure) {
        citations.push({ ...at, valid: false, problem: `There is no file ${path} in the workspace.` });
        // What lines are meant after it nobody knows.
        spokenOf = undefined;
      }
      continue;
    }
    if (named.kind !== "lines") spokenOf = path;
    const [from = 1, to = from] = [named.from, named.to];
    if (at.kind === "line" && (from < 1 || to < from || to > file.lines))
      citations.push({ ...at, valid: false, problem: `${file.path} has ${file.lines === 1 ? "1 line" : `${file.lines} lines`}.` });
    else citations.push({ ...at, valid: true, path: file.path, file: file.file, ...(at.kind === "line" && { from, to }) });
  }
  return citations.map(
    (citation) =>
      elsewhere(
        citation,
        defined.filter(({ at }) => isOneParagraph(text, at, citation.start)),
      ) ?? citation,
  );
}

function isOneParagraph(text: string, one: number, other: number): boolean {
  return !/\n\s*\n/.test(text.slice(Math.min(one, other), Math.max(one, other)));
}

/** Lines of which a paragraph speaks with names that are all defined elsewhere in that file are not where these are. */
function elsewhere(citation: Citation, spokenOf: readonly (Defined & { readonly name: string })[]): Citation | undefined {
  const { kind, valid, path, from, to } = citation;
  if (kind !== "line" || !valid || from === undefined || to === undefined) return undefined;
  const there = spokenOf.filter((one) => one.path === path && one.only);
  const [first] = there;
  if (!first || there.some(({ line, last }) => line <= to && from <= last)) return undefined;
  const { name, line, last } = first;
  const { text, start, end } = citation;
  const problem = `${name} is in ${line === last ? `line ${line}` : `lines ${line}–${last}`} of ${path}.`;
  return { text, start, end, kind, valid: false, problem };
}

/** Blocks of code are blanked out, so that offsets stay. */
function withoutBlocks(text: string): string {
  return text.replace(/^( {0,3})(```+|~~~+)[^\n]*\n[\s\S]*?(?:^ {0,3}\2[`~]*[ \t]*$|(?![\s\S]))/gm, (block) =>
    block.replace(/[^\n]/g, " "),
  );
}
