import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataFolders } from "#core/settings/folders";
import { tinyGguf } from "#engine/models/tiny-gguf";
import { unknownData } from "#engine/stored-data";
import { runProgram } from "./program.ts";

// Whole programs: the command line in processes of its own, with a scripted model in another one.

const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
const scriptedProcess = fileURLToPath(new URL("../src-engine/inference/scripted.process.ts", import.meta.url));
let folder: string;
let cart: string;
let model: string;
let before: NodeJS.ProcessEnv;

const source = `export function total(prices: number[]): number {
  let sum = 0;
  for (const price of prices) {
    sum += price;
  }
  return sum;
}
`;
const better = `export function total(prices: number[]): number {
  return prices.reduce((sum, price) => sum + price, 0);
}`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lc-cli-"));
  mkdirSync(join(folder, "shop"));
  cart = join(folder, "shop", "cart.ts");
  model = join(folder, "tiny.gguf");
  const tokens = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];
  writeFileSync(model, tinyGguf({ tokens, chatTemplate: "{{ messages }}" }));
  before = { ...process.env };
});
afterAll(() => {
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
});

interface Script {
  readonly knows?: readonly string[];
  readonly answer?: string;
  readonly millisecondsPerToken?: number;
  /** How sure the model is of everything, 0 to 1. */
  readonly sureness?: number;
  readonly fillInTheMiddle?: boolean;
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Sets what the program reads from its environment, for this process as for others. */
function environment(script: Script, home: string): Record<string, string> {
  return {
    HOME: folder,
    LOCALCODER_HOME: join(folder, home),
    LOCALCODER_INFERENCE_PROCESS: scriptedProcess,
    LOCALCODER_SCRIPT: JSON.stringify(script),
  };
}

/** Runs the command line in this process, which is quicker by the start of Node. */
async function run(parameters: readonly string[], script: Script = {}, home = "home", input = ""): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  Object.assign(process.env, environment(script, home));
  const code = await runProgram(parameters, {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: {},
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

/** Starts the command line as a process of its own. */
function start(parameters: readonly string[], script: Script = {}, input: "ignore" | "pipe" = "ignore") {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", cli, ...parameters], {
    cwd: folder,
    env: { ...environment(script, "home"), PATH: process.env.PATH },
    stdio: [input, "pipe", "pipe"],
  });
  const { stdin, stdout: output, stderr: errors } = child;
  let stdout = "";
  let stderr = "";
  let ended = false;
  output?.on("data", (data) => {
    stdout += data;
  });
  errors?.on("data", (data) => {
    stderr += data;
  });
  const outcome = once(child, "close").then(([code]): Outcome => {
    ended = true;
    return { code, stdout, stderr };
  });
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** The processes it started, where the system tells. */
    children: () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    write: (text: string) => stdin?.write(text),
    outcome,
    /** Waits for what is asked to be true; fails when the program ends before. */
    async until(check: (stdout: string) => boolean | Promise<boolean>): Promise<void> {
      while (!(await check(stdout))) {
        if (ended) throw new Error(`The program ended: ${stderr}${stdout}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

async function newestState(): Promise<string | undefined> {
  return JSON.parse((await run(["sessions", "--json"])).stdout)[0]?.state;
}

/** What the newest session has of its answer. */
async function newestText(): Promise<string> {
  const [newest] = JSON.parse((await run(["sessions", "--json"])).stdout);
  if (newest === undefined) return "";
  const [shown] = JSON.parse((await run(["sessions", "show", newest.id, "--json"])).stdout);
  return shown.messages.at(-1)?.text ?? "";
}

/** An answer that takes its time and never repeats itself. */
const numbers = Array.from({ length: 2000 }, (_, index) => 1000 + index).join(" ");

describe("usage", () => {
  test.each([
    [[], 2],
    [["--help"], 0],
    [["help", "complete"], 0],
    [["improve", "--help"], 0],
    [["improve", "-h"], 0],
    [["--version"], 0],
    [["explode"], 2],
    [["complete"], 2],
    [["complete", "cart.ts"], 2],
    [["complete", "cart.ts:1:1", "more"], 2],
    [["complete", "cart.ts:1:1", "--jsonl"], 2],
    [["complete", "--jsonl", "--max-tokens", "999"], 2],
    [["complete", "--help"], 0],
    [["improve", "cart.ts:1-2", "--wrong"], 2],
    [["improve", "cart.ts:1-2", "--instruction"], 2],
    [["improve", "cart.ts:1-2", "-m", "quick"], 2],
    [["models", "explode"], 2],
    [["models", "get"], 2],
    [["models", "search"], 2],
    [["models", "remove", "some-model"], 2],
    [["models", "use", "some-model", "--role", "everything"], 2],
    [["models", "use", "--reset"], 2],
    [["models", "adapters", "some-model", "--for", "everything"], 2],
    [["models", "adapters", "some-model", "one.gguf", "--none"], 2],
    [["models", "adapters", "some-model", "--none", "--reset"], 2],
    [["runtime", "explode"], 2],
    [["bench", "--help"], 0],
    [["models", "calibrate", "one", "two"], 2],
    [["models", "calibrate", "--show", "--reset"], 2],
    [["sessions", "show"], 2],
    [["serve", "--port", "many"], 2],
    [["serve", "--host", "0.0.0.0"], 2],
    [["serve", "--share"], 2],
    [["serve", "--share", "--host", "0.0.0.0", "--key", "key.pem"], 2],
    [["serve", "--password-file", "password"], 2],
    [["complete", "none.ts:1:1"], 1],
    [["explain", "cart.ts:3"], 1],
    [["explain", "/:1-2"], 1],
  ])("localcoder %j ends with %i", async (parameters, code) => {
    const outcome = await run(parameters);
    expect(outcome.code).toBe(code);
    if (code === 0) expect(outcome.stdout).not.toBe("");
    else {
      expect(outcome.stdout).toBe("");
      expect(outcome.stderr).not.toMatch(/\n\s+at /);
    }
  });

  test.each([
    [["improve", "cart.ts:1-2", "--wrong"], "Unknown option '--wrong'."],
    [["improve", "cart.ts:1-2", "--instruction"], "--instruction needs a value: --instruction=VALUE."],
    [["improve", "cart.ts:1-2", "--instruction", "--write"], "--instruction needs a value: --instruction=VALUE."],
    [["improve", "cart.ts:1-2", "--write=yes"], "Option '--write' does not take an argument."],
  ])("localcoder %j is refused in one sentence", async (parameters, sentence) => {
    const { code, stderr } = await run(parameters);
    expect([code, stderr]).toEqual([2, `localcoder: ${sentence}\n  See localcoder improve --help.\n`]);
  });

  test("with --json a failure is one value on stdout, with code, message and hint", async () => {
    for (const [parameters, code, error] of [
      [["explode", "--json"], 2, "BAD_INPUT"],
      [["complete", "nowhere", "--json"], 2, "BAD_INPUT"],
      [["complete", "none.ts:1:1", "--json"], 1, "NOT_FOUND"],
    ] as const) {
      const outcome = await run(parameters);
      expect(outcome.code).toBe(code);
      expect(outcome.stderr).toBe("");
      const value = JSON.parse(outcome.stdout);
      expect(Object.keys(value)).toEqual(["error"]);
      expect(Object.keys(value.error)).toEqual(["code", "message", "hint"]);
      expect(value.error.code).toBe(error);
      expect(value.error.hint).not.toBeNull();
    }
  });
});

test("without a model each command says what to do", async () => {
  writeFileSync(cart, source);
  const outcome = await run(["complete", `${cart}:2:3`, "--json"], {}, "empty-home");
  expect(outcome.code).toBe(1);
  const { error } = JSON.parse(outcome.stdout);
  expect(error.code).toBe("NO_MODEL");
  expect(error.hint).not.toBeNull();
});

test("a damaged history is put aside, and whoever uses it is told once", async () => {
  const data = join(folder, "damaged-home", "data");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(join(data, "localcoder.db"), "this is not a database, but it is long enough to be read as one ".repeat(50));
  const told = await run(["sessions", "--json"], {}, "damaged-home");
  expect([told.code, told.stdout]).toEqual([0, "[]\n"]);
  expect(told.stderr).toMatch(/^The history was damaged .*\n {2}The damaged file is .*localcoder\.db\.damaged-/);
  expect(await run(["sessions", "--json"], {}, "damaged-home")).toEqual({ code: 0, stdout: "[]\n", stderr: "" });
});

describe("with a scripted model", () => {
  beforeAll(async () => {
    expect(await run(["models", "use", model])).toMatchObject({ code: 0, stdout: "" });
  });

  test("complete prints exactly what is to be inserted", async () => {
    writeFileSync(cart, "const answer = \n");
    const script = { knows: ["const answer = 42;\n"] };
    const plain = await run(["complete", `${cart}:1:16`], script);
    expect(plain).toEqual({ code: 0, stdout: "42;", stderr: "" });
    const json = await run(["complete", `${cart}:1:16`, "--json"], script);
    expect(json.code).toBe(0);
    const value = JSON.parse(json.stdout);
    expect(Object.keys(value)).toEqual(["text", "model", "provider", "confidence", "tokens", "milliseconds", "stop"]);
    expect(Object.keys(value.tokens)).toEqual(["prompt", "reused", "evaluated", "generated"]);
    expect(value.text).toBe("42;");
    expect(value.confidence).toBeGreaterThan(0);
  });

  test("complete --jsonl answers each line in order, and a bad line for itself", async () => {
    const script = { knows: ["const answer = 42;\n", "total = sum(values);\n"] };
    const lines = [
      '{"id":1,"path":"a.ts","prefix":"const answer = ","suffix":"\\n"}\r',
      "{not json",
      '{"id":"bad","path":"a.ts","prefix":7,"suffix":""}',
      '{"id":"none","path":"a.ts","prefix":""}',
      "",
      "[1]\r",
      '{"path":"a.ts","prefix":"","suffix":""}',
      // What stands right of the cursor is not written again.
      '{"id":"b","path":"src/b.py","workspace":"/work","prefix":"total = sum(","suffix":")\\n","languageId":"python","unknown":[]}',
      '{"id":"unheard","path":"c.go","prefix":"unheard ","suffix":""}',
    ];
    const { code, stdout, stderr } = await run(["complete", "--jsonl"], script, "home", lines.join("\n"));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const answers = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const counts = { prompt: expect.any(Number), reused: expect.any(Number), evaluated: expect.any(Number), generated: expect.any(Number) };
    const spent = { tokens: counts, milliseconds: expect.any(Number) };
    const hint = 'A line is {"id", "path", "prefix", "suffix"}.';
    expect(answers).toEqual([
      { id: 1, text: "42;", stop: "line", ...spent },
      { error: { code: "BAD_INPUT", message: "The line is not valid JSON.", hint: null } },
      { id: "bad", error: { code: "BAD_INPUT", message: "The field prefix must be a text.", hint } },
      { id: "none", error: { code: "BAD_INPUT", message: "The field suffix is missing.", hint } },
      { error: { code: "BAD_INPUT", message: "The line is not an object.", hint } },
      { error: { code: "BAD_INPUT", message: "The field id is missing.", hint } },
      { id: "b", text: "values", stop: "line", ...spent },
      { id: "unheard", text: "", stop: "end", ...spent },
    ]);
    expect(Object.keys(answers[0])).toEqual(["id", "text", "stop", "tokens", "milliseconds"]);
  });

  test("complete --jsonl refuses a huge line, and leaves doubtful text out as the editor does when asked to", async () => {
    const huge = JSON.stringify({ id: 1, path: "a.ts", prefix: "x".repeat(17 * 1024 * 1024), suffix: "" });
    const next = JSON.stringify({ id: 2, path: "a.ts", prefix: "const answer = ", suffix: "\n" });
    const script = { knows: ["const answer = 42;\n"], sureness: 0.1 };
    const plain = await run(["complete", "--jsonl"], script, "home", `${huge}\n${next}`);
    const [refused, answered] = plain.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(refused.error.code).toBe("TOO_LARGE");
    expect(answered).toMatchObject({ id: 2, text: "42;" });
    const shown = await run(["complete", "--jsonl", "--as-shown"], script, "home", next);
    expect(JSON.parse(shown.stdout)).toMatchObject({ id: 2, text: "" });
  });

  test("complete --jsonl ends with 130 when it is stopped while it waits for a line", async () => {
    const program = start(["complete", "--jsonl"], { knows: ["const answer = 42;\n"] }, "pipe");
    program.write('{"id":1,"path":"a.ts","prefix":"const answer = ","suffix":"\\n"}\n');
    await program.until((stdout) => stdout.includes("\n"));
    program.kill("SIGINT");
    const { code, stdout } = await program.outcome;
    expect([code, JSON.parse(stdout).text]).toEqual([130, "42;"]);
  });

  test("a model that cannot fill in is refused with a way out, also for one line of many", async () => {
    writeFileSync(cart, "const answer = \n");
    const script = { fillInTheMiddle: false };
    const one = await run(["complete", `${cart}:1:16`, "--json"], script);
    const refusal = { code: "NO_FIM_TOKENS", message: expect.any(String), hint: expect.stringContaining("Choose a code model") };
    expect([one.code, JSON.parse(one.stdout)]).toEqual([1, { error: refusal }]);
    const line = JSON.stringify({ id: 1, path: "a.ts", prefix: "const answer = ", suffix: "" });
    const many = await run(["complete", "--jsonl"], script, "home", line);
    expect([many.code, JSON.parse(many.stdout)]).toEqual([0, { id: 1, error: refusal }]);
  });

  test("a position outside of the file is refused", async () => {
    writeFileSync(cart, source);
    for (const place of [":99:1", ":1:99", ":0:1", ":1:0"]) {
      const outcome = await run(["complete", cart + place, "--json"]);
      expect([outcome.code, JSON.parse(outcome.stdout).error.code]).toEqual([1, "POSITION_OUTSIDE_FILE"]);
    }
  });

  test("explain prints Markdown, and the history has it", async () => {
    writeFileSync(cart, source);
    const text = "Adds up the prices.\n\n- It starts at zero.";
    const plain = await run(["explain", `${cart}:1-7`], { answer: text });
    expect(plain).toEqual({ code: 0, stdout: `${text}\n`, stderr: "" });
    const json = JSON.parse((await run(["explain", `${cart}:1-7`, "--json"], { answer: text })).stdout);
    expect(Object.keys(json)).toEqual(["text", "diff", "doubts", "model", "provider", "tokens", "milliseconds", "stop"]);
    expect(json).toMatchObject({ text, diff: "", doubts: [], stop: "end" });

    const sessions = JSON.parse((await run(["sessions", "--json"])).stdout);
    const keys = ["id", "title", "kind", "created", "updated", "state", "workspace", "path", "lines", "model"];
    expect(Object.keys(sessions[0])).toEqual([...keys, "labels", "archived", "outcome", "origin"]);
    expect(sessions[0]).toMatchObject({ kind: "explain", state: "done" });
    const found = JSON.parse((await run(["sessions", "search", "prices", "--json"])).stdout);
    expect(found.map((session: { id: string }) => session.id)).toContain(sessions[0].id);
    // Where hits begin and end is for whoever shows them, and no part of the text.
    expect((await run(["sessions", "search", "prices"])).stdout).toMatch(/^[^\u0002\u0003]*total\(prices: number[^\u0002\u0003]*$/);
    const [shown] = JSON.parse((await run(["sessions", "show", sessions[0].id.slice(0, 8), "--json"])).stdout);
    expect(shown.messages.at(-1)).toMatchObject({ role: "assistant", text });
    expect((await run(["sessions", "show", "none", "--json"])).code).toBe(1);
  });

  test("improve prints a diff and changes nothing; --write changes the file and nothing else of it", async () => {
    writeFileSync(cart, source.replaceAll("\n", "\r\n"));
    chmodSync(cart, 0o640);
    const script = { answer: `${better}\n` };
    const plain = await run(["improve", `${cart}:1-7`, "--diff", "-m", "rush"], script);
    expect(plain.code).toBe(0);
    expect(plain.stdout).toMatch(/^--- a\/cart\.ts\r?\n\+\+\+ b\/cart\.ts\r?\n@@ /);
    expect(plain.stdout).not.toContain("\u001b");
    expect(readFileSync(cart, "utf8")).toBe(source.replaceAll("\n", "\r\n"));

    const same = await run(["improve", `${cart}:1-7`, "-m", "rush"], { answer: source });
    expect([same.code, same.stdout, same.stderr]).toEqual([0, "", "The model proposes no change.\n"]);

    const written = await run(["improve", `${cart}:1-7`, "--write", "--json"], script);
    expect(written.code).toBe(0);
    expect(JSON.parse(written.stdout).diff).toContain("+  return prices.reduce");
    expect(readFileSync(cart, "utf8")).toBe(`${better}\n`.replaceAll("\n", "\r\n"));
    if (process.platform !== "win32") expect(statSync(cart).mode & 0o777).toBe(0o640);
  });

  test("document writes a comment above code that stays as it is; fix is told the problem; refactor wants an instruction", async () => {
    writeFileSync(cart, source);
    const written = await run(["document", `${cart}:1-7`, "--write"], { answer: "Adds the prices. */\n" });
    expect(written.code).toBe(0);
    expect(readFileSync(cart, "utf8")).toBe(`/** Adds the prices. */\n${source}`);
    // The function around a line, in the place of what is said of it already.
    await run(["document", `${cart}:3`, "--write"], { answer: "Adds all prices. */\n" });
    expect(readFileSync(cart, "utf8")).toBe(`/** Adds all prices. */\n${source}`);

    writeFileSync(cart, source);
    const fixed = await run(["fix", `${cart}:1-7`, "--problem", "The sum is wrong.", "--json"], { answer: `${better}\n` });
    expect(JSON.parse(fixed.stdout).diff).toContain("+  return prices.reduce");
    const [session] = JSON.parse((await run(["sessions", "search", "sum is wrong", "--json"])).stdout);
    expect(session).toMatchObject({ kind: "fix" });

    const refused = await run(["refactor", `${cart}:1-7`]);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      "localcoder: Say what should change with --instruction TEXT.\n  See localcoder refactor --help.\n",
    ]);
  });

  test("test prints a file of tests as a diff that git takes, and --write makes it", async () => {
    const project = join(folder, "till");
    mkdirSync(join(project, ".git"), { recursive: true });
    writeFileSync(join(project, "cart.py"), "def total(prices):\n    return sum(prices)\n");
    writeFileSync(join(project, "pytest.ini"), "");
    const script = { answer: "none():\n    assert total([]) == 0\n" };
    const place = `${join(project, "cart.py")}:1-2`;
    const shown = await run(["test", place], script);
    expect(shown.stdout).toMatch(/^--- \/dev\/null\n\+\+\+ b\/test_cart\.py\n@@ -0,0 \+1,\d+ @@\n\+import pytest\n/);
    expect(existsSync(join(project, "test_cart.py"))).toBe(false);
    expect(await run(["test", place, "--write"], script)).toMatchObject({ code: 0 });
    expect(readFileSync(join(project, "test_cart.py"), "utf8")).toBe(
      "import pytest\n\nfrom cart import total\n\n\ndef test_none():\n    assert total([]) == 0\n",
    );
    const again = await run(["test", place, "--json"], script);
    expect(JSON.parse(again.stdout)).toMatchObject({ doubts: [{ kind: "empty", blocks: true }] });
  });

  test("readme puts an introduction between facts", async () => {
    const project = join(folder, "shop-with-facts");
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), '{ "name": "shop", "scripts": { "build": "tsc" } }');
    const { code, stdout } = await run(["readme", project, "--write"], { answer: " a shop." });
    expect(code).toBe(0);
    expect(stdout).toContain("+# shop");
    expect(readFileSync(join(project, "README.md"), "utf8")).toContain("shop is a shop.\n\n## Install\n\n```sh\nnpm install\n```");
  });

  test("own actions are listed with their mistakes, and a folder's run once it is trusted", async () => {
    const actions = join(folder, "shop", ".localcoder", "actions");
    mkdirSync(actions, { recursive: true });
    mkdirSync(join(folder, "shop", ".git"), { recursive: true });
    writeFileSync(cart, source);
    writeFileSync(join(actions, "sum.md"), "---\ntitle: Use reduce\n---\nUse reduce.\n");
    writeFileSync(join(actions, "bad.md"), "---\ntitle: Bad\nshows: popup\n---\nDo.\n");
    const shop = join(folder, "shop");
    const refused = await run(["action", "sum", `${cart}:1-7`], { answer: better });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("you have not trusted");
    expect((await run(["trust", shop])).stderr).toContain(`${shop} is trusted`);
    expect((await run(["trust", "--list"])).stdout.trim()).toBe(realpathSync(shop));
    const trusted = await run(["actions", shop]);
    expect(trusted.code).toBe(1);
    expect(trusted.stdout).toMatch(/bad\.md:3: shows takes card or diff, not “popup”\./);
    expect(trusted.stdout).toMatch(/^sum +Use reduce {2}of this folder$/m);
    const ran = await run(["action", "sum", `${cart}:1-7`], { answer: better });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("+  return prices.reduce");
    rmSync(join(shop, ".git"), { recursive: true });
    rmSync(join(shop, ".localcoder"), { recursive: true });
  });

  test("review and commit-message take a diff from the input", async () => {
    const diff = "--- a/cart.ts\n+++ b/cart.ts\n@@ -1 +1 @@\n-a\n+b\n";
    const message = await run(["commit-message", "-"], { answer: "Sum with reduce.\n\nIt is shorter." }, "home", diff);
    expect([message.code, message.stdout]).toEqual([0, "Sum with reduce\n\nIt is shorter.\n"]);
    const reviewed = await run(["review", "-", "--json"], { answer: "- `cart.ts`: fine" }, "home", diff);
    expect(JSON.parse(reviewed.stdout)).toMatchObject({ text: "- `cart.ts`: fine", diff: "" });
    const [session] = JSON.parse((await run(["sessions", "search", "fine", "--json"])).stdout);
    expect(session).toMatchObject({ kind: "review", title: "Review: cart.ts" });
    expect(await run(["review", "-"], {}, "home", "\n")).toMatchObject({ code: 1 });
    expect(await run(["review", "cart.ts"])).toMatchObject({ code: 2 });
  });

  test.each(["review", "commit-message"])("%s outside of a repository says so in our own words", async (name) => {
    const before = process.cwd();
    process.chdir(join(folder, "shop"));
    try {
      const { code, stdout, stderr } = await run([name]);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(
        /^localcoder: .*shop is not in a Git repository\.\n {2}Go into one, or pipe a diff in: git diff \| localcoder/,
      );
      expect(JSON.parse((await run([name, "--json"])).stdout)).toMatchObject({ error: { code: "NOT_FOUND" } });
    } finally {
      process.chdir(before);
    }
  });

  test("an answer that cannot be trusted is shown with the reason, and --write does not apply it", async () => {
    writeFileSync(cart, source);
    const script = { answer: "I am sorry, but I cannot help with that request about prices.\n" };
    const shown = await run(["improve", `${cart}:1-7`, "--json"], script);
    expect(shown.code).toBe(0);
    expect(JSON.parse(shown.stdout).doubts.some((doubt: { blocks: boolean }) => doubt.blocks)).toBe(true);
    // Nothing that git apply would take.
    const piped = await run(["improve", `${cart}:1-7`], script);
    expect([piped.code, piped.stdout]).toEqual([1, ""]);
    expect(piped.stderr).toContain("+I am sorry");
    const refused = await run(["improve", `${cart}:1-7`, "--write", "--json"], script);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout).error.code).toBe("NOT_APPLIED");
    expect(readFileSync(cart, "utf8")).toBe(source);
  });

  test.runIf(process.platform !== "win32")(
    "a file that cannot be written is left alone, and the answer is shown all the same",
    async () => {
      writeFileSync(cart, source);
      chmodSync(cart, 0o444);
      const outcome = await run(["improve", `${cart}:1-7`, "--write", "--json"], { answer: `${better}\n` });
      chmodSync(cart, 0o644);
      expect(outcome.code).toBe(1);
      const { diff, error } = JSON.parse(outcome.stdout);
      expect(diff).toContain("+  return prices.reduce");
      expect(error.code).toBe("READ_ONLY");
      expect(readFileSync(cart, "utf8")).toBe(source);
    },
  );

  test("Ctrl+C stops the model, ends with 130 and leaves the session as stopped", async () => {
    writeFileSync(cart, source);
    const program = start(["explain", `${cart}:1-7`, "--json"], { answer: "word ".repeat(2000), millisecondsPerToken: 20 });
    await program.until(async () => (await newestState()) === "running");
    program.kill("SIGINT");
    const { code, stdout } = await program.outcome;
    expect(code).toBe(130);
    expect(JSON.parse(stdout).error.code).toBe("STOPPED");
    expect(await newestState()).toBe("stopped");
  });

  test("a command whose engine was that of another one begins again when that ends", async () => {
    writeFileSync(cart, source);
    const first = start(["explain", `${cart}:1-7`], { answer: numbers, millisecondsPerToken: 40 });
    await first.until(async () => (await newestState()) === "running");
    const second = start(["improve", `${cart}:1-7`], { answer: `${better}\n` });
    await second.until(async () => JSON.parse((await run(["sessions", "--json"])).stdout)[0].kind === "improve");
    first.kill("SIGINT");
    const { code, stdout, stderr } = await second.outcome;
    expect(stderr).toContain("Another command ended");
    expect([code, stdout]).toEqual([0, expect.stringContaining("+  return prices.reduce")]);
    await first.outcome;
  });

  test.runIf(existsSync("/proc/self/task")).each([
    ["SIGINT", "test"],
    ["SIGKILL", "improve"],
  ] as const)(
    "a command whose code is being run begins again as well (%s, %s)",
    async (signal, name) => {
      await run(["trust", join(folder, "shop")]);
      writeFileSync(join(folder, "shop", "pytest.ini"), "");
      const python = join(folder, "shop", "slow.py");
      const slow = "def total(prices):\n    for _ in range(10_000_000):\n        pass\n    return ";
      writeFileSync(python, `${slow}sum([price for price in prices])\n`);
      const answer = name === "improve" ? `${slow}sum(prices)\n` : "none():\n    assert total([]) == 0\n";
      const first = start(["serve", "--port", "0"], { answer });
      await first.until((stdout) => stdout.includes("http"));
      const second = start([name, `${python}:1-4`, "--run"], { answer });
      const isPython = (id: number) => readFileSync(`/proc/${id}/cmdline`, "utf8").includes("python");
      await second.until(() => first.children().some(isPython));
      first.kill(signal);
      const { code, stdout, stderr } = await second.outcome;
      expect(stderr).toContain("Another command ended");
      expect([code, stdout]).toEqual([0, expect.stringContaining(name === "test" ? "+def test_none" : "+    return sum(prices)")]);
      await first.outcome;
    },
    60_000,
  );

  test.runIf(existsSync("/proc/self/task"))(
    "a model process killed twice during an answer gives one line, and the next command works",
    async () => {
      writeFileSync(cart, source);
      const program = start(["explain", `${cart}:1-7`], { answer: numbers, millisecondsPerToken: 20 });
      // While the model is loaded, its process is started again by itself; only an answer is lost with it.
      for (let times = 1; times <= 2; times += 1) {
        await program.until(async () => (await newestState()) === "running" && (await newestText()).includes("1005"));
        for (const id of program.children()) process.kill(id, "SIGKILL");
        await program.until(async () => times === 2 || (await newestText()) === "");
      }
      const { code, stdout, stderr } = await program.outcome;
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/\nlocalcoder: The model process ended unexpectedly \(SIGKILL\)\.\n {2}Try again: .*\.\n$/);
      expect(await newestState()).toBe("failed");
      expect((await run(["explain", `${cart}:1-7`], { answer: "Adds up." })).stdout).toBe("Adds up.\n");
    },
  );

  test.runIf(existsSync("/proc/self/task")).each([[], ["--run"]])(
    "improve is asked again when the model process was killed before anything was shown %s",
    async (...more) => {
      writeFileSync(cart, source);
      await run(["trust", join(folder, "shop")]);
      const program = start(["improve", `${cart}:1-7`, ...more], { answer: `${better}\n`, millisecondsPerToken: 60 });
      await program.until(async () => (await newestState()) === "running" && (await newestText()) !== "");
      for (const id of program.children()) process.kill(id, "SIGKILL");
      const { code, stdout, stderr } = await program.outcome;
      expect(stderr).toMatch(/^The model process ended unexpectedly \(SIGKILL\)\. Asking again\.$/m);
      expect([code, stdout]).toEqual([0, expect.stringContaining("+  return prices.reduce")]);
    },
  );

  test("a killed command leaves an interrupted session behind, and the next command works", async () => {
    writeFileSync(cart, source);
    const program = start(["explain", `${cart}:1-7`], { answer: "word ".repeat(2000), millisecondsPerToken: 20 });
    await program.until(async () => (await newestState()) === "running");
    program.kill("SIGKILL");
    await program.outcome;
    expect(await newestState()).toBe("interrupted");
  });

  test("the exit codes are those of the process", async () => {
    writeFileSync(cart, "const answer = \n");
    const done = start(["complete", `${cart}:1:16`], { knows: ["const answer = 42;\n"] });
    expect(await done.outcome).toEqual({ code: 0, stdout: "42;", stderr: "" });
    expect((await start(["complete", `${cart}:9:1`]).outcome).code).toBe(1);
    expect((await start(["complete"]).outcome).code).toBe(2);
  });

  test("models lists, inspects and uses, always as an array", async () => {
    const listed = JSON.parse((await run(["models", "--json"])).stdout);
    expect(listed.find((model: { used: string[] }) => model.used.length > 0).source).toBe("chosen");
    const [inspected] = JSON.parse((await run(["models", "inspect", model, "--json"])).stdout);
    expect(inspected).toMatchObject({ path: model, fillInTheMiddle: true });
    writeFileSync(join(folder, "broken.gguf"), "GGUF and then nothing of the kind");
    const broken = await run(["models", "inspect", join(folder, "broken.gguf"), "--json"]);
    expect([broken.code, JSON.parse(broken.stdout).error.code]).toEqual([1, "MODEL_FILE_DAMAGED"]);
    expect((await run(["models", "use", "no-such-model", "--json"])).code).toBe(1);
  });

  test("models searches by words, and inspects the vocabulary", async () => {
    const found = JSON.parse((await run(["models", "search", "qwen", "1.5B", "base", "--json"])).stdout);
    expect(found.map(({ id }: { id: string }) => id)).toEqual(["qwen2.5-coder-1.5b-base"]);
    expect((await run(["models", "search", "nonesuch"])).stderr).toContain('No model has "nonesuch"');
    const [inspected] = JSON.parse((await run(["models", "inspect", model, "--json"])).stdout);
    expect(inspected.header.checks.map(({ text }: { text: string }) => text)).toContain("It can fill in, with the tokens of qwen-coder.");
    expect((await run(["models", "inspect", model, "--template"])).stdout).toBe("{{ messages }}\n");
  });

  test("models get --to takes a model along, which import takes in with its checksum", async () => {
    const entry = { file: "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf" };
    const there = join(folder, "taken");
    mkdirSync(join(folder, "along-home", "models"), { recursive: true });
    writeFileSync(join(folder, "along-home", "models", entry.file), tinyGguf({ name: "Not that one" }));
    const { code } = await run(["models", "get", "qwen2.5-coder-0.5b-instruct", "--to", there], {}, "along-home");
    // A file of that name which is another one is never taken for it, nor written over.
    expect([code, existsSync(join(there, entry.file))]).toEqual([1, false]);
  });

  test("models verify compares with the checksum file beside a model, and fails where they differ", async () => {
    const { code, stdout, stderr } = await run(["models", "verify", model]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^[0-9a-f]{64} {2}.*tiny\.gguf\n$/)]);
    expect(stderr).toContain("Nothing here says what it should be");
    writeFileSync(`${model}.sha256`, `${stdout.slice(0, 64)}  tiny.gguf\n`);
    expect((await run(["models", "verify", model])).stderr).toContain("It is what the checksum file beside it says.");
    writeFileSync(`${model}.sha256`, `${"0".repeat(64)}  tiny.gguf\n`);
    const other = await run(["models", "verify", model, "--json"]);
    expect([other.code, JSON.parse(other.stdout).error.code]).toEqual([1, "HASH_MISMATCH"]);
    rmSync(`${model}.sha256`);
  });

  test("bench, models pull and runtime doctor are understood as well", async () => {
    const [bench] = JSON.parse((await run(["bench", model, "--json"], { answer: "one two three" })).stdout);
    expect(bench).toMatchObject({ path: model, backend: "scripted", loadMilliseconds: expect.any(Number) });
    expect((await run(["models", "unload"])).stderr).toBe("No model is in memory now.\n");
    expect((await run(["models", "pull", "no-such-model"])).stderr).toContain("There is no model no-such-model in the catalogue.");
    expect(JSON.parse((await run(["runtime", "doctor", "--json"])).stdout).system).toBeDefined();
  });

  test("context tells what the model would be given, and asks nothing", async () => {
    writeFileSync(cart, source);
    writeFileSync(join(folder, "shop", "notes.md"), "Prices are in cents.\n");
    const { code, stdout, stderr } = await run(["context", `${cart}:2-5`, "--action", "improve", "--pin", "notes.md", "--prompt"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/selection +cart\.ts:2-5 +\d+ +always/);
    expect(stdout).toMatch(/pinned +notes\.md:1-1 +\d+ +you pinned it/);
    expect(stdout).toContain("Prices are in cents.");
    expect(stdout).toContain("kept free for the answer.");
    const left = JSON.parse((await run(["context", `${cart}:2-5`, "--without", "before,after", "--json"])).stdout);
    expect(left.saw.leftOut.map(({ reason }: { reason: string }) => reason)).toContain("you left it out");
    const around = JSON.parse((await run(["context", `${cart}:3`, "--json"])).stdout);
    expect(around.saw.taken.map(({ source }: { source?: string }) => source)).toContain("cart.ts:1-7");
    expect((await run(["context", `${join(folder, "shop", "notes.md")}:1`])).stderr).toContain(
      "There is no function or class around line 1.",
    );
    const unknown = JSON.parse((await run(["context", `${cart}:2-5`, "--action", "sing", "--json"])).stdout);
    expect(unknown.error.code).toBe("BAD_INPUT");
  });

  test("network lists, permits and revokes", async () => {
    expect(await run(["network"])).toMatchObject({ code: 0, stdout: "", stderr: "Nothing tried to leave this machine.\n" });
    expect((await run(["network", "allow", "Models.Example.com", "--for", "downloads"])).stdout).toContain("models.example.com");
    expect((await run(["network", "revoke", "models.example.com", "--for", "downloads"])).stderr).toBe("No host was permitted.\n");
    expect((await run(["network", "allow", "models.example.com"])).code).toBe(2);
  });

  test("options of every command may stand before its name, and wrong ones are refused by every command", async () => {
    expect(JSON.parse((await run(["--json", "data"])).stdout)).toEqual(JSON.parse((await run(["data", "--json"])).stdout));
    const wrong = { code: 2, stderr: expect.stringContaining("There is no log level loud. There are error, warn, info, debug, audit.") };
    expect(await run(["data", "--log-level", "loud"])).toMatchObject(wrong);
    expect(await run(["--log-level=loud", "data"])).toMatchObject(wrong);
    const missing = await run(["sessions", "--settings-file", join(folder, "nowhere.json")]);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("There is no settings file") });
  });

  test("one run writes another log, as much of it as it is told, and reads other settings", async () => {
    const [log, settings] = [join(folder, "other.log"), join(folder, "other-settings.json")];
    writeFileSync(settings, JSON.stringify({ "localcoder.network.offline": true }));
    const others = ["--log-file", log, "--settings-file", settings];
    const failed = await run(["models", "search", "coder", "--hub", "--permit", "--log-level", "audit", ...others], {}, "logged");
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("Offline") });
    expect(readFileSync(log, "utf8")).toMatch(/ audit .*huggingface\.co/);
    if (process.platform !== "win32") expect(statSync(log).mode & 0o777).toBe(0o600);
    writeFileSync(log, "");
    await run(["sessions", "--log-level", "error", ...others], {}, "logged");
    expect(readFileSync(log, "utf8")).toBe("");
  });

  test("data lists every part, verifies the ledger and deletes what is named", async () => {
    const parts = JSON.parse((await run(["data", "--json"])).stdout);
    expect(parts.find(({ id }: { id: string }) => id === "history")).toMatchObject({ files: expect.any(Number), readableByOthers: [] });
    expect(
      await unknownData(dataFolders({ env: { LOCALCODER_HOME: join(folder, "home") }, platform: process.platform, home: folder })),
    ).toEqual([]);
    expect((await run(["data", "verify"])).stdout).toMatch(/^The network ledger is as it was written: \d+ rows?\.\n$/);
    await run(["sessions"], {}, "to-wipe");
    expect((await run(["data", "wipe", "history"], {}, "to-wipe")).stderr).toContain("Add --yes to do it.");
    expect((await run(["data", "wipe", "hostory", "--yes"], {}, "to-wipe")).code).toBe(2);
    expect(existsSync(join(folder, "to-wipe", "data", "localcoder.db"))).toBe(true);
    expect((await run(["data", "wipe", "history", "--yes"], {}, "to-wipe")).stderr).toMatch(/^Deleted \d+\.\d MB\.\n$/);
    expect(existsSync(join(folder, "to-wipe", "data", "localcoder.db"))).toBe(false);
  });

  test("audit uses every feature where nothing can leave, and shows that it would notice", async () => {
    const { code, stdout } = await start(["audit", "--json"], { knows: [source], answer: better }).outcome;
    const { exercises, attempts, packets, proof, isolation } = JSON.parse(stdout);
    expect(exercises.filter(({ result }: { result: string }) => result !== "done")).toEqual([]);
    expect(exercises.length).toBeGreaterThan(10);
    expect([code, attempts, proof.refused]).toEqual([0, [], true]);
    if (isolation?.startsWith("unshare")) expect([packets, proof.packetsWithoutGate > 0]).toEqual([0, true]);
  });

  test("the environment names a model, a context and threads", async () => {
    Object.assign(process.env, { BROKER_MODEL_PATH: model, BROKER_CONTEXT: "many" });
    const listed = JSON.parse((await run(["models", "--json"], {}, "other-home")).stdout);
    expect(listed.find(({ used }: { used: string[] }) => used.length > 0)).toMatchObject({
      id: model,
      used: ["completion", "code", "general"],
    });
    const { problems } = JSON.parse((await run(["doctor", "--json"], {}, "other-home")).stdout);
    expect(problems.map(({ message }: { message: string }) => message).join()).toContain("BROKER_CONTEXT");
    delete process.env.BROKER_MODEL_PATH;
    delete process.env.BROKER_CONTEXT;
  });

  test("models calibrate finds a layout, shows it and forgets it", async () => {
    expect(await run(["models", "calibrate", "--show", "--json"])).toEqual({ code: 0, stdout: "null\n", stderr: "" });
    const { code, stdout, stderr } = await run(["models", "calibrate"]);
    expect(code).toBe(0);
    expect(stderr).toContain("Ctrl+C stops it and changes nothing");
    expect(stdout).toMatch(/^● {2}the hole opens some lines above {2,}0 of \d+ lines exactly right/);
    const found = JSON.parse((await run(["models", "calibrate", model, "--show", "--json"])).stdout);
    expect(Object.keys(found)).toEqual(["layout", "holes", "scores", "at"]);
    expect(found.layout).toEqual({ anchor: "above", healing: true, names: true });
    expect((await run(["models", "calibrate", "--reset"])).code).toBe(0);
    expect((await run(["models", "calibrate", "--show", "--json"])).stdout).toBe("null\n");
  });

  test("doctor tells about the machine, and names a bad setting with its file and line", async () => {
    const settings = join(folder, "home", "user", "settings.json");
    const before = readFileSync(settings, "utf8");
    writeFileSync(settings, before.replace("{", '{\n  "localcoder.inference.threads": "many",'));
    const { code, stdout } = await run(["doctor", "--json"]);
    writeFileSync(settings, before);
    expect(code).toBe(0);
    const value = JSON.parse(stdout);
    expect(Object.keys(value)).toEqual(["system", "cpu", "memory", "gpu", "backend", "disk", "models", "recommended", "problems"]);
    expect(value.problems.map(({ message }: { message: string }) => message).join()).toContain(`${settings}:2:`);
  });

  test("two servers have one engine, and when its owner is killed the other one takes over", async () => {
    const servers = [start(["serve", "--json"]), start(["serve", "--json"])] as const;
    const answers: { url: string; token: string }[] = [];
    for (const [index, server] of servers.entries()) {
      await server.until((stdout) => {
        if (stdout.includes("\n")) answers[index] = JSON.parse(stdout);
        return answers[index] !== undefined;
      });
    }
    const list = async ({ url, token }: { url: string; token: string }) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const answer = await fetch(`${new URL(url).origin}/api/sessions/list`, { method: "POST", headers, body: "{}" });
      return { status: answer.status, sessions: await answer.json() };
    };
    const [first, second] = await Promise.all(answers.map(list));
    expect(first).toEqual(second);
    for (const [index, server] of servers.entries()) {
      server.kill("SIGKILL");
      await server.outcome;
      const other = answers[1 - index];
      if (index === 1 || other === undefined) break;
      // The first call may meet the owner's end; the next one works.
      const after = await list(other);
      expect(after.status === 200 ? after : await list(other)).toEqual(second);
    }
  });

  test("serve prints address and token, answers there, and ends with 130", async () => {
    const tokenFile = join(folder, "token");
    const program = start(["serve", "--json", "--token-file", tokenFile]);
    let value = { url: "", token: "" };
    await program.until((stdout) => {
      if (stdout.includes("\n")) value = JSON.parse(stdout);
      return value.url !== "";
    });
    expect(Object.keys(value)).toEqual(["url", "token"]);
    expect(readFileSync(tokenFile, "utf8")).toBe(`${value.token}\n`);
    const answer = await fetch(`${new URL(value.url).origin}/api/sessions/list`, {
      method: "POST",
      headers: { authorization: `Bearer ${value.token}`, "content-type": "application/json" },
      body: "{}",
    });
    expect(answer.status).toBe(200);
    program.kill("SIGINT");
    const { code, stdout } = await program.outcome;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toEqual(value);
  });
});
