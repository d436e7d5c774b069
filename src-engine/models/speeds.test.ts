import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ModelRole } from "#core/contracts/common";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createInference, type Inference } from "../inference/host.ts";
import { openScripted, type ScriptedModel } from "../inference/scripted.ts";
import { withGuesses } from "./guesses.ts";
import { probeModel } from "./probe.ts";
import { openSpeedFile } from "./speed-file.ts";
import { createSpeeds } from "./speeds.ts";

const opened: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const long = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");
const never = () => new AbortController().signal;

function scripted(script: ScriptedModel): Inference {
  const inference = createInference({ open: openScripted(script), settings: { current: () => defaultSettings } });
  opened.push(() => inference.dispose());
  return inference;
}

describe("probeModel", () => {
  const model = { id: "tiny", name: "Tiny", path: "/models/tiny.gguf" };

  it.each<[ModelRole]>([["completion"], ["code"]])("measures reading and writing of a model for %s", async (role) => {
    const inference = scripted({ knows: [`return ${long}`], answer: () => long });
    let clock = 0;
    const speed = await probeModel(model, role, { inference, now: () => (clock += 10), after: never }, never());
    // The clock goes on by ten with each look: one look a token written.
    expect(speed?.writing).toBe(100);
    expect(speed?.reading).toBeGreaterThan(1000);
  });

  it("ends with its time, and takes a model that wrote nothing until then for no faster than it reads", async () => {
    const over = AbortSignal.abort();
    const inference = {
      prepare: async () => ({ evaluated: 200 }),
      infill: async () => {
        throw new Error("aborted");
      },
      generate: scripted({}).generate,
    };
    let clock = 0;
    const speed = await probeModel(model, "completion", { inference, now: () => (clock += 10), after: () => over }, never());
    expect(speed?.writing).toBe(speed?.reading);
  });

  it("says nothing of a model that has nothing to write, or when it was stopped", async () => {
    expect(await probeModel(model, "completion", { inference: scripted({}), after: never }, never())).toBeUndefined();
    const inference = scripted({ answer: () => long });
    expect(await probeModel(model, "code", { inference, after: never }, AbortSignal.abort())).toBeUndefined();
  });
});

describe("speeds", () => {
  async function setup(script: ScriptedModel, rests: ("quiet" | "busy")[] = []) {
    const folder = await mkdtemp(join(tmpdir(), "localcoder-speeds-"));
    opened.push(() => rm(folder, { recursive: true }));
    const path = join(folder, "big.gguf");
    await writeFile(path, "big");
    const model = { id: "big", name: "Big", path };
    const inference = scripted(script);
    let settings = defaultSettings;
    const open = () => {
      const speeds = createSpeeds({
        kept: openSpeedFile(join(folder, "cache", "speeds.json"), { current: () => settings }),
        inference,
        forRole: async () => model,
        serving: async () => model,
        smaller: async () => ({ id: "small", name: "Small", bytes: 5, present: false }),
        rest: async () => rests.shift() ?? "quiet",
      });
      opened.push(() => speeds.dispose());
      return speeds;
    };
    const set = (change: Partial<Settings>) => {
      settings = { ...settings, ...change };
    };
    return { open, inference, model, path, rests, set };
  }

  it("offers a smaller one for a model that is too slow, once, even after a restart", async () => {
    // Other programs compute at first, and beside them nothing is measured.
    const { open, inference, model, path, rests } = await setup({ answer: () => long, millisecondsPerToken: 150 }, ["busy", "busy"]);
    const speeds = open();
    const offers = speeds.slow();
    const next = offers.next();
    await inference.ensure(model, "code");
    expect((await next).value).toEqual({
      role: "code",
      id: "big",
      reason: expect.stringMatching(/^Big writes \d\.\d tokens a second here/),
      smaller: { id: "small", name: "Small", bytes: 5, present: false },
    });
    expect(rests).toEqual([]);
    expect((await speeds.known([path])).get(path)).toMatchObject({ backend: "scripted" });
    expect(await speeds.problems()).toHaveLength(1);
    await offers.return();

    const later = open();
    const stopped = new AbortController();
    const again = later.slow(stopped.signal);
    const second = again.next();
    await later.problems();
    stopped.abort();
    expect((await second).done).toBe(true);
    // It was changed since, so nothing is known of it any more.
    await writeFile(path, "changed");
    expect((await later.known([path])).size).toBe(0);
  });

  it("keeps what was measured on demand, for the settings it was measured with", async () => {
    const { open, inference, model, path, set } = await setup({ answer: () => long });
    const bench = {
      id: model.id,
      model: model.name,
      path,
      backend: "cpu",
      threads: 2,
      loadMilliseconds: 1,
      firstTokenMilliseconds: { cold: 1, warm: 1 },
      promptTokens: 10,
      promptTokensPerSecond: 90,
      tokensPerSecond: 4,
    };
    const speeds = open();
    await speeds.keepSpeed(bench);
    expect((await speeds.known([path])).get(path)).toMatchObject({ reading: 90, writing: 4, backend: "cpu" });
    expect(await speeds.problems()).toMatchObject([{ role: "code", reason: expect.stringMatching(/^Big writes 4\.0 tokens/) }]);
    set({ "localcoder.inference.threads": 1 });
    expect((await speeds.known([path])).size).toBe(0);
    expect(await speeds.problems()).toEqual([]);
    set({ "localcoder.inference.threads": 0 });
    expect((await speeds.known([path])).get(path)).toMatchObject({ writing: 4 });
    // Whether guesses pay is found out with the next load, and changes nothing else.
    await inference.ensure(model, "code");
    await vi.waitFor(async () => expect((await speeds.known([path])).get(path)?.guessing).toBeDefined(), 5000);
    expect((await speeds.known([path])).get(path)).toMatchObject({ reading: 90, writing: 4 });
  });

  /** Whether the next answer is written with guesses, after the model was measured. */
  async function guesses(script: ScriptedModel, settings = defaultSettings): Promise<boolean | undefined> {
    // Slow enough that what else the machine does is little beside it.
    const { inference, model, path } = await setup({ millisecondsPerToken: 15, ...script });
    const kept = openSpeedFile(`${path}.speeds`, { current: () => settings });
    let done = () => {};
    const measured = new Promise<void>((resolve) => {
      done = resolve;
    });
    const speeds = createSpeeds({
      kept: { ...kept, change: (change) => kept.change(change).finally(done) },
      inference,
      forRole: async () => model,
      serving: async () => model,
      smaller: async () => undefined,
      rest: async () => "quiet",
    });
    opened.push(() => speeds.dispose());
    await inference.ensure(model, "code");
    await measured;
    const guessing = withGuesses(inference, { settings: { current: () => settings }, speeds: kept });
    const messages = [{ role: "user" as const, text: "Write." }];
    const request = { messages, temperature: 0, maxTokens: 8, priority: "chat" as const };
    for await (const event of guessing.generate(model, "code", request)) if (event.type === "done") return event.lookAhead;
    throw new Error("It did not end.");
  }

  const repeats: ScriptedModel = { answer: (messages) => (messages[0]?.text.split("\n\n")[1] ?? "").replaceAll("factor", "scale") };

  it("has answers written with guesses where that was quicker, unless a setting says no", async () => {
    expect(await guesses(repeats)).toBe(true);
    expect(await guesses(repeats, { ...defaultSettings, "localcoder.inference.lookAhead": false })).toBe(false);
  });
});
