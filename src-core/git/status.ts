import type { GitChange, GitStatus } from "../contracts/git.ts";

/** More than so many changes are counted and not listed: nobody reads them, and a list of a forgotten folder of packages takes seconds. */
export const mostChanges = 10_000;

/** What `git status --porcelain=v2 --branch -z` says. */
export type ParsedStatus = Omit<GitStatus, "operation" | "proposedMessage">;

const letters: Readonly<Record<string, NonNullable<GitChange["staged"]>>> = {
  M: "modified",
  A: "added",
  D: "deleted",
  R: "renamed",
  C: "copied",
  T: "retyped",
};

const conflicts: Readonly<Record<string, NonNullable<GitChange["conflict"]>>> = {
  UU: "both-modified",
  AA: "both-added",
  DD: "both-deleted",
  AU: "added-by-us",
  UA: "added-by-them",
  DU: "deleted-by-us",
  UD: "deleted-by-them",
};

/** Reads the output of `git status --porcelain=v2 --branch -z`. Lines of a kind it does not know are passed over, as Git asks. */
export function parseStatus(output: string): ParsedStatus {
  const head: { -readonly [Name in "branch" | "commit" | "upstream" | "ahead" | "behind"]?: ParsedStatus[Name] } = {};
  const changes: GitChange[] = [];
  let count = 0;
  const records = output.split("\0");
  for (let index = 0; index < records.length; index++) {
    const record = records[index] ?? "";
    const kind = record[0];
    if (kind === "#") {
      readHeader(record, head);
      continue;
    }
    // The path before a renaming is a record of its own.
    const original = kind === "2" ? records[++index] : undefined;
    const change = readChange(record, original);
    if (change === undefined) continue;
    count++;
    if (changes.length < mostChanges) changes.push(change);
  }
  return { ...head, changes, more: count - changes.length };
}

function readHeader(record: string, head: Record<string, string | number | undefined>): void {
  const [, name, ...words] = record.split(" ");
  const value = words.join(" ");
  if (name === "branch.oid" && value !== "(initial)") head.commit = value;
  if (name === "branch.head" && value !== "(detached)") head.branch = value;
  if (name === "branch.upstream") head.upstream = value;
  const counts = name === "branch.ab" ? /^\+(\d+) -(\d+)$/.exec(value) : undefined;
  if (counts) {
    head.ahead = Number(counts[1]);
    head.behind = Number(counts[2]);
  }
}

/** How many words stand before the path, by the kind of a record. */
const wordsBefore: Readonly<Record<string, number>> = { "1": 8, "2": 9, u: 10, "?": 1 };

function readChange(record: string, original: string | undefined): GitChange | undefined {
  const kind = record[0] ?? "";
  const before = wordsBefore[kind];
  if (before === undefined) return undefined;
  const words = record.split(" ");
  const path = words.slice(before).join(" ");
  const both = words[1] ?? "";
  if (kind === "?") return { path, unstaged: "untracked" };
  if (kind === "u") return { path, conflict: conflicts[both] ?? "both-modified" };
  const staged = letters[both[0] ?? ""];
  const unstaged = letters[both[1] ?? ""];
  return { path, ...(original !== undefined && { original }), ...(staged && { staged }), ...(unstaged && { unstaged }) };
}
