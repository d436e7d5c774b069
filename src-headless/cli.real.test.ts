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
  let served: { readonly url: string; readonly token: string };

  function start(...parameters: string[]) {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", cli, ...parameters], {
      env: { PATH: process.env.PATH, HOME: folder, LOCALCODER_HOME: join(folder, "home") },
      stdio: ["pipe", "pipe", "pipe"],
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
    return { child, outcome, firstLine: Promise.race([once(child.stdout, "data"), outcome]).then(() => stdout) };
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lc-real-"));
    file = join(folder, "numbers.ts");
    writeFileSync(file, source);
    // Small models like to go on, and what is tested here needs no long answers; threads would wait for each other where others are busy.
    // Without chance, so that a run says what the next one will.
    const settings = {
      "localcoder.inference.maxTokens": 200,
      "localcoder.inference.threads": 1,
      "localcoder.inference.temperature": 0,
    };
    mkdirSync(join(folder, "home", "user"), { recursive: true });
    writeFileSync(join(folder, "home", "user", "settings.json"), JSON.stringify(settings));
    expect((await start("models", "use", model).outcome).code).toBe(0);
    owner = start("serve", "--json");
    served = JSON.parse(await owner.firstLine);
  });
  afterAll(async () => {
    owner.child.kill("SIGINT");
    await owner.outcome;
    rmSync(folder, { recursive: true, force: true });
  });

  test("complete finds the sum, and knows it when asked again", async () => {
    const first = await start("complete", `${file}:2:9`, "--json").outcome;
    const value = JSON.parse(first.stdout);
    expect(first.code).toBe(0);
    expect(value.text.trim()).toMatch(/^left \+ right;?/);
    expect(value.confidence).toBeGreaterThan(0.5);
    expect(value.tokens.evaluated).toBeGreaterThan(0);
    const again = JSON.parse((await start("complete", `${file}:2:9`, "--json").outcome).stdout);
    expect(again.text).toBe(value.text);
    expect(again.tokens.evaluated).toBe(0);
  });

  test("complete --jsonl fills in each hole", async () => {
    const program = start("complete", "--jsonl");
    const hole = { id: "sum", path: "numbers.ts", prefix: `${source.slice(0, source.indexOf("return"))}return `, suffix: "\n}\n" };
    program.child.stdin.end(`${JSON.stringify(hole)}\r\n{"id":2}\n${JSON.stringify({ ...hole, id: "again" })}`);
    const { code, stdout } = await program.outcome;
    const [first, bad, again] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(first.text.trim()).toMatch(/^left \+ right;?/);
    expect(bad).toMatchObject({ id: 2, error: { code: "BAD_INPUT" } });
    expect(again).toMatchObject({ id: "again", text: first.text });
    expect(again.tokens.evaluated).toBe(0);
  });

  test("another editor types through /infill, and a key costs next to nothing", async () => {
    const at = source.indexOf("return");
    const ask = async (typed: string) => {
      const answer = await fetch(`${new URL(served.url).origin}/infill`, {
        method: "POST",
        headers: { authorization: `Bearer ${served.token}`, "content-type": "application/json" },
        body: JSON.stringify({ input_prefix: source.slice(0, at - 2), prompt: `  return ${typed}`, input_suffix: "\n}\n", n_predict: 64 }),
      });
      return (await answer.json()) as { content: string; timings: { prompt_n: number; cache_n: number } };
    };
    const first = await ask("");
    expect(first.content.trim()).toMatch(/^left \+ right;?/);
    expect(first.timings.prompt_n).toBeGreaterThan(20);
    // Another word than what was suggested, so that the model is asked.
    for (const typed of ["r", "ri", "rig"]) {
      const next = await ask(typed);
      expect(`${typed}${next.content}`).toMatch(/^right/);
      expect(next.timings.prompt_n).toBeLessThanOrEqual(2);
    }
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
