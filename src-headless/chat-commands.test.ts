import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tinyGguf } from "#engine/models/tiny-gguf";
import { openPseudoTerminal } from "#engine/process/pseudo-terminal";
import { runProgram } from "./program.ts";

// Conversations from the terminal, with a scripted model; those that a person has run in a terminal of their own.

const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
const scriptedProcess = fileURLToPath(new URL("../src-engine/inference/scripted.process.ts", import.meta.url));
let folder: string;
let before: NodeJS.ProcessEnv;
let started: string;
const numbers = Array.from({ length: 2000 }, (_, index) => 1000 + index).join(" ");

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lc-chat-"));
  const tokens = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];
  const model = join(folder, "tiny.gguf");
  writeFileSync(model, tinyGguf({ tokens, chatTemplate: "{{ messages }}" }));
  for (const home of ["home", "person"]) {
    mkdirSync(join(folder, home, "user"), { recursive: true });
    writeFileSync(
      join(folder, home, "user", "settings.json"),
      JSON.stringify({ "localcoder.models.general": model, "localcoder.models.code": model }),
    );
  }
  mkdirSync(join(folder, "project"));
  before = { ...process.env };
  started = process.cwd();
  process.chdir(join(folder, "project"));
});
afterAll(() => {
  process.chdir(started);
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
});

interface Script {
  readonly answer?: string;
  readonly millisecondsPerToken?: number;
}

const environment = (script: Script, home: string) => ({
  HOME: folder,
  LOCALCODER_HOME: join(folder, home),
  LOCALCODER_INFERENCE_PROCESS: scriptedProcess,
  LOCALCODER_SCRIPT: JSON.stringify(script),
});

async function run(parameters: readonly string[], script: Script = { answer: "An answer." }, input = "", home = "home") {
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

const lines = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const shown = async (id: string) => JSON.parse((await run(["threads", "show", id, "--json"])).stdout)[0];

describe("one question", () => {
  test("is answered by -x before all commands, and kept as a thread", async () => {
    const { code, stdout } = await run(["-x", "what is a cart?"]);
    expect([code, stdout]).toEqual([0, "An answer.\n"]);
    const [thread] = JSON.parse((await run(["threads", "--json"])).stdout);
    expect(thread).toMatchObject({ kind: "chat", title: "what is a cart?", state: "done", workspace: process.cwd() });
    // The same in the whole history.
    expect(JSON.parse((await run(["sessions", "--json"])).stdout)[0].id).toBe(thread.id);
  });

  test("is what is piped in, or is about it", async () => {
    expect((await run(["chat"], undefined, "what is this?\n")).stdout).toBe("An answer.\n");
    const value = JSON.parse((await run(["-x", "review this", "--json", "-l", "review"], undefined, "diff --git a/x b/x\n+1\n")).stdout);
    expect(value).toMatchObject({ text: "An answer.", stop: "end" });
    const thread = await shown(value.threadId);
    expect(thread.labels).toEqual(["review"]);
    expect(thread.messages.some((message: { text: string }) => message.text === "review this")).toBe(true);
  });

  test("shows the model what it mentions, and refuses what may not be shown", async () => {
    const project = join(folder, "project");
    mkdirSync(join(project, "src"));
    writeFileSync(join(project, "src", "till.ts"), "let a = 1;\nlet b = 2;\nlet c = 3;\n");
    writeFileSync(join(project, ".env"), "KEY=secret\n");
    writeFileSync(join(folder, "elsewhere.ts"), "let d = 4;\n");
    const asked = await run(["-x", "what is #file:src/till.ts:2-3 of #folder:src and #file:till.ts?", "--json"]);
    const [{ messages }] = JSON.parse((await run(["threads", "export", JSON.parse(asked.stdout).threadId])).stdout).sessions;
    const question = messages.find(({ role }: { role: string }) => role === "user");
    expect(question.context.attachments).toMatchObject([
      { kind: "range", path: "src/till.ts", from: 2, to: 3, text: "let b = 2;\nlet c = 3;" },
      { kind: "folder", path: "src", text: "src/till.ts" },
      { kind: "file", path: "src/till.ts", text: "let a = 1;\nlet b = 2;\nlet c = 3;\n" },
    ]);
    for (const [mention, reason] of [
      ["#file:.env", "holds secrets or is excluded"],
      ["#file:../elsewhere.ts", "is outside of"],
      ["#file:nothing.ts", "There is no nothing.ts in"],
      ["#file:src/till.ts:9", "has 3 lines, and no line 9"],
      ["#selection", "Only a window knows #selection."],
    ] as const) {
      const { code, stderr } = await run(["-x", `what is ${mention}`]);
      expect([code, stderr]).toEqual([1, expect.stringContaining(reason)]);
    }
    const binary = await run(["-x", "what is this?"], undefined, "\u007fELF\u0000\u0001");
    expect([binary.code, binary.stderr]).toEqual([1, expect.stringContaining("What is piped in is no text.")]);
    // What is piped in may speak of anything.
    expect((await run(["-x"], undefined, "see #file:nothing.ts\n")).code).toBe(0);
  });

  test.each([
    [["-x"], "Say what you want to know"],
    [["-x", "a", "-m", "quick"], "--mode is rush, smart or free."],
    [["-x", "a", "--stream-json-input"], "--stream-json-input goes with --stream-json."],
  ])("%j is refused in a sentence", async (parameters, sentence) => {
    const { code, stdout, stderr } = await run(parameters);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(sentence)]);
  });

  test("from the project lists the places that its answer names, else what the model was shown", async () => {
    const project = join(folder, "project");
    mkdirSync(join(project, "lib"));
    writeFileSync(join(project, "lib", "retry.ts"), "export function retryDelay(attempt: number) {\n  return 2 ** attempt;\n}\n");
    const question = ["-x", "@project Where is retryDelay?"];
    const named = await run(question, { answer: "In `retryDelay`, and not in `nothingLikeIt`." });
    expect([named.code, named.stdout]).toEqual([0, "In `retryDelay`, and not in `nothingLikeIt`.\n"]);
    expect(named.stderr).toMatch(/“`?nothingLikeIt`?”: [\s\S]*\nNamed in the answer:\n {2}lib\/retry\.ts:1(?:-3)?\n$/);
    expect((await run(question, { answer: "There." })).stderr).toContain("Shown to the model:\n  lib/retry.ts:1-3\n");
    const { sources } = JSON.parse((await run([...question, "--json"])).stdout);
    expect(sources).toContainEqual({ path: "lib/retry.ts", from: 1, to: 3 });
  });

  test("is answered in each mode", async () => {
    for (const mode of ["rush", "smart", "free"]) expect((await run(["-x", "a", "-m", mode])).code).toBe(0);
  });
});

describe("JSON by the line", () => {
  test("has a thread from its beginning to its result", async () => {
    const { code, stdout } = await run(["-x", "how many are two and two?", "--stream-json"], { answer: "4" });
    const [system, user, assistant, result, ...more] = lines(stdout);
    expect([code, more]).toEqual([0, []]);
    const session_id = system.session_id;
    expect(system).toEqual({ type: "system", subtype: "init", cwd: process.cwd(), session_id, tools: [], mcp_servers: [] });
    expect(user).toEqual({
      type: "user",
      message: { role: "user", content: [{ type: "text", text: "how many are two and two?" }] },
      parent_tool_use_id: null,
      session_id,
    });
    expect(assistant).toMatchObject({ message: { content: [{ type: "text", text: "4" }], stop_reason: "end_turn" }, session_id });
    expect(result).toMatchObject({ subtype: "success", is_error: false, num_turns: 1, result: "4", session_id });
    // Another program goes on with it.
    const next = lines((await run(["threads", "continue", session_id, "-x", "and seven more?", "--stream-json"], { answer: "11" })).stdout);
    expect(next.map(({ session_id: id }) => id)).toEqual([session_id, session_id, session_id, session_id]);
    expect(next.at(-1).num_turns).toBe(2);
    expect((await shown(session_id)).messages.filter(({ role }: { role: string }) => role === "user")).toHaveLength(2);
  });

  test("takes messages by the line, all into one thread", async () => {
    const message = (text: string) => `${JSON.stringify({ type: "user", message: { role: "user", content: [{ type: "text", text }] } })}\n`;
    const { code, stdout } = await run(
      ["-x", "--stream-json", "--stream-json-input"],
      undefined,
      `${message("one \u2028 line")}\n${message("two")}`,
    );
    const all = lines(stdout);
    expect(all[1].message.content[0].text).toBe("one \u2028 line");
    expect([code, all.map(({ type }) => type)]).toEqual([0, ["system", "user", "assistant", "user", "assistant", "result"]]);
    expect(new Set(all.map(({ session_id }) => session_id)).size).toBe(1);
    expect(all.at(-1).num_turns).toBe(2);
  });

  test("says a failure as its last line, and nothing else on stdout", async () => {
    const bad = await run(["-x", "--stream-json", "--stream-json-input"], undefined, "\nnonsense\n");
    const error = expect.stringMatching(/^Line 2 of the input is not JSON\./);
    expect([bad.code, lines(bad.stdout)]).toMatchObject([
      1,
      [{ type: "result", subtype: "error_during_execution", is_error: true, error }],
    ]);
    const none = await run(["-x", "a", "--stream-json", "--with", "no-such-model"]);
    expect(none.code).toBe(1);
    expect(lines(none.stdout).at(-1)).toMatchObject({ type: "result", is_error: true, error: expect.stringContaining("no-such-model") });
  });
});

describe("a second opinion", () => {
  test("is given by another model on this machine, and is told from the answer in what is shown and written", async () => {
    const models = join(folder, "models");
    mkdirSync(models);
    writeFileSync(join(models, "second.gguf"), tinyGguf({ name: "Second", chatTemplate: "{{ messages }}" }));
    const { threadId } = JSON.parse((await run(["-x", "why?", "--json"])).stdout);
    const none = await run(["threads", "opinion", threadId]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("Beside Tiny random there is no model")]);
    process.env.MODELS_DIR = models;
    try {
      const { code, stdout, stderr } = await run(["threads", "opinion", threadId.slice(0, 8)], { answer: "Because." });
      expect([code, stdout]).toEqual([0, "Because.\n"]);
      expect(stderr).toMatch(/^Second opinion: Second on this machine, .*to load, not measured yet\. Ctrl-C stops it\./);
    } finally {
      delete process.env.MODELS_DIR;
    }
    expect((await run(["threads", "markdown", threadId])).stdout).toContain(
      "## Answer\n\nAn answer.\n\n## Second opinion, by Second\n\nBecause.",
    );
  });
});

test("what is to be remembered is said not to be used while that is off", async () => {
  const { code, stdout, stderr } = await run(["memory", "add", "Sums", "are", "in", "cents."]);
  expect([code, stderr]).toEqual([0, expect.stringContaining("It is not used: switch localcoder.memory.enabled on")]);
  expect(stdout).toMatch(/memory\.md:\d+ {2}Sums are in cents\.\n$/);
  await run(["memory", "remove", "1"]);
});

describe("threads", () => {
  test("are begun, gone on with, handed over and asked again", async () => {
    const begun = JSON.parse((await run(["threads", "new", "first question", "--json"])).stdout);
    const on = JSON.parse((await run(["threads", "continue", "second question", "--json"])).stdout);
    expect(on.threadId).toBe(begun.threadId);
    const over = JSON.parse((await run(["threads", "handoff", begun.threadId.slice(0, 8), "write", "tests", "--json"])).stdout);
    expect(over.threadId).not.toBe(begun.threadId);
    const replay = await run(["threads", "replay", begun.threadId]);
    expect([replay.code, replay.stdout]).toEqual([0, "The same answer to the letter.\n"]);
    const other = await run(["threads", "replay", begun.threadId, "--json"], { answer: "Something else." });
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stdout)).toMatchObject({ same: false, diff: expect.stringContaining("+Something else.") });
  });

  test("do not show actions", async () => {
    const cart = join(folder, "project", "cart.ts");
    writeFileSync(cart, "let a = 1;\n");
    await run(["explain", `${cart}:1-1`]);
    const [latest] = JSON.parse((await run(["sessions", "--json"])).stdout);
    expect(latest.kind).toBe("explain");
    expect((await run(["threads", "show", latest.id])).stderr).toContain("There is no thread");
  });
});

describe("a conversation", () => {
  /** A person at a terminal. */
  async function person(parameters: readonly string[], script: Script) {
    const terminal = await openPseudoTerminal({
      executable: process.execPath,
      arguments: ["--disable-warning=ExperimentalWarning", cli, ...parameters],
      directory: join(folder, "project"),
      environment: { PATH: process.env.PATH ?? "", TERM: "xterm", ...environment(script, "person") },
      columns: 100,
      rows: 30,
    });
    let screen = "";
    let ended = false;
    const read = async () => {
      let code = -1;
      for await (const event of terminal.events()) {
        if (event.type === "exit") ({ code } = event);
        if (event.type !== "data") continue;
        screen += event.data;
        terminal.drawn(event.data.length);
      }
      ended = true;
      return code;
    };
    const code = read();
    return {
      code,
      screen: () => screen,
      type: (text: string) => terminal.write(text),
      async until(text: string | RegExp): Promise<void> {
        while (!(typeof text === "string" ? screen.includes(text) : text.test(screen))) {
          if (ended) throw new Error(`It ended before ${text} came: ${screen}`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      },
    };
  }

  test("answers, is stopped by Ctrl-C, goes on, and is left by two of them", async () => {
    const one = await person(["chat"], { answer: numbers, millisecondsPerToken: 20 });
    await one.until("/help");
    one.type("count for me\r");
    await one.until("1003 1004");
    one.type("\u0003");
    await one.until("Stopped.");
    expect(one.screen()).not.toContain("2999");
    one.type("\u0003");
    await one.until("Press Ctrl-C again to leave.");
    one.type("\u0003");
    expect(await one.code).toBe(0);
    expect(one.screen()).toMatch(/localcoder threads continue [0-9a-f]{8} goes on here\./);

    // What was shown is there for the next one, and its question under the arrow key.
    const two = await person(["threads", "continue"], { answer: "Done." });
    await two.until("count for me");
    await two.until("1003 1004");
    two.type("\u001b[A");
    await two.until(/> count for me/);
    two.type("\u0015and then?\r");
    await two.until("Done.");
    two.type("/quit\r");
    expect(await two.code).toBe(0);
  });

  test("knows its commands, and takes what is typed meanwhile as the next message", async () => {
    const one = await person(["chat", "-m", "rush"], { answer: "Word ".repeat(30).trim(), millisecondsPerToken: 30 });
    await one.until("/help");
    one.type("/nonsense\r");
    await one.until("There is no /nonsense.");
    one.type("/status\r");
    await one.until(/\* rush .*not measured yet/);
    one.type("/model some-model\r");
    one.type("/status\r");
    await one.until("* some-model");
    one.type("/rush\r");
    one.type("/explain\r");
    await one.until("Say what it is about");
    one.type("/handoff\r");
    await one.until("There is nothing to hand on yet.");
    one.type("first\r");
    await one.until("Word Word");
    one.type("second\r");
    one.type("/rename Of words\r");
    one.type("/quit\r");
    expect(await one.code).toBe(0);
    const [thread] = JSON.parse((await run(["threads", "--json"], undefined, "", "person")).stdout);
    expect(thread.title).toBe("Of words");
    const value = JSON.parse((await run(["threads", "show", thread.id, "--json"], undefined, "", "person")).stdout)[0];
    expect(value.messages.filter(({ role }: { role: string }) => role === "user").map(({ text }: { text: string }) => text)).toEqual([
      "first",
      "second",
    ]);
  });

  test("takes lines that are pasted as one thing that the question is about", async () => {
    const one = await person(["chat"], { answer: "Not by zero." });
    await one.until("\u001b[?2004h");
    await one.until("/help");
    one.type("what is wrong? \u001b[200~Traceback:\r  line 3\rZeroDiv");
    one.type("isionError\r\u001b[201~");
    await one.until("[pasted 1: 3 lines]");
    one.type("\r");
    await one.until("Not by zero.");
    // One line is as good as typed, and waits to be sent.
    one.type("\u001b[200~and now?\r\u001b[201~ really\r");
    await one.until(/Not by zero\.[\s\S]*Not by zero\./);
    one.type("/quit\r");
    expect(await one.code).toBe(0);
    expect(one.screen()).toContain("\u001b[?2004l");
    const [thread] = JSON.parse((await run(["threads", "--json"], undefined, "", "person")).stdout);
    const { messages } = JSON.parse((await run(["threads", "export", thread.id], undefined, "", "person")).stdout).sessions[0];
    const asked = messages.filter(({ role }: { role: string }) => role === "user");
    expect(asked.map(({ text }: { text: string }) => text)).toEqual(["what is wrong?", "and now? really"]);
    expect(asked[0].context.attachments).toEqual([{ kind: "text", path: "pasted", text: "Traceback:\n  line 3\nZeroDivisionError" }]);
  });

  test("shows what is said in its thread elsewhere", async () => {
    const one = await person(["chat"], { answer: "From the first." });
    await one.until("/help");
    one.type("begin\r");
    await one.until("From the first.");
    const two = await person(["threads", "continue"], { answer: "unused: the first one has the engine" });
    await two.until("begin");
    two.type("a question from the second\r");
    await two.until(/a question from the second[\s\S]*From the first\./);
    await one.until("a question from the second");
    for (const each of [one, two]) each.type("/quit\r");
    expect([await one.code, await two.code]).toEqual([0, 0]);
  });
});

test("the readme's form of a piped change works as it stands there", async () => {
  const readme = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
  expect(readme).toContain('git diff | npx localcoder -x "review this"');
});
