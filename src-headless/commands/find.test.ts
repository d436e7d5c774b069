import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TemporaryFolder, temporaryFolder } from "#engine/workspace/temporary-folder";
import { runProgram } from "../program.ts";

let project: TemporaryFolder;
let home: TemporaryFolder;
let before: NodeJS.ProcessEnv;

beforeAll(() => {
  before = { ...process.env };
  project = temporaryFolder({
    "src/retry.ts": "export function retryDelay(attempt: number): number {\n  return 2 ** attempt;\n}\n",
    "src/cart.ts": 'import { retryDelay } from "./retry";\nexport class Cart {\n  wait = retryDelay(1);\n}\n',
  });
  home = temporaryFolder();
  process.env.LOCALCODER_HOME = home.at("home");
});
afterAll(() => {
  process.env = before;
  project[Symbol.dispose]();
  home[Symbol.dispose]();
});

async function run(...parameters: string[]) {
  let stdout = "";
  let stderr = "";
  const code = await runProgram(parameters, {
    stdin: Readable.from([]),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: {},
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

test("find prints places as path:line, and as JSON", async () => {
  const plain = await run("find", "where", "is", "the", "retry", "delay", "--folder", project.path);
  expect(plain).toMatchObject({ code: 0, stderr: "" });
  expect(plain.stdout.split("\n")[0]).toMatch(/^src\/retry\.ts:1-3 {2}/);
  const { stdout } = await run("find", "retry delay", "--folder", project.path, "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    complete: true,
    leftOut: [],
    pieces: [{ path: "src/retry.ts", from: 1 }, { path: "src/cart.ts" }],
  });
});

test("find calculates, without a project", async () => {
  expect((await run("find", "how many bytes are in 3 MiB?")).stdout).toBe("3 MiB = **3145728 bytes**\n");
  expect(JSON.parse((await run("find", "2^10", "--json")).stdout)).toMatchObject({ answer: "2^10 = **1024**", provider: "local-tool" });
});

test("find says what is wrong with how it was asked", async () => {
  expect(await run("find")).toMatchObject({ code: 2 });
  expect(await run("find", "a", "--tokens", "3", "--folder", project.path)).toMatchObject({ code: 2 });
  const gone = await run("find", "a", "--folder", project.at("gone"), "--json");
  expect(gone.code).toBe(1);
  expect(JSON.parse(gone.stdout)).toMatchObject({ error: { code: "NOT_FOUND" } });
});

test("find reads everything again when asked, and tells what finds no room", async () => {
  const { code, stderr } = await run("find", "retry delay", "--folder", project.path, "--tokens", "50", "--rebuild");
  expect(code).toBe(0);
  expect(stderr).toContain("found no room");
});

test("map prints files with their signatures", async () => {
  const { code, stdout, stderr } = await run("map", "--folder", project.path);
  expect(code).toBe(0);
  expect(stdout).toContain("src/retry.ts:\n  1: export function retryDelay(attempt: number): number\n");
  expect(stderr).toMatch(/^2 of 2 files of code/);
  expect(JSON.parse((await run("map", "Cart", "--folder", project.path, "--json")).stdout)).toMatchObject({ files: 2, complete: true });
});
