import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "./prepare.mjs";
import { makeKey, signSums } from "./sign-sums.mjs";

const place = mkdtempSync(join(tmpdir(), "localcoder-sign-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));
const at = (name: string) => join(place, name);
const run = (command: string, ...parameters: string[]) => spawnSync(command, parameters, { encoding: "utf8", cwd: place });

test("what is signed for a release is what the command line takes, and anybody's OpenSSL", () => {
  const releaseKey = makeKey(at("private.pem"));
  expect(statSync(at("private.pem")).mode & 0o777).toBe(0o600);
  writeFileSync(at("one.deb"), "a package");
  writeFileSync(at("SHA256SUMS"), `${createHash("sha256").update("a package").digest("hex")}  one.deb\n`);
  signSums(at("SHA256SUMS"), readFileSync(at("private.pem"), "utf8"), releaseKey);

  const pem = `-----BEGIN PUBLIC KEY-----\n${releaseKey}\n-----END PUBLIC KEY-----\n`;
  writeFileSync(at("public.pem"), pem);
  const program = join(root, "src-headless", "cli.ts");
  const taken = run(process.execPath, program, "update", "one.deb", "--key", "public.pem");
  expect(taken).toMatchObject({ status: 0, stdout: expect.stringContaining("The sums carry the signature of its maker.") });

  writeFileSync(at("signature"), Buffer.from(readFileSync(at("SHA256SUMS.sig"), "utf8"), "base64"));
  const verified = ["pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-rawin", "-in", "SHA256SUMS", "-sigfile", "signature"];
  if (run("openssl", "version").status === 0) expect(run("openssl", ...verified)).toMatchObject({ status: 0 });
});

test("a key that programs do not know, and a missing one, are refused, and without any nothing is signed", () => {
  const releaseKey = makeKey(at("known.pem"));
  makeKey(at("unknown.pem"));
  writeFileSync(at("sums"), "sums\n");
  const unknown = readFileSync(at("unknown.pem"), "utf8");
  expect(() => signSums(at("sums"), unknown, releaseKey)).toThrow("not the private half");
  expect(() => signSums(at("sums"), "", releaseKey)).toThrow("set RELEASE_KEY");
  expect(() => makeKey(at("known.pem"))).toThrow("EEXIST");
  signSums(at("sums"), "", "");
  expect(() => readFileSync(at("sums.sig"))).toThrow("ENOENT");
});
