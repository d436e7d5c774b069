import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { asUnprivileged } from "#engine/workspace/unprivileged";
import { encode, readDocument } from "./document.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "lc-doc-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("text comes out of the encodings there are, and goes back byte for byte", async () => {
  const cases: [string, Buffer, string][] = [
    ["plain.ts", Buffer.from("é 🎉\r\n"), "é 🎉\r\n"],
    ["mark.ts", Buffer.from("\ufeffé"), "é"],
    ["wide.ts", Buffer.from("\ufeffé🎉", "utf16le"), "é🎉"],
    ["old.c", Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]), "café\n"],
    ["empty.ts", Buffer.alloc(0), ""],
  ];
  for (const [name, bytes, text] of cases) {
    const document = await readDocument(write(name, bytes));
    expect(document.text).toBe(text);
    expect(encode(document.text, document.encoding).equals(bytes)).toBe(true);
  }
  const old = await readDocument(join(folder, "old.c"));
  expect(() => encode(`${old.text}🎉`, old.encoding)).toThrow("its encoding lacks");
});

test("what is no text file is said in one sentence, with a way out", async () => {
  const refused = (code: string) => ({ code, message: expect.not.stringContaining("\n"), hint: expect.any(String) });
  await expect(readDocument(join(folder, "none.ts"))).rejects.toMatchObject(refused("NOT_FOUND"));
  await expect(readDocument(folder)).rejects.toMatchObject(refused("IS_A_DIRECTORY"));
  await expect(readDocument(write("a.bin", new Uint8Array([1, 0, 2])))).rejects.toMatchObject(refused("UNSUPPORTED"));
  await expect(readDocument(write("big.ts", new Uint8Array(20_000_001).fill(97)))).rejects.toMatchObject(refused("TOO_LARGE"));
  if (process.platform === "win32") return;
  await expect(readDocument("/dev/null")).rejects.toMatchObject(refused("UNSUPPORTED"));
  symlinkSync("circle.ts", join(folder, "circle.ts"));
  await expect(readDocument(join(folder, "circle.ts"))).rejects.toMatchObject(refused("NOT_FOUND"));
  chmodSync(folder, 0o755);
  chmodSync(write("secret.ts", "x"), process.getuid?.() === 0 ? 0o600 : 0);
  await asUnprivileged(() => expect(readDocument(join(folder, "secret.ts"))).rejects.toMatchObject(refused("NO_PERMISSION")));
});

test("the workspace is the nearest repository, else the file's folder, also through a link", async () => {
  mkdirSync(join(folder, "shop", "src"), { recursive: true });
  mkdirSync(join(folder, "shop", ".git"));
  const inside = write("shop/src/cart.ts", "");
  expect((await readDocument(inside)).workspace).toBe(join(folder, "shop"));
  expect((await readDocument(write("alone.ts", ""))).workspace).toBe(folder);
  symlinkSync(inside, join(folder, "link.ts"));
  expect((await readDocument(join(folder, "link.ts"))).workspace).toBe(join(folder, "shop"));
});

test("the language comes from the name", async () => {
  expect((await readDocument(write("a.TSX", ""))).languageId).toBe("typescriptreact");
  expect((await readDocument(write("Dockerfile", ""))).languageId).toBe("dockerfile");
  expect((await readDocument(write("notes", ""))).languageId).toBe("plaintext");
});

test("a file belongs to the nearest repository, else to the folder that one is in, else to its own", async () => {
  const path = join(folder, "project", "src", "a.ts");
  mkdirSync(join(folder, "project", "src"), { recursive: true });
  writeFileSync(path, "");
  const workspaceFrom = async (place: string) => {
    const here = vi.spyOn(process, "cwd").mockReturnValue(place);
    try {
      return (await readDocument(path)).workspace;
    } finally {
      here.mockRestore();
    }
  };
  expect(await workspaceFrom(tmpdir().slice(0, 1))).toBe(join(folder, "project", "src"));
  expect(await workspaceFrom(join(folder, "project"))).toBe(join(folder, "project"));
  expect(await workspaceFrom(join(folder, "project", "src"))).toBe(join(folder, "project", "src"));
  mkdirSync(join(folder, "project", ".git"));
  expect(await workspaceFrom(folder)).toBe(join(folder, "project"));
});
