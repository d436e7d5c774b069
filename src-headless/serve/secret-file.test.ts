import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSecret } from "./secret-file.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lc-token-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a missing file is made for its owner only, and gives the same token again", async () => {
  const file = join(folder, "made");
  const token = await readSecret(file, "token");
  expect(token.length).toBeGreaterThan(40);
  expect(readFileSync(file, "utf8")).toBe(`${token}\n`);
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await readSecret(file, "token")).toBe(token);
});

test("a token of one's own is taken without the line end", async () => {
  const file = join(folder, "own");
  writeFileSync(file, "sixteen-or-more-\r\n", { mode: 0o600 });
  expect(await readSecret(file, "token")).toBe("sixteen-or-more-");
});

test.each([["short"], [""], ["two words that are long enough"], ["line-one-is-long\nline-two-is-long"], ["x".repeat(5000)]])(
  "%j is no token",
  async (text) => {
    const file = join(folder, "bad");
    writeFileSync(file, text, { mode: 0o600 });
    await expect(readSecret(file, "token")).rejects.toMatchObject({ code: "BAD_INPUT" });
  },
);

test("a folder, or a place where nothing can be made, is refused", async () => {
  await expect(readSecret(folder, "token")).rejects.toMatchObject({ code: "BAD_INPUT" });
  await expect(readSecret(join(folder, "none", "token"), "token")).rejects.toMatchObject({ code: "NO_PERMISSION" });
});

test.skipIf(process.platform === "win32")("a file that others may read is refused", async () => {
  const file = join(folder, "loose");
  writeFileSync(file, "sixteen-or-more-");
  chmodSync(file, 0o640);
  await expect(readSecret(file, "token")).rejects.toMatchObject({ code: "NO_PERMISSION", hint: expect.stringContaining("chmod 600") });
});
