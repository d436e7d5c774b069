import { describe, expect, it } from "vitest";
import { UserError } from "#core/base/errors";
import type { AssistAnswer, AssistEvent } from "#core/contracts/assist";
import type { Engine } from "../../connection.ts";
import { footText, isRunning, progressText, startRun } from "./run.ts";

const request = { action: "explain", path: "a.ts", text: "a", selection: { start: 0, end: 1 } };

const answer: AssistAnswer = {
  sessionId: "s1",
  text: "Done.",
  diff: "",
  doubts: [],
  model: "tiny",
  tokens: { prompt: 10, reused: 0, evaluated: 10, generated: 21 },
  milliseconds: 100,
  stop: "end",
};

/** An engine whose answer is a list of events, or a failure at its end. */
function engineOf(events: readonly AssistEvent[], failure?: unknown): Engine {
  async function* run() {
    yield* events;
    if (failure) throw failure;
  }
  return { assist: { run: async () => run() } } as unknown as Engine;
}

describe("an answer that streams", () => {
  it("goes from reading to writing to the end, with a speed", async () => {
    const seen: string[] = [];
    let now = 0;
    const run = startRun(
      engineOf([
        { type: "started", sessionId: "s1", model: "tiny" },
        { type: "reading", evaluated: 412, total: 900 },
        { type: "text", text: "Do" },
        { type: "text", text: "ne." },
        { type: "finished", answer },
      ]),
      request,
      () => {
        now += 500;
        seen.push(progressText(run.state()));
      },
      () => now,
    );
    await run.ended;
    expect(seen).toContain("Reading 412 of 900 tokens");
    expect(seen.some((text) => text.startsWith("Writing"))).toBe(true);
    expect(run.state()).toMatchObject({ phase: "finished", sessionId: "s1", text: "Done." });
    expect(isRunning(run.state())).toBe(false);
    expect(footText(run.state(), (model) => model.toUpperCase())).toMatch(/^TINY · on this machine · .* tokens\/s · 21 tokens$/);
  });

  it("says in one sentence what failed and what helps", async () => {
    const failure = new UserError("NO_MODEL", "No model is set up.", "Choose one.");
    const run = startRun(engineOf([], failure), request, () => undefined);
    await run.ended;
    expect(run.state().phase).toBe("failed");
    expect(progressText(run.state())).toBe("No model is set up. Choose one.");
  });

  it("is stopped, not failed, when the user stops it", async () => {
    const run = startRun(engineOf([{ type: "started", sessionId: "s1", model: "tiny" }]), request, () => run.stop());
    await run.ended;
    expect(run.state().phase).toBe("stopped");
  });

  it("tells for a moment that it is only just over", async () => {
    let now = 5000;
    const run = startRun(
      engineOf([
        { type: "text", text: "Done." },
        { type: "finished", answer },
      ]),
      request,
      () => undefined,
      () => now,
    );
    expect(run.justEnded()).toBe(false);
    await run.ended;
    now += 900;
    expect(run.justEnded()).toBe(true);
    now += 200;
    expect(run.justEnded()).toBe(false);
  });

  it("says when it was cut off at its longest length", async () => {
    const run = startRun(engineOf([{ type: "finished", answer: { ...answer, stop: "limit" } }]), request, () => undefined);
    await run.ended;
    expect(progressText(run.state())).toContain("longest length");
  });
});
