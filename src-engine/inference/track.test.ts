import { describe, expect, test } from "vitest";
import { UserError } from "#core/base/errors";
import type { Sequence, Token } from "./language-model.ts";
import { createPace } from "./pace.ts";
import { createTrack } from "./track.ts";

const free = { pause: async () => {} };
const greedy = { temperature: 0, probability: true, candidates: false };
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** A sequence whose next token is always the last one plus one. */
function recorder() {
  const steps: Token[][] = [];
  let state: Token[] = [];
  let failure: Error | undefined;
  const sequence: Sequence = {
    contextSize: 1000,
    async cut(length) {
      state = state.slice(0, length);
      return state.length;
    },
    async read(tokens) {
      if (failure !== undefined) throw failure;
      steps.push([...tokens]);
      state.push(...tokens);
    },
    async predict(tokens, { candidates }) {
      steps.push([...tokens]);
      state.push(...tokens);
      const token = (state.at(-1) ?? 0) + 1;
      return { token, probability: 0.5, ...(candidates ? { candidates: [{ token, probability: 0.5 }] } : {}) };
    },
    async save() {},
    restore: async () => [],
    async predictEach(tokens, guesses) {
      if (failure !== undefined) throw failure;
      steps.push([...tokens, ...guesses]);
      state.push(...tokens, ...guesses);
      return [tokens.at(-1) ?? 0, ...guesses].map((token) => token + 1);
    },
  };
  return { sequence, steps, state: () => state, fail: (error: Error | undefined) => (failure = error) };
}

function setUp() {
  const recorded = recorder();
  return { ...recorded, track: createTrack(recorded.sequence, createPace({ first: 10 })) };
}

describe("nothing is computed twice", () => {
  test("the same question again costs nothing", async () => {
    const { track, steps } = setUp();
    await track.predict(range(0, 5), greedy, free);
    await track.predict(range(0, 5), greedy, free);
    expect(steps).toEqual([range(0, 5)]);
    expect(track.evaluated).toBe(5);
  });

  test("a longer prompt costs what is new", async () => {
    const { track, steps } = setUp();
    await track.predict(range(0, 5), greedy, free);
    await track.predict(range(0, 7), greedy, free);
    expect(steps[1]).toEqual([5, 6]);
  });

  test("typing along what was written costs nothing", async () => {
    const { track, steps } = setUp();
    const tokens = range(0, 3);
    for (let index = 0; index < 4; index += 1) tokens.push((await track.predict(tokens, greedy, free)).token);
    const before = steps.length;
    expect((await track.predict(range(0, 4), greedy, free)).token).toBe(4);
    expect((await track.predict(range(0, 6), greedy, free)).token).toBe(6);
    expect(steps.length).toBe(before);
  });

  test("going back and on again keeps what is still there", async () => {
    const { track, steps } = setUp();
    await track.predict(range(0, 6), greedy, free);
    await track.predict([0, 1, 2, 9], greedy, free);
    expect(steps[1]).toEqual([9]);
    await track.predict(range(0, 5), greedy, free);
    expect(steps[2]).toEqual([3, 4]);
  });

  test("a distribution that was not kept costs the last token alone", async () => {
    const { track, steps } = setUp();
    await track.predict(range(0, 6), greedy, free);
    await track.predict(range(0, 6), { ...greedy, candidates: true }, free);
    expect(steps[1]).toEqual([5]);
  });

  test("chance is never remembered", async () => {
    const { track, steps } = setUp();
    await track.predict(range(0, 3), { ...greedy, temperature: 1 }, free);
    await track.predict(range(0, 3), { ...greedy, temperature: 1 }, free);
    expect(steps).toEqual([range(0, 3), [2]]);
  });
});

describe("slices", () => {
  test("a long prompt is read in slices with a pause before each", async () => {
    const { track, steps } = setUp();
    let pauses = 0;
    await track.predict(range(0, 25), greedy, {
      async pause() {
        pauses += 1;
      },
    });
    expect(steps.flat()).toEqual(range(0, 25));
    expect(steps.length).toBeGreaterThan(1);
    expect(pauses).toBe(steps.length);
  });

  test("reading ahead tells how far it is and leaves the last slice", async () => {
    const { track } = setUp();
    const told: number[] = [];
    for await (const read of track.readAhead(range(0, 25), free)) told.push(read);
    expect(told[0]).toBe(10);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(track.common(range(0, 25))).toBe(told.at(-1));
    expect(told.at(-1)).toBeLessThan(25);
  });

  test("are told, and an answer is made again in the same ones", async () => {
    const first = setUp();
    const taken: number[] = [];
    await first.track.predict(range(0, 25), greedy, free, { planned: [], taken });
    expect(taken).toEqual(first.steps.map((step) => step.length));
    const again = setUp();
    await again.track.predict(range(0, 9), greedy, free);
    await again.track.clear();
    const slices = { planned: [3, 4, 18], taken: [] };
    for await (const _ of again.track.readAhead(range(0, 25), free, slices));
    await again.track.predict(range(0, 25), greedy, free, slices);
    expect(again.steps.slice(1).map((step) => step.length)).toEqual([3, 4, 18]);
    expect(slices).toEqual({ planned: [], taken: [3, 4, 18] });
  });

  test("a stop in between leaves a state that is used again", async () => {
    const { track, steps } = setUp();
    let pauses = 0;
    const stopping = {
      async pause() {
        pauses += 1;
        if (pauses === 2) throw new UserError("STOPPED", "Stopped.");
      },
    };
    await expect(track.predict(range(0, 25), greedy, stopping)).rejects.toMatchObject({ code: "STOPPED" });
    expect(track.common(range(0, 25))).toBe(10);
    await track.predict(range(0, 25), greedy, free);
    expect(steps.flat()).toEqual(range(0, 25));
  });

  test("another text during a pause is no harm", async () => {
    const { track, state } = setUp();
    let pauses = 0;
    const interrupted = {
      async pause() {
        pauses += 1;
        if (pauses === 2) await track.predict([7, 7, 7], greedy, free);
      },
    };
    expect((await track.predict(range(0, 25), greedy, interrupted)).token).toBe(25);
    expect(state()).toEqual(range(0, 25));
  });

  test("after a failure everything begins anew", async () => {
    const { track, fail, state } = setUp();
    await track.predict(range(0, 5), greedy, free);
    fail(new Error("decode failed"));
    await expect(track.predict(range(0, 25), greedy, free)).rejects.toThrow("decode failed");
    fail(undefined);
    await track.predict(range(0, 25), greedy, free);
    expect(state()).toEqual(range(0, 25));
  });
});

describe("guesses", () => {
  test("answer as far as they are right, and what was wrong is taken back", async () => {
    const { track, steps, state } = setUp();
    await track.predict(range(0, 5), greedy, free);
    expect(await track.predictAlong(range(0, 6), [6, 7, 70, 71], greedy, free)).toEqual([6, 7, 8]);
    expect(steps.at(-1)).toEqual([5, 6, 7, 70, 71]);
    // Greedy, so what was right is known from now on, and what follows it as well.
    expect(await track.predictAlong(range(0, 8), [9], greedy, free)).toEqual([8]);
    expect(await track.predictAlong(range(0, 9), [9, 10], greedy, free)).toEqual([9, 10, 11]);
    expect(state()).toEqual(range(0, 11));
  });

  test("are left where much has to be read first", async () => {
    const { track, steps } = setUp();
    expect(await track.predictAlong(range(0, 5), [5, 6], greedy, free)).toEqual([5]);
    expect(steps).toEqual([range(0, 5)]);
  });

  test("that failed leave a sequence that works", async () => {
    const { track, fail, state } = setUp();
    await track.predict(range(0, 5), greedy, free);
    fail(new Error("decode failed"));
    await expect(track.predictAlong(range(0, 6), [6], greedy, free)).rejects.toThrow("decode failed");
    fail(undefined);
    await track.predict(range(0, 6), greedy, free);
    expect(state()).toEqual(range(0, 6));
  });
});

test("what somebody has just asked for is read in long slices, as long as that is said", async () => {
  const { track, steps } = setUp();
  const long = createPace({ milliseconds: 400, first: 40 });
  let left = 1;
  const slices = { planned: [], taken: [] as number[], pace: () => (left-- > 0 ? long : undefined) };
  for await (const _read of track.readAhead(range(0, 100), free, slices));
  expect(slices.taken.slice(0, 2)).toEqual([40, 10]);
  expect(steps.slice(0, 2).map(({ length }) => length)).toEqual([40, 10]);
  expect(long.tokensPerSecond).toBeDefined();
});

describe("pace", () => {
  test("slices grow and shrink to the time they are to last", () => {
    const pace = createPace({ milliseconds: 100, first: 24 });
    expect(pace.slice()).toBe(24);
    pace.measured(24, 240);
    // Half as many take nearly as long.
    expect(pace.slice()).toBe(16);
    pace.measured(16, 320);
    expect(pace.slice()).toBe(8);
    for (let index = 0; index < 50; index += 1) pace.measured(64, 64);
    expect(pace.slice()).toBe(96);
    pace.measured(64, 640_000);
    expect(pace.slice()).toBe(8);
    for (let index = 0; index < 100; index += 1) pace.measured(512, 0.1);
    expect(pace.slice()).toBe(512);
  });

  test("single tokens tell nothing", () => {
    const pace = createPace({ first: 24 });
    pace.measured(1, 1000);
    expect(pace.tokensPerSecond).toBeUndefined();
  });
});
