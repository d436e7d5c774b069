import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { version } from "#engine/version";
import { runProgram } from "./program.ts";

let folder = "";
let file = "";
const content = "the bytes of a package";
const hash = createHash("sha256").update(content).digest("hex");

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lc-update-"));
  process.env.LOCALCODER_HOME = join(folder, "home");
  file = join(folder, "localcoder_9.9.9_amd64.deb");
  writeFileSync(file, content);
});
afterAll(() => {
  delete process.env.LOCALCODER_HOME;
  rmSync(folder, { recursive: true, force: true });
});

async function run(...parameters: string[]) {
  let stdout = "";
  let stderr = "";
  const code = await runProgram(["update", ...parameters], {
    stdin: Readable.from([]),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: {},
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

const sums = (name: string, ...lines: string[]) => {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
};

describe("localcoder update", () => {
  test("says which version this is, that nothing is asked of anybody, and where the data stays", async () => {
    const { code, stdout } = await run();
    expect(code).toBe(0);
    for (const part of [`LocalCoder ${version}`, "never looks for a newer version", join(folder, "home", "data")])
      expect(stdout).toContain(part);
  });

  test("takes a package that the sums beside it name, whoever wrote them", async () => {
    sums("SHA256SUMS", `${"0".repeat(64)}  other.dmg`, `${hash.toUpperCase()} *localcoder_9.9.9_amd64.deb`);
    expect(await run(file, "--json")).toMatchObject({
      code: 0,
      stdout: `${JSON.stringify({ file, sha256: hash, matches: true, signed: false })}\n`,
    });
  });

  test("refuses a package of which a byte is different, one that is not named, and one without sums", async () => {
    const other = sums("other.txt", `${"a".repeat(64)}  localcoder_9.9.9_amd64.deb`);
    expect(await run(file, "--sums", other)).toMatchObject({ code: 1, stderr: expect.stringContaining("is not what was released") });
    const none = sums("none.txt", `${hash}  something-else.deb`);
    expect(await run(file, "--sums", none)).toMatchObject({ code: 1, stderr: expect.stringContaining("names no localcoder_9.9.9") });
    expect(await run(file, "--sums", join(folder, "missing"))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("cannot be read"),
    });
  });

  describe("with the key of whoever made the package", () => {
    const name = "localcoder_9.9.9_amd64.deb";
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const text = `${hash}  ${name}\n`;
    const signature = (of: string, by = privateKey) => sign(null, Buffer.from(of), by).toString("base64");
    let key = "";
    const written = (file: string, content: string | Buffer) => {
      const path = join(folder, file);
      writeFileSync(path, content);
      return path;
    };
    beforeAll(() => {
      key = written("key.pem", publicKey.export({ type: "spki", format: "pem" }));
    });

    test("takes sums that carry its signature, and says so", async () => {
      const signed = written("signed", text);
      written("signed.sig", `${signature(text)}\n`);
      const { code, stdout } = await run(file, "--sums", signed, "--key", key);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/is what was released[\s\S]*signature of its maker/)]);
      expect(await run(file, "--sums", signed, "--key", key, "--json")).toMatchObject({ stdout: expect.stringContaining('"signed":true') });
      // Without a key nobody has answered for them, and that is said.
      expect(await run(file, "--sums", signed)).toMatchObject({ code: 0, stdout: expect.stringContaining("no key of its maker") });
    });

    test.each([
      ["a byte of the sums is another", `${"f".repeat(64)}  other.deb\n${text}`, signature(text)],
      ["somebody else has signed them", text, signature(text, generateKeyPairSync("ed25519").privateKey)],
      ["the signature is cut", text, signature(text).slice(0, 40)],
      ["the signature is empty", text, ""],
    ])("refuses them where %s", async (_, content, by) => {
      const changed = written("changed", content);
      written("changed.sig", by);
      const refused = await run(file, "--sums", changed, "--key", key);
      expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/signature[\s\S]*Do not install it/) });
    });

    test("refuses sums without a signature, and a key that is none", async () => {
      const bare = written("bare", text);
      const unsigned = await run(file, "--sums", bare, "--key", key);
      expect(unsigned).toMatchObject({ code: 1, stderr: expect.stringContaining("bare.sig is not beside it") });
      const other = written("other.pem", generateKeyPairSync("x25519").publicKey.export({ type: "spki", format: "pem" }));
      for (const wrong of [bare, other])
        expect(await run(file, "--sums", bare, "--key", wrong)).toMatchObject({ code: 1, stderr: expect.stringContaining("Ed25519") });
      expect(await run(file, "--key", join(folder, "missing"))).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("cannot be read"),
      });
    });
  });

  test("asks for the newest version only when that is switched on, an address is set and it was said yes", async () => {
    const server = createServer((_request, response) => response.end(JSON.stringify({ version: "99.0.0", notes: "Quicker." })));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const settings = (values: object) => {
      mkdirSync(join(folder, "home", "user"), { recursive: true });
      writeFileSync(join(folder, "home", "user", "settings.json"), JSON.stringify(values));
    };
    expect(await run("--check", "--yes")).toMatchObject({ code: 1, stderr: expect.stringContaining("is off") });
    settings({ "localcoder.updates.mode": "ask" });
    expect(await run("--check", "--yes")).toMatchObject({ code: 1, stderr: expect.stringContaining("nobody to ask") });
    settings({ "localcoder.updates.mode": "ask", "localcoder.updates.address": address });
    expect(await run("--check")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/would be asked[\s\S]*Nothing is sent but this request/),
    });
    expect(await run("--check", "--yes")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/LocalCoder 99\.0\.0 is there[\s\S]*Quicker\./),
    });
    server.close();
  });

  test("says what is wrong with how it was called", async () => {
    expect(await run(file, file)).toMatchObject({ code: 2 });
    expect(await run("--sums", file)).toMatchObject({ code: 2 });
    sums("SHA256SUMS", `${hash}  gone.deb`);
    expect(await run(join(folder, "gone.deb"))).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot be read") });
  });
});
