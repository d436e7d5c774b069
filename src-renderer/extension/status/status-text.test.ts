import { describe, expect, it } from "vitest";
import type { Download, ModelState } from "#core/contracts/models";
import { type StatusFacts, statusText } from "./status-text.ts";

function facts(parts: Partial<StatusFacts> = {}): StatusFacts {
  return {
    states: [state()],
    downloads: [],
    names: new Map([["qwen", "Qwen2.5-Coder 0.5B"]]),
    ownRoles: [],
    off: { everywhere: false, language: undefined, file: false },
    pausedUntil: undefined,
    last: undefined,
    waiting: 0,
    ...parts,
  };
}

function state(parts: Partial<ModelState> = {}): ModelState {
  return { role: "completion", state: "ready", model: "qwen", ...parts };
}

function download(parts: Partial<Download> = {}): Download {
  return { id: "qwen", state: "downloading", received: 12, bytes: 100, speed: 1, secondsLeft: 240, ...parts };
}

describe("the status bar", () => {
  it("names the model when it is ready", () => {
    expect(statusText(facts())).toEqual({ text: "$(chip) Qwen2.5-Coder 0.5B", tooltip: ["Qwen2.5-Coder 0.5B is ready."], kind: "quiet" });
  });

  it("says that the model was chosen for this folder", () => {
    const tooltip = ["Qwen2.5-Coder 0.5B is ready.", "Chosen for this folder only."];
    expect(statusText(facts({ ownRoles: ["completion"] })).tooltip).toEqual(tooltip);
    expect(statusText(facts({ ownRoles: ["code"] })).tooltip).toHaveLength(1);
  });

  it("shows the speed while the model works, whichever role it works for", () => {
    const states = [state(), state({ role: "code", state: "busy", tokensPerSecond: 23.4 })];
    expect(statusText(facts({ states })).text).toBe("$(loading~spin) Qwen2.5-Coder 0.5B · 23 tokens/s");
  });

  it("shows how far a model is loaded", () => {
    expect(statusText(facts({ states: [state({ state: "loading", progress: 0.437 })] })).text).toContain("loading 43 %");
  });

  it("puts a download first, with a time left", () => {
    expect(statusText(facts({ downloads: [download()] })).text).toBe("$(cloud-download) downloading 12 % · 4 min");
    expect(statusText(facts({ downloads: [download({ state: "paused" })] })).text).toContain("download paused at 12 %");
    expect(statusText(facts({ downloads: [download({ state: "done" })] })).text).toContain("Qwen2.5-Coder 0.5B");
  });

  it("says that there is no model, that one failed and why, and that the engine is gone", () => {
    expect(statusText(facts({ states: [state({ state: "no-model", model: undefined })] })).text).toContain("no model");
    const failed = statusText(facts({ states: [state({ state: "failed", reason: "The file is damaged." })] }));
    expect(failed).toEqual({ text: "$(chip) model failed", tooltip: ["The file is damaged."], kind: "warning" });
    expect(statusText(facts({ states: "lost" })).text).toContain("reconnecting");
    expect(statusText(facts({ states: undefined })).tooltip).toEqual(["LocalCoder is starting."]);
  });

  it("counts what waits for a model", () => {
    const none = [state({ state: "no-model", model: undefined })];
    expect(statusText(facts({ states: none, waiting: 2 })).text).toBe("$(chip) no model · 2 waiting");
    expect(statusText(facts({ states: none, waiting: 1 })).tooltip).toContain("1 request waits for a model.");
  });

  it("says where ghost text is off, and else what became of the last request", () => {
    const off = { everywhere: false, language: undefined, file: false };
    expect(statusText(facts({ off: { ...off, everywhere: true } })).text).toBe("$(chip) Qwen2.5-Coder 0.5B · off");
    expect(statusText(facts({ off: { ...off, file: true } })).text).toBe("$(chip) Qwen2.5-Coder 0.5B · off here");
    expect(statusText(facts({ off: { ...off, language: "markdown" } })).tooltip).toContain("Ghost text is off for markdown.");
    expect(statusText(facts({ last: "no suggestion after undo." })).tooltip).toContain("Last request: no suggestion after undo.");
  });

  it("says until when ghost text pauses", () => {
    const paused = statusText(facts({ pausedUntil: "10:40" }));
    expect(paused.text).toBe("$(chip) Qwen2.5-Coder 0.5B · paused until 10:40");
    expect(paused.tooltip).toContain("Ghost text pauses until 10:40.");
  });

  it("takes the file name for a model without a name", () => {
    expect(statusText(facts({ states: [state({ model: "C:\\models\\big.gguf" })] })).text).toBe("$(chip) big");
  });
});
