import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Keyring } from "../secrets/secret.ts";
import { createHubToken } from "./hub-token.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function place() {
  const folder = await mkdtemp(join(tmpdir(), "localcoder-token-"));
  folders.push(folder);
  return join(folder, "hub-token.json");
}

const backwards = (text: string) => [...text].reverse().join("");
const keyring: Keyring = { available: async () => true, lock: async (text) => backwards(text), unlock: async (text) => backwards(text) };

describe("the token of the hub", () => {
  it("is locked by the keyring where there is one", async () => {
    const file = await place();
    const token = createHubToken({ file, env: {}, keyring });
    expect(await token.access()).toEqual({ token: "none" });
    expect(await token.write(" hf_secret1 \n")).toMatchObject({ token: "keyring", note: expect.stringMatching(/keyring of this system/) });
    expect(await readFile(file, "utf8")).not.toMatch(/hf_secret1/);
    expect(await token.read()).toBe("hf_secret1");
    // A terminal has no keyring: it says so, and does without.
    const terminal = createHubToken({ file, env: {}, keyring: undefined });
    expect(await terminal.access()).toMatchObject({ token: "locked", note: expect.stringMatching(/HF_TOKEN/) });
    expect(await terminal.read()).toBeUndefined();
    expect(await token.write("")).toEqual({ token: "none" });
    expect(await token.read()).toBeUndefined();
  });

  it.each([undefined, { ...keyring, available: async () => false }])(
    "lies in a file of this user alone where there is none",
    async (none) => {
      const file = await place();
      const token = createHubToken({ file, env: {}, keyring: none });
      const { note } = await token.write("hf_secret1");
      expect(note).toMatch(none ? /^This system has no keyring\. .*only you can read/ : /^The token is kept in .*only you can read/);
      if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await token.read()).toBe("hf_secret1");
    },
  );

  it("comes from the environment first", async () => {
    const token = createHubToken({ file: await place(), env: { HF_TOKEN: " hf_other " }, keyring });
    await token.write("hf_secret1");
    expect(await token.read()).toBe("hf_other");
    expect(await token.access()).toMatchObject({ token: "environment" });
  });

  it.each(["short", "two words of it", "hf_\u0000nonsense", "x".repeat(501)])("is not %j", async (text) => {
    await expect(createHubToken({ file: await place(), env: {}, keyring }).write(text)).rejects.toMatchObject({ code: "BAD_INPUT" });
  });
});
