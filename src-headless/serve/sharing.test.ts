import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { UserError } from "#core/base/errors";
import { type Engine, openEngine } from "#engine/open";
import { askRaw, type RawAnswer, type RawRequest } from "./raw-client.ts";
import { type Server, startServer } from "./server.ts";
import { readSharing } from "./sharing.ts";
import { testCertificate, testKey } from "./test-certificate.ts";

// 127.0.0.2 is another address than the one that needs no sharing, and still nobody else's.

let folder: string;
let engine: Engine;
let server: Server;
const signIns: [string, boolean][] = [];
const files = () => ({ certificate: join(folder, "cert.pem"), key: join(folder, "key.pem"), password: join(folder, "password") });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lc-share-"));
  process.env.LOCALCODER_HOME = join(folder, "home");
  mkdirSync(join(folder, "window"));
  writeFileSync(join(folder, "window", "index.html"), "<!doctype html><title>LocalCoder</title>");
  writeFileSync(files().certificate, testCertificate);
  writeFileSync(files().key, testKey);
  engine = await openEngine({ processName: "command line", openInference: () => Promise.reject(new UserError("NO_MODEL", "None.")) });
  server = await startServer({
    engine,
    host: "127.0.0.2",
    port: 0,
    window: join(folder, "window"),
    query: "",
    onUnexpected: () => {},
    sharing: await readSharing(files(), "127.0.0.2"),
    onSignIn: (...each) => void signIns.push(each),
  });
});
afterAll(async () => {
  await server.close();
  await engine.dispose();
  delete process.env.LOCALCODER_HOME;
  rmSync(folder, { recursive: true, force: true });
});

const origin = () => new URL(server.url).origin;
const ask = (path: string, asked?: RawRequest) => askRaw(origin(), path, asked, testCertificate);

function signIn(password: string, headers: Record<string, string> = { origin: origin() }): Promise<RawAnswer> {
  const form = { "content-type": "application/x-www-form-urlencoded", ...headers };
  return ask("/sign-in?workspace=/shop", { method: "POST", headers: form, body: new URLSearchParams({ password }).toString() });
}

test("without the cookie there is the page that asks for the password, and nothing else", async () => {
  const page = await ask("/?workspace=%22%3E%3Cscript%3E");
  expect([page.status, page.headers["content-type"]]).toEqual([401, "text/html; charset=utf-8"]);
  expect(page.body).toContain('type="password"');
  expect(page.body).not.toContain("<script>");
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  for (const path of ["/index.html", "/api/openapi.json", "/health"]) expect([path, (await ask(path)).status]).toEqual([path, 401]);
});

test("the password gives a cookie for encrypted connections only, and the folder of the address is kept", async () => {
  const password = readFileSync(files().password, "utf8").trim();
  const answer = await signIn(password);
  expect([answer.status, answer.headers.location]).toEqual([303, "/?workspace=/shop"]);
  const [setCookie = ""] = answer.headers["set-cookie"] ?? [];
  expect(setCookie).toMatch(/^__Host-localcoder-\d+=.*; HttpOnly; SameSite=Strict; Path=\/; Secure$/);
  const cookie = setCookie.split(";")[0] ?? "";
  expect((await ask("/", { headers: { cookie } })).body).toContain("<title>LocalCoder</title>");
  expect(signIns).toEqual([["127.0.0.1", true]]);
});

test("names that are not in the certificate are refused, and so is a form of another site", async () => {
  const { port } = new URL(server.url);
  expect((await ask("/", { headers: { host: `localhost:${port}` } })).status).toBe(401);
  for (const host of ["evil.example", `evil.example:${port}`, `192.0.2.1:${port}`, "127.0.0.2:1"])
    expect([host, (await ask("/", { headers: { host } })).status]).toEqual([host, 403]);
  expect((await signIn("x", { origin: "https://evil.example" })).status).toBe(403);
  expect((await signIn("x", { origin: origin().replace("https", "http") })).status).toBe(403);
});

test("wrong passwords are told and end after a few, also for the right one", async () => {
  signIns.length = 0;
  for (let count = 0; count < 5; count += 1) {
    const answer = await signIn("wrong");
    expect(answer.status).toBe(401);
    expect(answer.body).toContain("That is not the password.");
  }
  const answer = await signIn(readFileSync(files().password, "utf8").trim());
  expect(answer.status).toBe(429);
  expect(answer.body).toMatch(/Try again in \d+ seconds/);
  expect(signIns).toEqual(Array.from({ length: 6 }, () => ["127.0.0.1", false]));
  expect((await ask("/sign-in", { method: "POST", headers: { origin: origin() }, body: "x".repeat(5000) })).status).toBe(413);
});

test("nothing is spoken without encryption", async () => {
  const { hostname, port } = new URL(server.url);
  const failure = await new Promise((resolve) => {
    httpRequest({ hostname, port, agent: false }, (response) => resolve(response.statusCode))
      .on("error", resolve)
      .end();
  });
  expect(failure).toBeInstanceOf(Error);
});

test("files that do not fit together are named", async () => {
  const other = join(folder, "other.pem");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(other, privateKey.export({ type: "pkcs8", format: "pem" }));
  const failing = async (part: Partial<ReturnType<typeof files>>, host = "127.0.0.2") =>
    readSharing({ ...files(), ...part }, host).then(
      () => "accepted",
      (error: UserError) => `${error.code} ${error.message}`,
    );
  expect(await failing({ key: other })).toMatch(/^BAD_INPUT The key .* is not the one of the certificate/);
  expect(await failing({ key: files().certificate })).toMatch(/^BAD_INPUT .* holds no private key/);
  expect(await failing({ certificate: files().key })).toMatch(/^BAD_INPUT .* holds no certificate/);
  expect(await failing({ certificate: join(folder, "none") })).toMatch(/^NO_PERMISSION .*ENOENT/);
  expect(await failing({}, "192.0.2.1")).toMatch(/^BAD_INPUT .* is not for 192\.0\.2\.1/);
  expect(await failing({}, "0.0.0.0")).toBe("accepted");
  vi.useFakeTimers({ now: Date.UTC(2200, 0, 1), toFake: ["Date"] });
  expect(await failing({})).toMatch(/^BAD_INPUT .* ended on/);
  vi.useRealTimers();
});

test.skipIf(process.platform === "win32")("a password that others may read is refused", async () => {
  chmodSync(files().password, 0o644);
  await expect(readSharing(files(), "127.0.0.2")).rejects.toMatchObject({ code: "NO_PERMISSION" });
});
