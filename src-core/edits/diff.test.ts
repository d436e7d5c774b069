import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { diffLines } from "./diff.ts";
import { applyHunks, hunks } from "./hunks.ts";
import { lineEndOf, splitLines } from "./lines.ts";
import { unifiedDiff } from "./unified.ts";

/** The same numbers on every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

function randomText(next: (below: number) => number): string {
  const ends = ["\n", "\n", "\n", "\r\n", "\r"];
  const lines = Array.from({ length: next(12) }, () => "abc".charAt(next(3)) + ends[next(ends.length)]);
  return lines.join("") + (next(2) ? "end" : "");
}

describe("lines", () => {
  test.each(["", "a", "a\n", "\n", "a\r\nb\rc\n\n", "\r\n\r\n"])("joined are the text again: %j", (text) => {
    expect(splitLines(text).join("")).toBe(text);
  });

  test("the line end is that of most lines", () => {
    expect(lineEndOf("a")).toBe("\n");
    expect(lineEndOf("a\r\nb\r\nc\n")).toBe("\r\n");
    expect(lineEndOf("a\rb")).toBe("\r");
  });
});

describe("a diff", () => {
  test("names only what differs", () => {
    expect(diffLines(["a", "b", "c", "d"], ["a", "x", "c", "d", "e"])).toEqual([
      { original: { start: 1, end: 2 }, proposed: { start: 1, end: 2 } },
      { original: { start: 4, end: 4 }, proposed: { start: 4, end: 5 } },
    ]);
    expect(diffLines(["a"], ["a"])).toEqual([]);
  });

  test("shows a new block whole and not shifted by its closing line", () => {
    const before = ["one {", "}", "two {", "}"];
    const after = ["one {", "}", "new {", "}", "two {", "}"];
    expect(diffLines(before, after)).toEqual([{ original: { start: 2, end: 2 }, proposed: { start: 2, end: 4 } }]);
  });

  test("of quite different texts is one change", () => {
    const before = Array.from({ length: 3000 }, (_, index) => `a${index}`);
    const after = Array.from({ length: 3000 }, (_, index) => `b${index}`);
    expect(diffLines(before, after)).toHaveLength(1);
  });

  test("keeps every combination of hunks apart, whatever the texts are", () => {
    const next = random(7);
    for (let round = 0; round < 2000; round++) {
      const original = randomText(next);
      const proposed = randomText(next);
      const all = hunks(original, proposed);
      expect(applyHunks(original, all)).toBe(proposed);
      expect(applyHunks(original, [])).toBe(original);
      const [some, rest] = [all.filter((_, index) => index % 2 === 0), all.filter((_, index) => index % 2 === 1)];
      // Undoing in the proposal is the same as not keeping in the original.
      const undone = rest.map((hunk) => ({ original: hunk.proposed, proposed: hunk.original }));
      expect(applyHunks(proposed, undone)).toBe(applyHunks(original, some));
    }
  });
});

describe("a unified diff", () => {
  test("reads as git's", () => {
    expect(unifiedDiff("src/a.ts", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n")).toBe(
      "--- a/src/a.ts\n+++ b/src/a.ts\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
    );
    expect(unifiedDiff("a", "x", "x")).toBe("");
    expect(unifiedDiff("a", "x", "y\n")).toBe("--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n");
  });

  test("is applied by git to give the proposal", () => {
    const folder = mkdtempSync(join(tmpdir(), "diff-"));
    const next = random(3);
    try {
      for (let round = 0; round < 40; round++) {
        const original = Array.from({ length: 3 }, () => randomText(next)).join("");
        const proposed = original.replace(/[ab]\n/g, (line) => (next(4) === 0 ? `new\n${next(2) ? line : ""}` : line));
        const patch = unifiedDiff("file", original, proposed);
        if (patch === "" || original === "" || proposed === "") continue;
        writeFileSync(join(folder, "file"), original);
        execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: folder, input: patch });
        expect(readFileSync(join(folder, "file"), "utf8")).toBe(proposed);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("names files so that git finds them, whatever they are called", () => {
    const folder = mkdtempSync(join(tmpdir(), "diff-"));
    try {
      for (const name of ["größe näh.js", 'tab\tq"uote.js', "new\nline.js", " a ", "日本 \u0001.js"]) {
        writeFileSync(join(folder, name), "one\n");
        execFileSync("git", ["apply", "-"], { cwd: folder, input: unifiedDiff(name, "one\n", "two\n") });
        expect(readFileSync(join(folder, name), "utf8")).toBe("two\n");
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
