import { execFileSync } from "node:child_process";
import { chmodSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { fileQuery, type TextMatch, textQuery } from "#core/contracts/search";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { asUnprivileged } from "../workspace/unprivileged.ts";
import { createWorkspace } from "../workspace/workspace.ts";
import { createSearch } from "./search.ts";

type Files = Parameters<typeof temporaryFolder>[0];
const code = (name: string) => expect.objectContaining({ name: "UserError", code: name });

function open(files: Files) {
  const folder = temporaryFolder(files);
  const search = createSearch({ workspace: createWorkspace({ roots: [folder.path] }) });
  return {
    folder,
    search,
    async text(query: Partial<z.input<typeof textQuery>> & { pattern: string }) {
      const files: TextMatch[] = [];
      for await (const result of search.text(textQuery.parse({ folder: folder.path, ...query }))) {
        if (result.type === "matches") files.push(...result.files);
        else return { files: files.sort((a, b) => a.path.localeCompare(b.path)), limitHit: result.limitHit, message: result.message };
      }
      throw new Error("The search did not say that it was done.");
    },
    async files(query: Partial<z.input<typeof fileQuery>> = {}) {
      const paths: string[] = [];
      for await (const batch of search.files(fileQuery.parse({ folder: folder.path, ...query }))) paths.push(...batch);
      return paths.sort();
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const names = (found: { files: TextMatch[] }) => found.files.map(({ path }) => path.split("/").at(-1));

describe("text", () => {
  it("refuses a NUL, which no program can be given", async () => {
    using opened = open({ "a.txt": "a" });
    await expect(opened.text({ pattern: "a\0" })).rejects.toEqual(code("BAD_INPUT"));
    await expect(opened.text({ pattern: "a", includes: ["*\0"] })).rejects.toEqual(code("BAD_INPUT"));
  });

  it("finds lines and counts columns in UTF-16 units", async () => {
    using place = open({ "a.txt": "first\r\n😀 wörld and wörld\r\nlast", "b.txt": "nothing" });
    const { files, limitHit } = await place.text({ pattern: "WÖRLD" });
    expect(limitHit).toBe(false);
    expect(files).toEqual([
      {
        path: place.folder.at("a.txt"),
        context: [],
        matches: [
          {
            preview: "😀 wörld and wörld",
            range: { startLine: 1, startColumn: 3, endLine: 1, endColumn: 18 },
            ranges: [
              { startLine: 1, startColumn: 3, endLine: 1, endColumn: 8 },
              { startLine: 1, startColumn: 13, endLine: 1, endColumn: 18 },
            ],
            previewRanges: [
              { startLine: 0, startColumn: 3, endLine: 0, endColumn: 8 },
              { startLine: 0, startColumn: 13, endLine: 0, endColumn: 18 },
            ],
          },
        ],
      },
    ]);
    expect((await place.text({ pattern: "WÖRLD", caseSensitive: true })).files).toEqual([]);
  });

  it("takes special characters as they are unless the pattern is an expression", async () => {
    using place = open({ "a.txt": "a.b(c) $x -n --files\nacb\n[z] {q} ^ | \\ # & ~\n" });
    for (const pattern of ["a.b(c)", "$x", "-n", "--files", "[z] {q} ^ | \\ # & ~"]) {
      expect((await place.text({ pattern })).files, pattern).toHaveLength(1);
      expect((await place.text({ pattern, wholeWord: true })).files, `${pattern} as a word`).toHaveLength(1);
    }
    expect((await place.text({ pattern: "a.b" })).files[0]?.matches).toHaveLength(1);
    expect((await place.text({ pattern: "a.b", regularExpression: true })).files[0]?.matches).toHaveLength(2);
  });

  it("finds whole words, looks around and refers back", async () => {
    using place = open({ "a.txt": "cat\nconcat\ncat_\nécat\nabab\ncaf\u00e9 /path\n" });
    const lines = async (query: Parameters<typeof place.text>[0]) =>
      (await place.text(query)).files.flatMap(({ matches }) => matches.map(({ range }) => range.startLine));
    expect(await lines({ pattern: "cat", wholeWord: true })).toEqual([0]);
    expect(await lines({ pattern: "(?<=con)cat", regularExpression: true })).toEqual([1]);
    expect(await lines({ pattern: "(ab)\\1", regularExpression: true })).toEqual([4]);
    expect(await lines({ pattern: "caf\\u00e9 \\/path$", regularExpression: true })).toEqual([5]);
    expect(await lines({ pattern: "cat$", regularExpression: true })).toEqual([0, 1, 3]);
  });

  it("finds text over several lines, whatever ends them", async () => {
    using place = open({ "a.txt": "x\none\ntwo\ny\n", "b.txt": "x\r\none\r\ntwo\r\ny\r\n" });
    for (const query of [
      { pattern: "one\ntwo" },
      { pattern: "one\\ntwo", regularExpression: true, multiline: true },
      { pattern: "one\\s+two", regularExpression: true, multiline: true },
    ]) {
      const { files } = await place.text(query);
      expect(files.map(({ matches }) => matches[0]?.ranges)).toEqual([
        [{ startLine: 1, startColumn: 0, endLine: 2, endColumn: 3 }],
        [{ startLine: 1, startColumn: 0, endLine: 2, endColumn: 3 }],
      ]);
      expect(files[0]?.matches[0]?.preview).toBe("one\ntwo");
    }
  });

  it("gives lines around the matches", async () => {
    using place = open({ "a.txt": "1\n2\nhit\n4\r\n5\n" });
    const { files } = await place.text({ pattern: "hit", contextLines: 1 });
    expect(files[0]?.context).toEqual([
      { line: 1, text: "2" },
      { line: 3, text: "4" },
    ]);
  });

  it("reads UTF-16 and named encodings, passes over binary files", async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("grüße\n", "utf16le")]);
    const latin = Buffer.from("grüße\n", "latin1");
    using place = open({ "u16.txt": utf16, "latin.txt": latin, "u8.txt": "\uFEFFgrüße", "binary.bin": Buffer.from("\0\0grüße\0") });
    expect(names(await place.text({ pattern: "grüße" }))).toEqual(["u16.txt", "u8.txt"]);
    const bom = (await place.text({ pattern: "grüße", includes: ["u8.txt"] })).files[0]?.matches[0];
    expect([bom?.preview, bom?.range.startColumn]).toEqual(["grüße", 0]);
    expect(names(await place.text({ pattern: "grüße", encoding: "windows1252" }))).toContain("latin.txt");
    expect(names(await place.text({ pattern: "grüße", encoding: "utf8" }))).toEqual(["u16.txt", "u8.txt"]);
    // Not UTF-8 and no encoding named: columns are those of the text as an editor shows it.
    const raw = (await place.text({ pattern: "e$", regularExpression: true, includes: ["latin.txt"] })).files[0]?.matches[0];
    expect(raw?.range).toEqual({ startLine: 0, startColumn: 4, endLine: 0, endColumn: 5 });
    await expect(place.text({ pattern: "x", encoding: "cp437" })).rejects.toThrow(code("BAD_INPUT"));
  });

  it("honours includes, excludes and ignore files as VS Code gives them", async () => {
    using place = open({
      ".gitignore": "ignored.txt\nbuild/\n",
      ".hidden/h.txt": "hit",
      "src/a.ts": "hit",
      "src/deep/b.tsx": "hit",
      "lib/src/c.ts": "hit",
      "ignored.txt": "hit",
      "build/out.ts": "hit",
      "node_modules/p/index.js": "hit",
    });
    const excludes = ["**/node_modules", "**/.git"];
    expect(names(await place.text({ pattern: "hit", excludes }))).toEqual(["h.txt", "c.ts", "a.ts", "b.tsx"]);
    expect(names(await place.text({ pattern: "hit", excludes, includes: ["src"] }))).toEqual(["a.ts", "b.tsx"]);
    expect(names(await place.text({ pattern: "hit", excludes, includes: ["./src/**"] }))).toEqual(["a.ts", "b.tsx"]);
    expect(names(await place.text({ pattern: "hit", excludes, includes: ["**/*.{ts,js}"] }))).toEqual(["c.ts", "a.ts"]);
    expect(names(await place.text({ pattern: "hit", excludes: [...excludes, "**/deep/**", "lib"] }))).toEqual(["h.txt", "a.ts"]);
    expect(names(await place.text({ pattern: "hit", includes: [`${place.folder.path}/src/**`] }))).toEqual(["a.ts", "b.tsx"]);
    expect(names(await place.text({ pattern: "hit", excludes, useIgnoreFiles: false }))).toContain("ignored.txt");
  });

  it("stops at the limit", async () => {
    using place = open(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}.txt`, "hit hit\nhit\n"])));
    const { files, limitHit } = await place.text({ pattern: "hit", limit: 50 });
    expect(limitHit).toBe(true);
    expect(files.flatMap(({ matches }) => matches.flatMap(({ ranges }) => ranges))).toHaveLength(50);
  });

  it("shows long lines around each hit", async () => {
    using place = open({ "min.js": `${"x".repeat(50_000)}needle${"😀".repeat(20_000)}needle` });
    const [file] = (await place.text({ pattern: "needle" })).files;
    expect(file?.matches.map(({ range }) => range.startColumn)).toEqual([50_000, 90_006]);
    for (const { preview, previewRanges } of file?.matches ?? []) {
      expect(preview.length).toBeLessThan(400);
      expect(preview).not.toMatch(/\p{Surrogate}/u);
      const [range] = previewRanges;
      expect(preview.slice(range?.startColumn, range?.endColumn)).toBe("needle");
    }
  });

  it.each(["(", "[a", "a{2,1}", "*", "(?<n"])("says why the expression %j is not valid", async (pattern) => {
    using place = open({ "a.txt": "a" });
    await expect(place.text({ pattern, regularExpression: true })).rejects.toThrow(code("BAD_INPUT"));
    await expect(place.text({ pattern, regularExpression: true })).rejects.toThrow(/^The regular expression is not valid: .+\.$/);
  });

  it("says which glob is not valid", async () => {
    using place = open({ "a.txt": "a" });
    await expect(place.text({ pattern: "a", includes: ["src/[z-a]"] })).rejects.toThrow(/src\/\[z-a\] is not valid/);
  });

  it("stays in the workspace, also through links", async () => {
    using outside = temporaryFolder({ "secret.txt": "hit" });
    using place = open({ "in.txt": "hit", "sub/deep.txt": "hit" });
    symlinkSync(outside.path, place.folder.at("out"));
    symlinkSync(outside.at("secret.txt"), place.folder.at("file.txt"));
    symlinkSync("sub", place.folder.at("inner"));
    symlinkSync(".", place.folder.at("loop"));
    const found = await place.text({ pattern: "hit", followLinks: true });
    expect(new Set(names(found))).toEqual(new Set(["in.txt", "deep.txt"]));
    expect(found.message).toBeUndefined();
    expect(await place.files({ followLinks: true })).not.toContain("out/secret.txt");
    await expect(place.text({ pattern: "x", folder: "/etc" })).rejects.toThrow(code("OUTSIDE_WORKSPACE"));
    await expect(place.text({ pattern: "x", folder: place.folder.at("in.txt") })).rejects.toThrow(code("NOT_A_DIRECTORY"));
    await expect(place.text({ pattern: "x", folder: place.folder.at("none") })).rejects.toThrow(code("NOT_FOUND"));
  });

  it.runIf(process.platform !== "win32")("does not wait for pipes and says what could not be read", async () => {
    using place = open({ "a.txt": "hit", "shut/b.txt": "hit" });
    execFileSync("mkfifo", [place.folder.at("pipe")]);
    chmodSync(place.folder.path, 0o755);
    chmodSync(place.folder.at("shut"), process.getuid?.() === 0 ? 0o700 : 0o000);
    const found = await asUnprivileged(() => place.text({ pattern: "hit" }));
    chmodSync(place.folder.at("shut"), 0o755);
    expect(names(found)).toEqual(["a.txt"]);
    expect(found.message).toMatch(/could not be read/);
  });

  it("ends when it is stopped or left", async () => {
    using place = open(
      Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`d${index % 30}/f${index}.txt`, "hit ".repeat(200)])),
    );
    const query = textQuery.parse({ folder: place.folder.path, pattern: "hit", limit: 1_000_000 });
    const controller = new AbortController();
    const run = place.search.text(query, controller.signal);
    expect((await run.next()).value).toMatchObject({ type: "matches" });
    controller.abort();
    await expect(
      (async () => {
        for await (const _ of run);
      })(),
    ).rejects.toThrow(code("STOPPED"));
    for await (const result of place.search.text(query)) {
      expect(result.type).toBe("matches");
      break;
    }
  });
});

describe("files", () => {
  it("lists thousands of files and finds them letter by letter", async () => {
    using place = open({
      ...Object.fromEntries(Array.from({ length: 2500 }, (_, index) => [`d${index % 50}/file-${index}.txt`, ""])),
      "src/views/SearchResult.ts": "",
      "Straße/größe.txt": "",
      "line\nbreak.txt": "",
      ".dot": "",
    });
    expect(await place.files()).toHaveLength(2504);
    expect(await place.files({ pattern: "svsrts" })).toEqual(["src/views/SearchResult.ts"]);
    expect(await place.files({ pattern: "SEARCH result" })).toEqual(["src/views/SearchResult.ts"]);
    expect(await place.files({ pattern: "größe" })).toEqual(["Straße/größe.txt"]);
    expect(await place.files({ includes: ["src/**"] })).toEqual(["src/views/SearchResult.ts"]);
    expect(await place.files({ excludes: ["d*"], pattern: "txt" })).toEqual(["Straße/größe.txt", "line\nbreak.txt"].sort());
    expect(await place.files({ limit: 100 })).toHaveLength(100);
  });

  it("gives nothing for an empty folder", async () => {
    using place = open({});
    expect(await place.files()).toEqual([]);
  });
});
