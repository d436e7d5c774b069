import { expect, it } from "vitest";
import { mostChanges, parseStatus } from "./status.ts";

const hash = "0".repeat(40);
const ordinary = (both: string, path: string) => `1 ${both} N... 100644 100644 100644 ${hash} ${hash} ${path}\0`;

it("reads the branch, its upstream and how far they are apart", () => {
  const output = `# branch.oid ${hash}\0# branch.head feature/a b\0# branch.upstream origin/main\0# branch.ab +2 -13\0`;
  expect(parseStatus(output)).toEqual({
    commit: hash,
    branch: "feature/a b",
    upstream: "origin/main",
    ahead: 2,
    behind: 13,
    changes: [],
    more: 0,
  });
});

it("knows neither a commit before the first nor a branch where none is checked out", () => {
  expect(parseStatus("# branch.oid (initial)\0# branch.head (detached)\0")).toEqual({ changes: [], more: 0 });
});

it("tells what is staged from what is not, with any path", () => {
  const renamed = `2 R. N... 100644 100644 100644 ${hash} ${hash} R100 new name\0old\nname\0`;
  const conflict = `u UD N... 100644 100644 100644 100644 ${hash} ${hash} ${hash} both sides.txt\0`;
  const output = `${ordinary("M.", "a b.txt")}${ordinary(".D", "ü.txt")}${ordinary("AM", "c")}${renamed}${conflict}? n e w\0! ignored\0`;
  expect(parseStatus(output).changes).toEqual([
    { path: "a b.txt", staged: "modified" },
    { path: "ü.txt", unstaged: "deleted" },
    { path: "c", staged: "added", unstaged: "modified" },
    { path: "new name", original: "old\nname", staged: "renamed" },
    { path: "both sides.txt", conflict: "deleted-by-them" },
    { path: "n e w", unstaged: "untracked" },
  ]);
});

it("counts what it does not list", () => {
  const status = parseStatus(Array.from({ length: mostChanges + 3 }, (_, index) => `? ${index}\0`).join(""));
  expect([status.changes.length, status.more]).toEqual([mostChanges, 3]);
});
