import { declaredNames } from "../assist/checks/names.ts";

/** What a diff says of one file. */
export interface ChangedFile {
  readonly path: string;
  readonly kind: "added" | "removed" | "renamed" | "changed";
  /** Of a renamed file: what it was called. */
  readonly from?: string;
  readonly isBinary: boolean;
  /** The lines that come and go, without their signs. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Names of functions, classes and the like that come, go, or have other lines. */
  readonly declares: { readonly added: readonly string[]; readonly removed: readonly string[]; readonly changed: readonly string[] };
}

interface Parsed {
  path: string;
  before: string | undefined;
  kind: ChangedFile["kind"];
  isBinary: boolean;
  readonly added: string[];
  readonly removed: string[];
  /** Of the declarations around changed lines: from the heads of hunks, and from lines that stay. */
  readonly around: string[];
}

/** The files of a unified diff, as Git or diff writes it. */
export function changedFiles(diff: string): readonly ChangedFile[] {
  const files: Parsed[] = [];
  let file: Parsed | undefined;
  /** Lines of the hunk that are still to come, before and after. */
  let left = { before: 0, after: 0 };
  let around: string | undefined;
  const begin = (path: string) => {
    file = { path, before: undefined, kind: "changed", isBinary: false, added: [], removed: [], around: [] };
    files.push(file);
    return file;
  };

  for (const line of diff.split("\n")) {
    if (file && (left.before > 0 || left.after > 0)) {
      const sign = line[0] ?? " ";
      const text = line.slice(1);
      if (sign === "\\") continue;
      if (sign !== "+") left.before -= 1;
      if (sign !== "-") left.after -= 1;
      const declared = nameIn(text);
      // What is not indented and closes nothing stands outside of the declaration before it.
      if (declared !== undefined || /^[^\s})\]]/.test(text)) around = declared;
      if (sign === "+") file.added.push(text);
      else if (sign === "-") file.removed.push(text);
      if ((sign === "+" || sign === "-") && declared === undefined && around !== undefined && text.trim() !== "") file.around.push(around);
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@ ?(.*)$/.exec(line);
    const [, both] = /^diff --git (.+)$/.exec(line) ?? [];
    if (hunk) {
      left = { before: Number(hunk[1] ?? 1), after: Number(hunk[2] ?? 1) };
      around = nameIn(hunk[3] ?? "");
    } else if (both !== undefined) begin(plain(both.slice(Math.ceil(both.length / 2))));
    else if (line.startsWith("--- ")) {
      const path = pathIn(line);
      // Without Git's own line this is where a file begins.
      if (!file || file.added.length + file.removed.length > 0) begin(path ?? "");
      if (path === undefined && file) file.kind = "added";
      else if (path !== undefined && file && file.kind !== "renamed") file.path = path;
    } else if (line.startsWith("+++ ") && file) {
      const path = pathIn(line);
      if (path === undefined) file.kind = "removed";
      else file.path = path;
    } else if (file) Object.assign(file, remarkIn(line));
  }
  return files.map(toChangedFile);
}

/** What Git notes about a file before its lines. */
function remarkIn(line: string): Partial<Parsed> {
  if (line.startsWith("new file")) return { kind: "added" };
  if (line.startsWith("deleted file")) return { kind: "removed" };
  if (line.startsWith("rename from ")) return { kind: "renamed", before: line.slice(12) };
  if (line.startsWith("rename to ")) return { path: line.slice(10) };
  return /^Binary files .* differ$|^GIT binary patch$/.test(line) ? { isBinary: true } : {};
}

function toChangedFile({ path, before, kind, isBinary, added, removed, around }: Parsed): ChangedFile {
  const names = (lines: readonly string[]) => [...new Set(lines.flatMap((line) => nameIn(line) ?? []))];
  const [come, gone] = [names(added), names(removed)];
  const changed = [...new Set([...come.filter((name) => gone.includes(name)), ...around])];
  const isNew = (name: string, others: readonly string[]) => !others.includes(name);
  return {
    ...{ path, kind, isBinary, added, removed },
    ...(before !== undefined && { from: before }),
    declares: {
      added: come.filter((name) => isNew(name, gone)),
      removed: gone.filter((name) => isNew(name, come)),
      changed: changed.filter((name) => (isNew(name, come) && isNew(name, gone)) || (come.includes(name) && gone.includes(name))),
    },
  };
}

/** A name that a line declares for others; the frames of tests are none. */
function nameIn(line: string): string | undefined {
  const found = declaredNames(line.trimStart()).find((one) => one.public)?.name;
  return found === undefined || /^(?:describe|it|test|expect|before\w*|after\w*)$/.test(found) ? undefined : found;
}

function pathIn(line: string): string | undefined {
  const path = line.slice(4).replace(/\t.*$/, "").trim();
  return path === "/dev/null" ? undefined : plain(path);
}

/** A path without the letter that Git puts before it, and without its quotes. */
function plain(path: string): string {
  return path
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .replace(/^[abciow]\//, "");
}
