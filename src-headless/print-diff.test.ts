import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { patchOf, printDiff } from "./commands/print-diff.ts";
import { readDocument } from "./document.ts";
import { createTerminal } from "./terminal.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lc-patch-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a program that reads the output gets, and what is said beside it. */
async function printed(name: string, changed: string): Promise<{ patch: Buffer; notes: string }> {
  const pieces: Buffer[] = [];
  let notes = "";
  const stdout = { write: (data: string | Uint8Array) => pieces.push(Buffer.from(data as string)) };
  const terminal = createTerminal({ json: false, stdout, stderr: { write: (text) => (notes += text) }, env: {} });
  const document = await readDocument(join(folder, name));
  printDiff(terminal, patchOf(document, name, changed), document.encoding);
  return { patch: Buffer.concat(pieces), notes };
}

describe("a printed patch", () => {
  test.each([
    ["marked.js", Buffer.from("\ufefffirst\nsecond\n"), "new\nfirst\nsecond\n", Buffer.from("\ufeffnew\nfirst\nsecond\n")],
    ["größe.js", Buffer.from("gr\xfc\xdfe\nb\n", "latin1"), "grüße\nö\n", Buffer.from("gr\xfc\xdfe\n\xf6\n", "latin1")],
    ["windows.js", Buffer.from("a\r\nb"), "a\r\nc", Buffer.from("a\r\nc")],
  ])("is taken by git for the bytes of %s", async (name, before, changed, after) => {
    writeFileSync(join(folder, name), before);
    const { patch } = await printed(name, changed);
    execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: folder, input: patch });
    expect(readFileSync(join(folder, name))).toEqual(after);
  });

  test("says where Git takes none, and refuses what the file's encoding has no bytes for", async () => {
    writeFileSync(join(folder, "wide.js"), Buffer.from("\ufeffa\n", "utf16le"));
    expect((await printed("wide.js", "b\n")).notes).toContain("Git applies no patch to that");
    writeFileSync(join(folder, "old.js"), Buffer.from("\xfc\n", "latin1"));
    await expect(printed("old.js", "ü 😀\n")).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });
});
