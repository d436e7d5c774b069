import { describe, expect, it } from "vitest";
import type { RequestRecord } from "#core/contracts/completion";
import { piecesOf, reportOf, stateText, waitText } from "./request-text.ts";

function record(parts: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: "1",
    at: 0,
    path: "/work/shop/secret-name.ts",
    languageId: "typescript",
    line: 12,
    column: 5,
    trigger: "automatic",
    state: "shown",
    model: "Qwen2.5-Coder 0.5B",
    prompt: [
      { name: "window", label: "", tokens: 210 },
      { name: "context", label: "secret-other.ts", tokens: 40 },
    ],
    tokens: { prompt: 250, reused: 247, evaluated: 3, generated: 12 },
    milliseconds: { wait: 20, queue: 0, evaluating: 30, generating: 90, checking: 0, total: 143 },
    candidates: [{ text: "secretCode()", confidence: 0.87, shown: true }],
    check: "none",
    known: false,
    ...parts,
  };
}

describe("the state of a request", () => {
  it.each<[Partial<RequestRecord>, string]>([
    [{}, "suggestion after 143 ms, 87% sure"],
    [{ known: true }, "suggestion known from before"],
    [{ state: "waiting" }, "waiting"],
    [{ state: "waiting", busyWith: "answer" }, "waiting: the model was writing an answer"],
    [{ state: "hidden", hidden: "uncertain" }, "no suggestion, because the model was not sure enough"],
    [{ state: "hidden", hidden: "undone" }, "no suggestion after undo"],
    [{ state: "cancelled" }, "cancelled by the next key"],
    [{ state: "failed", reason: "The model process ended." }, "failed: The model process ended"],
  ])("of %j is %s", (parts, text) => expect(stateText(record(parts))).toBe(text));

  it("names what it waited for where that was felt", () => {
    const milliseconds = record().milliseconds;
    expect(waitText(record({ busyWith: "answer", milliseconds: { ...milliseconds, queue: 3 } }))).toBeUndefined();
    expect(waitText(record({ busyWith: "answer", milliseconds: { ...milliseconds, queue: 80 } }))).toBe("the model was writing an answer");
    expect(waitText(record({ busyWith: "loading" }))).toBe("the model was being loaded");
  });
});

it("counts pieces of the prompt that are called the same together", () => {
  const names = (tokens: number) => ({ name: "names" as const, label: "", tokens });
  const window = { name: "window" as const, label: "", tokens: 210 };
  expect(piecesOf(record({ prompt: [names(3), names(4), window] }))).toEqual([
    ["Names of project and file", 7],
    ["Text above", 210],
  ]);
});

describe("the report", () => {
  const all = [
    record(),
    record({ state: "hidden", hidden: "broken", candidates: [{ text: "secretCode(", confidence: 0.4, shown: false, why: "broken" }] }),
  ];

  it("says all but code and names of files", () => {
    const report = reportOf(all, { withCode: false });
    expect(report).not.toContain("secret");
    expect(report).toContain("12:5: suggestion after 143 ms, 87% sure");
    expect(report).toContain("Qwen2.5-Coder 0.5B");
    expect(report).toContain("247 reused · 3 evaluated · 12 generated");
    expect(report).toContain("Writing 90 ms");
    expect(report).toContain("1. 40% sure, no suggestion, because");
  });

  it("holds both where they are wanted", () => {
    const report = reportOf(all, { withCode: true });
    expect(report).toContain("/work/shop/secret-name.ts:12:5");
    expect(report).toContain("From the project (secret-other.ts) 40");
    expect(report).toContain("1. 87% sure\nsecretCode()");
  });
});
