import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageCommandLine } from "./package-cli.mjs";

// The tarball as a user installs it: in an empty home, with nothing of this checkout.

const long = process.env.LOCALCODER_LONG === "1";
const models = process.env.LOCALCODER_TEST_MODELS || join(homedir(), ".cache", "localcoder-test-models");
const model = join(models, "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf");
let tarball = "";
let home = "";

beforeAll(async () => {
  if (!long) return;
  home = mkdtempSync(join(tmpdir(), "localcoder-cli-"));
  tarball = await packageCommandLine();
}, 600_000);
afterAll(() => {
  if (home !== "") rmSync(home, { recursive: true, force: true });
});

/** A Node of this major version: the one that runs, or one that is installed for the test. */
function nodeOf(major: string): string {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const prefix = join(home, `node-${major}`);
  npm(["install", "--prefix", prefix, "--no-audit", "--no-fund", `node@${major}`]);
  return join(prefix, "node_modules", "node", "bin", "node");
}

function npm(parameters: readonly string[]): void {
  const { status, stderr } = spawnSync("npm", parameters, { encoding: "utf8", cwd: home, env: { ...process.env, HOME: home } });
  if (status !== 0) throw new Error(stderr);
}

describe.runIf(long).each(["22", "24"])("the command line installed from its tarball, in Node %s", (major) => {
  let node = "";
  let program = "";
  const environment = (): NodeJS.ProcessEnv => ({ PATH: dirname(node), HOME: home, LOCALCODER_HOME: join(home, `data-${major}`) });
  const run = (...parameters: string[]) =>
    spawnSync(node, [program, ...parameters], { encoding: "utf8", cwd: home, env: { ...environment(), BROKER_MODEL_PATH: model } });

  beforeAll(() => {
    node = nodeOf(major);
    const prefix = join(home, `global-${major}`);
    npm(["install", "--global", "--prefix", prefix, "--no-audit", "--no-fund", tarball]);
    program = join(prefix, "bin", "localcoder");
    expect(existsSync(join(prefix, "lib", "node_modules", "electron"))).toBe(false);
  }, 600_000);

  test("doctor knows the machine", () => {
    const { status, stdout, stderr } = run("doctor", "--json");
    expect([status, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ backend: expect.anything(), problems: expect.any(Array) });
  });

  test("licences prints the licence, and those of what is in it", () => {
    const { status, stdout } = run("licences");
    expect([status, stdout]).toEqual([0, expect.stringContaining("LocalCoder contains the work of others")]);
    expect(stdout).toContain("Apache License");
  });

  test.skipIf(!existsSync(model))(
    "complete fills in with a real model",
    () => {
      writeFileSync(join(home, "mean.py"), "def mean(values):\n    return sum(values) / \n");
      expect(run("complete", "mean.py:2:26")).toMatchObject({ status: 0, stdout: expect.stringContaining("len(values)") });
    },
    300_000,
  );

  test.skipIf(!existsSync(model))(
    "chat answers a question with a real model",
    () => {
      // A model this small may well be wrong, but it says something.
      expect(run("-x", "What is 1 + 1? Answer with the number only.")).toMatchObject({ status: 0, stdout: expect.stringMatching(/\w/) });
    },
    300_000,
  );

  test("serve hands out the workbench to whoever has the token", async () => {
    const child = spawn(node, [program, "serve", home, "--json"], { cwd: home, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
    try {
      let printed = "";
      for await (const text of child.stdout.setEncoding("utf8")) {
        printed += text;
        if (printed.includes("\n")) break;
      }
      const { url } = JSON.parse(printed);
      // The invitation in the address is changed for a cookie at once, as a browser sees it.
      const invited = await fetch(url, { redirect: "manual" });
      const cookie = invited.headers.get("set-cookie")?.split(";")[0] ?? "";
      expect([invited.status, cookie]).toEqual([303, expect.stringContaining("=")]);
      const page = await fetch(new URL(url).origin, { headers: { cookie } });
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<script")]);
      expect((await fetch(new URL(url).origin)).status).toBe(401);
    } finally {
      child.kill("SIGTERM");
    }
  });
});
