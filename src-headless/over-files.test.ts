import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tinyGguf } from "#engine/models/tiny-gguf";
import { runProgram } from "./program.ts";

// The command line over several files, in this process, with a scripted model in another one.

const scriptedProcess = fileURLToPath(new URL("../src-engine/inference/scripted.process.ts", import.meta.url));
let folder: string;
let before: NodeJS.ProcessEnv;
let from: string;

const total = "export function total(prices: number[]): number {\n  return prices.length;\n}\n";
const cart = `${total}\nexport class Cart {\n  sum(): number {\n    return 1;\n  }\n}\n`;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "lc-files-")));
  before = { ...process.env };
  from = process.cwd();
  const tokens = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];
  put("models/tiny.gguf", tinyGguf({ tokens, chatTemplate: "{{ messages }}" }));
  put("shop/src/cart.ts", cart);
  put("shop/src/more/known.ts", `/** Known. */\n${total}`);
  put("shop/src/more/till.py", "def open(till):\n    return till\n");
  put("shop/src/made.ts", `// @generated\n${total}`);
  put("shop/.gitignore", "out/\n");
  put("shop/src/out/made.js", total);
  execFileSync("git", ["init", "-q"], { cwd: join(folder, "shop") });
  process.chdir(join(folder, "shop"));
});
afterEach(() => {
  process.chdir(from);
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

interface Running {
  readonly stop?: AbortSignal;
  readonly millisecondsPerToken?: number;
  readonly told?: (progress: string) => void;
}

async function run(parameters: readonly string[], answer: string, { stop, millisecondsPerToken, told }: Running = {}) {
  let stdout = "";
  let stderr = "";
  Object.assign(process.env, {
    HOME: folder,
    LOCALCODER_HOME: join(folder, "home"),
    MODELS_DIR: join(folder, "models"),
    BROKER_MODEL_PATH: join(folder, "models", "tiny.gguf"),
    LOCALCODER_INFERENCE_PROCESS: scriptedProcess,
    LOCALCODER_SCRIPT: JSON.stringify({ answer, millisecondsPerToken }),
  });
  const code = await runProgram(parameters, {
    stdin: Readable.from([]),
    stdout: { write: (text) => (stdout += text) },
    stderr: {
      isTTY: told !== undefined,
      write(text: string) {
        stderr += text;
        told?.(text);
      },
    },
    env: {},
    signal: stop ?? new AbortController().signal,
  });
  return { code, stdout, stderr };
}

const read = (path: string) => readFileSync(join(folder, "shop", path), "utf8");

test("document goes through a folder and prints one patch that git takes; what is documented or generated is left alone", async () => {
  const { code, stdout, stderr } = await run(["document", "src"], "Said of it. */\n");
  expect([code, stderr]).toEqual([0, expect.stringContaining("4 places in 2 files")]);
  expect(stderr).toContain("4 places of 2 files proposed.");
  expect(read("src/cart.ts")).toBe(cart);
  execFileSync("git", ["apply"], { input: stdout });
  expect(read("src/cart.ts")).toBe(
    `/** Said of it. */\n${total}\n/** Said of it. */\nexport class Cart {\n  /** Said of it. */\n  sum(): number {\n    return 1;\n  }\n}\n`,
  );
  expect(read("src/more/till.py")).toContain('"""');
  expect(read("src/more/known.ts")).toBe(`/** Known. */\n${total}`);
  expect(read("src/made.ts")).toBe(`// @generated\n${total}`);
});

test("a file that is not there loses no other, and a named one without anything to do says so", async () => {
  const { code, stdout, stderr } = await run(
    ["document", "src/none.ts", "src/more/known.ts", "src/cart.ts", "--write", "--json"],
    "Said. */\n",
  );
  expect([code, stderr]).toEqual([1, ""]);
  const { files } = JSON.parse(stdout);
  expect(files).toMatchObject([
    { path: "src/none.ts", error: { code: "NOT_FOUND" } },
    { written: false, reason: "All that others can use in it is documented." },
    { path: join(folder, "shop", "src", "cart.ts"), written: true, places: [{ name: "total", state: "changed" }, {}, {}] },
  ]);
  expect(read("src/cart.ts")).toContain("/** Said. */");
  const sessions = JSON.parse((await run(["sessions", "--json"], "")).stdout);
  expect(sessions.map(({ outcome }: { outcome?: string }) => outcome)).toEqual(["kept", "kept", "kept"]);
});

test("several lines of one file are asked about one after the other, and an answer of no use costs only itself", async () => {
  const answer = "export function total(prices: number[]): number {\n  return prices.length + 0;\n}\n";
  const { code, stdout, stderr } = await run(["improve", "src/cart.ts:1-3", "src/cart.ts:6"], answer);
  expect(code).toBe(1);
  expect(stdout).toContain("+  return prices.length + 0;");
  expect(stdout.match(/^@@/gm)).toHaveLength(1);
  expect(stderr).toMatch(/^src\/cart\.ts:6-8: It stays as it is\. /m);
  expect(stderr).toContain("1 place of 1 file proposed; 1 could not be used, as said above.");
});

test("very many places are not begun before somebody says that they are meant", async () => {
  const functions = (count: number) => Array.from({ length: count }, (_, index) => `export function f${index}() {}\n`).join("");
  put("shop/src/a.ts", functions(30));
  put("shop/src/b.ts", functions(30));
  const { code, stdout, stderr } = await run(["document", "src/a.ts", "src/b.ts"], "Said. */\n");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toBe("localcoder: These are 60 places in 2 files.\n  Name fewer, such as src/a.ts (30 places), or add --all.\n");
  const many = Array.from({ length: 10 }, (_, index) => `many/${index}.ts`);
  for (const path of many) put(`shop/${path}`, functions(5));
  expect((await run(["document", "many"], "")).stderr).toContain("\n  Name fewer, such as the first 8 files (40 places), or add --all.\n");
  const all = await run(["document", "src/a.ts", "src/b.ts", "--all"], "Said. */\n");
  expect([all.code, all.stdout.match(/^\+\/\*\* Said\. \*\/$/gm)?.length]).toEqual([0, 60]);
});

test("what is ready when it is stopped is printed", async () => {
  const stop = new AbortController();
  const answer = "One two three four five six seven eight nine ten. */\n";
  const { code, stdout } = await run(["document", "src/cart.ts"], answer, {
    stop: stop.signal,
    millisecondsPerToken: 20,
    // What a person sees tells how far it is.
    told: (progress) => progress.includes("Cart (2 of 3)") && stop.abort(),
  });
  expect(code).toBe(130);
  expect(stdout.match(/^\+ *\/\*\* One two/gm)).toHaveLength(1);
});

test("own actions go through files of their languages", async () => {
  put("home/user/actions/log.md", "---\ntitle: Log\nlanguages: [python]\n---\nAdd a line.\n");
  const { code, stdout, stderr } = await run(
    ["action", "log", "src/more/till.py", "src/cart.ts"],
    "def open(till):\n    log(till)\n    return till\n",
  );
  expect([code, stdout]).toEqual([0, expect.stringContaining("+    log(till)")]);
  expect(stderr).toContain("src/cart.ts: It is not in a language of the action.");
});
