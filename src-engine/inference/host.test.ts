import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UserError } from "#core/base/errors";
import type { GenerateRequest, InfillRequest } from "#core/contracts/inference";
import type { ModelState } from "#core/contracts/models";
import { defaultSettings, type Settings } from "#core/settings/schema";
import type { InferenceConnection, OpenInference } from "./connection.ts";
import { createInference } from "./host.ts";
import { openScripted, type ScriptedModel } from "./scripted.ts";

const model = { id: "scripted", name: "Scripted 1B", path: "/models/scripted.gguf" };
const other = { id: "other", name: "Other 1B", path: "/models/other.gguf" };
const settle = (milliseconds = 5) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const hole = (change: Partial<InfillRequest> = {}): InfillRequest => ({
  document: "/a.py",
  path: "a.py",
  prefix: "def add(a, b):\n    retu",
  suffix: "\n",
  shape: "line",
  maxTokens: 64,
  blockMilliseconds: 1000,
  priority: "ghost-text",
  ...change,
});
const question = (change: Partial<GenerateRequest> = {}): GenerateRequest => ({
  messages: [{ role: "user", text: "Say it." }],
  temperature: 0,
  maxTokens: 100,
  priority: "chat",
  ...change,
});

function setUp(script: ScriptedModel, change: Partial<Settings> = {}) {
  const connections: InferenceConnection[] = [];
  const states: ModelState[] = [];
  let settings: Settings = { ...defaultSettings, ...change };
  const open: OpenInference = async () => {
    const connection = await openScripted(script)();
    connections.push(connection);
    return connection;
  };
  const inference = createInference({ open, settings: { current: () => settings } });
  inference.states.listen((state) => states.push(state));
  return {
    inference,
    connections,
    states,
    change: (more: Partial<Settings>) => {
      settings = { ...settings, ...more };
    },
  };
}

async function textOf(events: AsyncIterable<{ type: string; text?: string }>): Promise<string> {
  let text = "";
  for await (const event of events) text += event.text ?? "";
  return text;
}

describe("loading", () => {
  test("once for two who ask at the same time, and for both uses of one file", async () => {
    const { inference, connections, states } = setUp({ answer: () => "yes" });
    await Promise.all([inference.ensure(model, "completion"), inference.ensure(model, "completion"), inference.ensure(model, "code")]);
    expect(connections.length).toBe(1);
    expect(states.filter(({ state, role }) => state === "ready" && role === "completion").length).toBeGreaterThan(0);
    expect(inference.current().map(({ role, state }) => [role, state])).toEqual([
      ["completion", "ready"],
      ["code", "ready"],
    ]);
  });

  test("a failure is told as it is, shown in the state, and tried again the next time", async () => {
    const error = new UserError("MODEL_DOES_NOT_FIT", "It needs 5 GB and 3 GB are free.", "Choose a smaller one.");
    const { inference } = setUp({ loadError: error });
    for (let time = 0; time < 2; time += 1)
      await expect(inference.ensure(model, "code")).rejects.toMatchObject({ code: "MODEL_DOES_NOT_FIT", hint: "Choose a smaller one." });
    expect(inference.current()).toMatchObject([{ role: "code", state: "failed", reason: "It needs 5 GB and 3 GB are free." }]);
  });

  test("a model that cannot fill in says so with a way out", async () => {
    const { inference } = setUp({ fillInTheMiddle: false, answer: () => "fine" });
    await expect(inference.infill(model, hole())).rejects.toMatchObject({ code: "NO_FIM_TOKENS", hint: expect.stringContaining("Choose") });
    expect(await textOf(inference.generate(model, "code", question()))).toBe("fine");
  });
});

describe("ghost text", () => {
  const script: ScriptedModel = { knows: ["def add(a, b):\n    return a + b\n"] };

  test("writes on from the middle of a word", async () => {
    const { inference } = setUp(script);
    const { pieces, stop, tokens } = await inference.infill(model, hole());
    expect(pieces.map(({ text }) => text).join("")).toBe("rn a + b");
    expect(stop).toBe("line");
    expect(tokens.reused).toBe(0);
  });

  test("a key that was foreseen evaluates nothing", async () => {
    const { inference } = setUp(script);
    await inference.infill(model, hole());
    for (const typed of ["r", "rn", "rn ", "rn a", "rn a +"]) {
      const { tokens, pieces } = await inference.infill(model, hole({ prefix: `def add(a, b):\n    retu${typed}` }));
      expect(tokens.evaluated).toBe(0);
      expect(pieces.map(({ text }) => text).join("")).toBe("rn a + b".slice(typed.length));
    }
  });

  test("emoji come whole", async () => {
    const { inference } = setUp({ knows: ["faces = '😀😃'\n"] });
    const { pieces } = await inference.infill(model, hole({ prefix: "faces = " }));
    expect(pieces.map(({ text }) => text).join("")).toBe("'😀😃'");
  });

  test("doubt ends the writing early", async () => {
    const { inference } = setUp({ ...script, probability: (piece) => (piece.includes("+") ? 0.01 : 0.9) });
    const { pieces } = await inference.infill(model, hole({ thresholds: { token: 0.2, line: 0.1 } }));
    expect(pieces.map(({ text }) => text).join("")).toBe("rn a");
  });

  test("two documents keep their places beside each other", async () => {
    const { inference } = setUp(script);
    await inference.infill(model, hole());
    await inference.infill(model, hole({ document: "/b.py" }));
    expect((await inference.infill(model, hole({ prefix: "def add(a, b):\n    retur" }))).tokens.evaluated).toBe(0);
  });
});

describe("answers", () => {
  test("stream, count and end", async () => {
    const { inference } = setUp({ answer: () => "one two three" });
    const events = [];
    for await (const event of inference.generate(model, "code", question())) events.push(event);
    expect(events[0]).toMatchObject({ type: "reading" });
    expect(events.at(-1)).toMatchObject({ type: "done", stop: "end", tokens: { generated: 3 } });
  });

  test("the answer prefix is not repeated, and a stop text ends it", async () => {
    const { inference } = setUp({ answer: () => "let a = 1;\n```\nDone." });
    expect(await textOf(inference.generate(model, "code", question({ answerPrefix: "```ts\n", stops: ["\n```"] })))).toBe("let a = 1;");
  });

  test("the limit is told", async () => {
    const { inference } = setUp({ answer: () => "a b c d e f" });
    const events = [];
    for await (const event of inference.generate(model, "code", question({ maxTokens: 2 }))) events.push(event);
    expect(events.at(-1)).toMatchObject({ type: "done", stop: "limit" });
  });

  test("a prompt that leaves no room is refused with counts", async () => {
    const { inference } = setUp({ contextSize: 100, answer: () => "x" });
    const messages = [{ role: "user" as const, text: "word ".repeat(200) }];
    await expect(textOf(inference.generate(model, "code", question({ messages })))).rejects.toMatchObject({
      code: "SELECTION_TOO_LONG",
      message: expect.stringMatching(/\d+ tokens.*100/),
    });
  });

  test("the second turn evaluates what is new", async () => {
    const { inference } = setUp({ answer: () => "x" });
    const messages = [{ role: "user" as const, text: "word ".repeat(50) }];
    await textOf(inference.generate(model, "code", question({ messages })));
    const more = [...messages, { role: "assistant" as const, text: "x" }, { role: "user" as const, text: "again" }];
    for await (const event of inference.generate(model, "code", question({ messages: more })))
      if (event.type === "done") expect(event.tokens.evaluated).toBeLessThan(20);
  });

  test("ghost text goes before a running answer, which then goes on", async () => {
    const words = Array.from({ length: 30 }, (_, index) => `word${String.fromCharCode(97 + index)}`).join(" ");
    const { inference } = setUp({
      knows: ["def add(a, b):\n    return a + b\n"],
      answer: () => words,
      millisecondsPerToken: 2,
    });
    await inference.ensure(model, "completion");
    let chatEnded = false;
    const chat = textOf(inference.generate(model, "code", question())).finally(() => {
      chatEnded = true;
    });
    await settle(40);
    await inference.infill(model, hole());
    expect(chatEnded).toBe(false);
    expect(await chat).toBe(words);
  });
});

describe("stopping", () => {
  test("an abort rejects at once and frees the model", async () => {
    const { inference, connections } = setUp({ answer: () => "word ".repeat(1000), millisecondsPerToken: 2 });
    const controller = new AbortController();
    const answer = textOf(inference.generate(model, "code", question({ maxTokens: 1000 }), controller.signal));
    await settle(40);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: "STOPPED" });
    await expect.poll(() => connections[0]?.client.ping()).toEqual({ busy: false });
  });

  test("leaving the loop stops the model too", async () => {
    const { inference, connections } = setUp({ answer: () => "word ".repeat(1000), millisecondsPerToken: 1 });
    for await (const event of inference.generate(model, "code", question({ maxTokens: 1000 }))) if (event.type === "text") break;
    await expect.poll(() => connections[0]?.client.ping()).toEqual({ busy: false });
    expect(inference.current()).toMatchObject([{ state: "ready" }]);
  });
});

describe("a process that dies", () => {
  test("fails those who wait with one clear error, and the next request works", async () => {
    const { inference, connections, states } = setUp({ answer: () => "word ".repeat(300), millisecondsPerToken: 2 });
    const answer = textOf(inference.generate(model, "code", question({ maxTokens: 300 })));
    await settle(40);
    connections[0]?.kill();
    await expect(answer).rejects.toMatchObject({ code: "INFERENCE_STOPPED", hint: expect.any(String) });
    expect(states.at(-1)).toMatchObject({ role: "code", state: "failed" });
    expect(await textOf(inference.generate(model, "code", question({ maxTokens: 2 })))).not.toBe("");
    expect(connections.length).toBe(2);
    expect(inference.current()).toMatchObject([{ state: "ready" }]);
  });

  test("while it loads on a graphics card is loaded on the processor", async () => {
    const wanted: string[] = [];
    const inference = createInference({
      open: async () => {
        const connection = await openScripted({ answer: () => "x" })();
        const client = { ...connection.client } as InferenceConnection["client"];
        const load: InferenceConnection["client"]["load"] = (input, ...rest) => {
          wanted.push(input.gpu);
          if (input.gpu !== "off") connection.kill();
          return input.gpu === "off" ? connection.client.load(input, ...rest) : new Promise(() => {});
        };
        return { ...connection, client: Object.assign(client, { load, generate: connection.client.generate }) };
      },
      settings: { current: () => defaultSettings },
    });
    const loaded = await inference.ensure(model, "code");
    expect(wanted).toEqual(["auto", "off"]);
    expect(loaded.tried[0]?.result).toContain("graphics card");
  });
});

describe("memory", () => {
  test("unloading ends the process, and the next request loads again", async () => {
    const { inference, connections } = setUp({ answer: () => "x" });
    await inference.ensure(model, "code");
    await inference.unload();
    expect(inference.current()).toMatchObject([{ role: "code", state: "unloaded" }]);
    await inference.ensure(model, "code");
    expect(connections.length).toBe(2);
  });

  test("after the idle time the model goes", async () => {
    const { inference } = setUp({ answer: () => "x" }, { "localcoder.inference.idleUnloadMinutes": 0.0005 });
    await inference.ensure(model, "code");
    await expect.poll(() => inference.current()[0]?.state).toBe("unloaded");
  });

  test("changed settings load the model anew", async () => {
    const { inference, connections, change } = setUp({ answer: () => "x" });
    await inference.ensure(model, "code");
    change({ "localcoder.inference.contextSize": 2048 });
    expect((await inference.ensure(model, "code")).contextSize).toBe(2048);
    expect(connections.length).toBe(2);
  });

  test("two models beside each other", async () => {
    const { inference, connections } = setUp({ answer: () => "x" });
    await inference.ensure(model, "completion");
    await inference.ensure(other, "code");
    expect(connections.length).toBe(1);
    expect(inference.current().map(({ model: name }) => name)).toEqual(["Scripted 1B", "Other 1B"]);
  });

  describe("with room for one model", () => {
    const gigabyte = 2 ** 30;
    const small = { "localcoder.inference.memory": 1536 };
    const script: ScriptedModel = { memory: gigabyte, answer: () => "one two three", millisecondsPerToken: 1 };
    const loadsOf = (states: readonly ModelState[]) => states.filter(({ state, progress }) => state === "loading" && progress === 0).length;

    test("fifty alternating requests cost two loads", async () => {
      const { inference } = setUp(script, small);
      const ready: string[] = [];
      inference.states.listen(({ state, model: name = "" }) => state === "ready" && ready.at(-1) !== name && ready.push(name));
      const answers = Array.from({ length: 50 }, (_, index) =>
        textOf(index % 2 === 0 ? inference.generate(model, "code", question()) : inference.generate(other, "general", question())),
      );
      expect(new Set(await Promise.all(answers))).toEqual(new Set(["one two three"]));
      expect(ready).toEqual(["Scripted 1B", "Other 1B"]);
    });

    test("requests that come while another model takes the place are answered all the same", async () => {
      const { inference } = setUp(script, small);
      const answers: Promise<string>[] = [];
      for (let index = 0; index < 30; index += 1) {
        // The scripted model confuses answers to the same words.
        const asked = question({ messages: [{ role: "user", text: `Say ${index}.` }] });
        answers.push(textOf(index % 2 === 0 ? inference.generate(model, "code", asked) : inference.generate(other, "general", asked)));
        await settle(index % 3);
      }
      expect(new Set(await Promise.all(answers))).toEqual(new Set(["one two three"]));
    });

    test("an answer keeps its model until its end, and who waits is told so", async () => {
      const { inference } = setUp(script, small);
      const answer = inference.generate(model, "code", question());
      await answer.next();
      const waiting = inference.ensure(other, "general");
      await expect.poll(() => inference.current().find(({ role }) => role === "general")?.reason).toContain("Waits until");
      for await (const _ of answer);
      expect((await waiting).evicted).toEqual([model.path]);
      expect(inference.current().map(({ role, state }) => [role, state])).toEqual([
        ["code", "unloaded"],
        ["general", "ready"],
      ]);
    });

    test("what is loaded in advance takes nobody's place", async () => {
      const { inference, states } = setUp(script, small);
      await inference.ensure(model, "code");
      await inference.preload(other, "general");
      expect(inference.current()[0]).toMatchObject({ role: "code", state: "ready" });
      await inference.unload(model.path);
      await inference.preload(other, "general");
      expect(inference.current()[1]).toMatchObject({ role: "general", state: "ready" });
      expect(loadsOf(states)).toBe(3);
    });

    test("a model larger than that is refused with numbers", async () => {
      const { inference } = setUp({ ...script, memory: 2 * gigabyte }, small);
      await expect(inference.ensure(model, "code")).rejects.toMatchObject({
        code: "MODEL_DOES_NOT_FIT",
        message: "scripted.gguf needs about 2 GB of memory, and the setting localcoder.inference.memory allows 1.5 GB.",
      });
    });
  });

  test("a model that ended the process is loaded more safely, then left alone until somebody wants it again", async () => {
    const wanted: number[] = [];
    const inference = createInference({
      open: async () => {
        const connection = await openScripted({ answer: () => "x" })();
        const load: InferenceConnection["client"]["load"] = (input) => {
          wanted.push(input.contextSize);
          connection.kill();
          return new Promise(() => {});
        };
        return { ...connection, client: Object.assign({ ...connection.client } as InferenceConnection["client"], { load }) };
      },
      settings: { current: () => ({ ...defaultSettings, "localcoder.inference.gpu": "off" }) },
    });
    for (let time = 0; time < 3; time += 1)
      await expect(inference.ensure(model, "code")).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED", hint: expect.any(String) });
    expect(wanted).toEqual([8192, 2048]);
    inference.forgive(model.path);
    await expect(inference.ensure(model, "code")).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED" });
    expect(wanted).toEqual([8192, 2048, 8192]);
  });

  test("a file that is replaced is read anew by the next request, and an answer from the old one goes on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "localcoder-host-"));
    const path = join(folder, "model.gguf");
    const replace = (text: string) => {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    };
    replace("one");
    const { inference, states } = setUp({ answer: () => "one two three four five", millisecondsPerToken: 5 });
    const here = { id: "here", name: "Here", path };
    const loads = () => states.filter(({ state, progress }) => state === "loading" && progress === 0).length;
    const answer = inference.generate(here, "code", question());
    await answer.next();
    replace("another one");
    await inference.ensure(here, "code");
    expect(loads()).toBe(1);
    for await (const _ of answer);
    await inference.ensure(here, "code");
    expect(loads()).toBe(2);
    await inference.ensure(here, "code");
    expect(loads()).toBe(2);
    rmSync(folder, { recursive: true });
  });

  test("after dispose nothing starts", async () => {
    const { inference } = setUp({ answer: () => "x" });
    await inference.ensure(model, "code");
    await inference.dispose();
    await expect(inference.ensure(model, "code")).rejects.toMatchObject({ code: "ENGINE_GONE" });
  });
});

test("a folder with adapters of its own gets the model with these, and waits while it is at work with others", async () => {
  const folder = mkdtempSync(join(tmpdir(), "adapters-"));
  const [path, adapter] = ["model.gguf", "team.gguf"].map((name) => join(folder, name)) as [string, string];
  for (const file of [path, adapter]) writeFileSync(file, "x");
  const loads: (readonly string[])[] = [];
  const open: OpenInference = async () => {
    const connection = await openScripted({ answer: () => "one two three", millisecondsPerToken: 20 })();
    const load: typeof connection.client.load = (options, ...rest) => {
      loads.push(options.adapters);
      return connection.client.load(options, ...rest);
    };
    const client = new Proxy(connection.client, { get: (from, name) => (name === "load" ? load : Reflect.get(from, name)) });
    return { ...connection, client };
  };
  const current = (workspace?: string): Settings => ({
    ...defaultSettings,
    "localcoder.models.adapters": workspace === "/work/team" ? { [`chat:${path}`]: [adapter] } : {},
  });
  const inference = createInference({ open, settings: { current } });
  const anywhere = { id: path, name: "Model", path };
  const ended: string[] = [];
  const ask = (where: typeof anywhere & { workspace?: string }) =>
    textOf(inference.generate(where, "general", question())).then((text) => ended.push(`${where.workspace ?? "anywhere"}: ${text}`));
  await inference.ensure(anywhere, "general");
  await Promise.all([ask(anywhere), settle().then(() => ask({ ...anywhere, workspace: "/work/team" }))]);
  await ask(anywhere);
  expect(ended).toEqual(["anywhere: one two three", "/work/team: one two three", "anywhere: one two three"]);
  expect(loads).toEqual([[], [adapter], []]);
  await inference.dispose();
  rmSync(folder, { recursive: true });
});
