import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// The command line with a real small model. One engine stays open, as an editor's would, so that the model is loaded once.

const models = process.env.LOCALCODER_TEST_MODELS ?? join(homedir(), ".cache", "localcoder-test-models");
const model = join(models, "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf");
const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));

const source = `export function add(left: number, right: number): number {
  return
}

export function isEven(value: number): boolean {
  if (value % 2 === 0) {
    return true;
  } else {
    return false;
  }
}
`;

// A model on a busy machine takes its time.
describe.skipIf(!existsSync(model))("with Qwen2.5-Coder 0.5B", { timeout: 400_000 }, () => {
  let folder: string;
  let file: string;
  let owner: ReturnType<typeof start>;

  function start(...parameters: string[]) {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", cli, ...parameters], {
      env: { PATH: process.env.PATH, HOME: folder, LOCALCODER_HOME: join(folder, "home") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    const outcome = once(child, "close").then(([code]) => ({ code, stdout, stderr }));
    return { child, outcome, firstLine: Promise.race([once(child.stdout, "data"), outcome]) };
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lc-real-"));
    file = join(folder, "numbers.ts");
    writeFileSync(file, source);
    // Small models like to go on, and what is tested here needs no long answers; threads would wait for each other where others are busy.
    const settings = { "localcoder.inference.maxTokens": 200, "localcoder.inference.threads": 1 };
    mkdirSync(join(folder, "home", "user"), { recursive: true });
    writeFileSync(join(folder, "home", "user", "settings.json"), JSON.stringify(settings));
    expect((await start("models", "use", model).outcome).code).toBe(0);
    owner = start("serve", "--json");
    await owner.firstLine;
  });
  afterAll(async () => {
    owner.child.kill("SIGINT");
    await owner.outcome;
    rmSync(folder, { recursive: true, force: true });
  });

  test("complete finds the sum, and reuses what it has read when asked again", async () => {
    const first = await start("complete", `${file}:2:9`, "--json").outcome;
    const value = JSON.parse(first.stdout);
    expect(first.code).toBe(0);
    expect(value.text.trim()).toMatch(/^left \+ right;?/);
    expect(value.confidence).toBeGreaterThan(0.5);
    expect(value.tokens.evaluated).toBeGreaterThan(0);
    const again = JSON.parse((await start("complete", `${file}:2:9`, "--json").outcome).stdout);
    expect(again.text).toBe(value.text);
    expect(again.tokens.reused).toBeGreaterThan(again.tokens.evaluated);
  });

  test("explain answers in Markdown about the code", async () => {
    const { code, stdout } = await start("explain", `${file}:5-11`, "--json").outcome;
    const value = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(value.text).toMatch(/even/i);
    expect(value.model).toContain("0.5B");
    expect(value.tokens.generated).toBeGreaterThan(10);
  });

  test("improve proposes code as a diff and leaves the file alone", async () => {
    const { code, stdout } = await start("improve", `${file}:5-11`, "--json").outcome;
    const value = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(value.text).toMatch(/isEven/);
    expect(value.text).not.toContain("```");
    expect(value.diff === "" || value.diff.startsWith("--- a/numbers.ts\n+++ b/numbers.ts\n@@ ")).toBe(true);
    expect(readFileSync(file, "utf8")).toBe(source);
  });
});
