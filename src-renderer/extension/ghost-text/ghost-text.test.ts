import { describe, expect, it } from "vitest";
import { createPace } from "./pace.ts";
import { languageEnabled, reasonForSilence, type Situation, withoutSuffix } from "./rules.ts";
import { cutWindow } from "./window.ts";

function situation(parts: Partial<Situation> = {}): Situation {
  return {
    trigger: "automatic",
    enabled: true,
    excluded: false,
    paused: false,
    cursors: 1,
    selectionEmpty: true,
    left: "const a = ",
    right: "",
    lastChange: "typed",
    ...parts,
  };
}

describe("when the model is asked", () => {
  it("is asked while typing at the end of a line, and before closers", () => {
    expect(reasonForSilence(situation())).toBeUndefined();
    expect(reasonForSilence(situation({ right: ");" }))).toBeUndefined();
  });

  it("is not asked where a suggestion would be in the way", () => {
    expect(reasonForSilence(situation({ enabled: false }))).toBe("switched-off");
    expect(reasonForSilence(situation({ excluded: true }))).toBe("excluded");
    expect(reasonForSilence(situation({ paused: true }))).toBe("paused");
    expect(reasonForSilence(situation({ cursors: 2 }))).toBe("several-cursors");
    expect(reasonForSilence(situation({ selectionEmpty: false }))).toBe("selection");
    expect(reasonForSilence(situation({ lastChange: "undone" }))).toBe("undone");
    expect(reasonForSilence(situation({ lastChange: "pasted" }))).toBe("pasted");
    expect(reasonForSilence(situation({ right: "word" }))).toBe("mid-word");
    expect(reasonForSilence(situation({ right: "étage" }))).toBe("mid-word");
  });

  it("is asked after deleting only at the end of a line", () => {
    expect(reasonForSilence(situation({ lastChange: "deleted", right: " )" }))).toBe("deleted");
    expect(reasonForSilence(situation({ lastChange: "deleted", right: "  " }))).toBeUndefined();
  });

  it("is always asked by key", () => {
    expect(
      reasonForSilence(
        situation({ trigger: "manual", enabled: false, excluded: true, paused: true, cursors: 3, right: "word", lastChange: "undone" }),
      ),
    ).toBeUndefined();
  });

  it("follows the language, then the entry for all", () => {
    expect(languageEnabled({ "*": true, markdown: false }, "markdown")).toBe(false);
    expect(languageEnabled({ "*": true, markdown: false }, "python")).toBe(true);
    expect(languageEnabled({ "*": false, python: true }, "python")).toBe(true);
    expect(languageEnabled({}, "python")).toBe(true);
  });
});

describe("text after the cursor", () => {
  it("is never suggested again", () => {
    expect(withoutSuffix("a, b)", 0, ")")).toBe("a, b");
    expect(withoutSuffix("a, b);", 0, ");")).toBe("a, b");
    expect(withoutSuffix("value = other", 0, " = other")).toBe("value");
  });

  it("stays in the suggestion where it is replaced or only looks alike", () => {
    expect(withoutSuffix("a, b)", 1, ")")).toBe("a, b)");
    expect(withoutSuffix("data", 0, "a")).toBe("data");
    expect(withoutSuffix("if (a) {\n}", 0, "}")).toBe("if (a) {\n}");
  });
});

describe("the window of text", () => {
  const text = Array.from({ length: 200 }, (_, index) => `line ${index}`).join("\n");

  it("is the whole of a small text", () => {
    expect(cutWindow("ab", 1)).toEqual({ prefix: "a", suffix: "b" });
  });

  it("begins and ends at the start of a line", () => {
    const offset = text.indexOf("line 100") + 4;
    const { prefix, suffix } = cutWindow(text, offset, { before: 300, after: 100 });
    expect(prefix.startsWith("line ")).toBe(true);
    expect(prefix.endsWith("line")).toBe(true);
    expect(suffix.endsWith("\n")).toBe(true);
    expect(prefix.length).toBeLessThanOrEqual(300);
    expect(suffix.length).toBeLessThanOrEqual(101);
    expect(text).toContain(prefix + suffix);
  });

  it("keeps its start while the user types", () => {
    const offset = text.indexOf("line 100") + 4;
    const first = text.length - cutWindow(text, offset, { before: 800, after: 100 }).prefix.length;
    const typed = `${text.slice(0, offset)}x${text.slice(offset)}`;
    const second = typed.length - 1 - (cutWindow(typed, offset + 1, { before: 800, after: 100 }).prefix.length - 1);
    expect(second).toBe(first);
  });

  it("cuts a line that is longer than the window", () => {
    const { prefix, suffix } = cutWindow("x".repeat(5000), 2500, { before: 100, after: 100 });
    expect(prefix.length).toBeLessThanOrEqual(100);
    expect(suffix).toHaveLength(100);
  });
});

describe("the wait after a key", () => {
  it("is never longer than the setting, and none when the model is slower than the typing", () => {
    const pace = createPace();
    expect(pace.wait(120)).toBeGreaterThanOrEqual(0);
    for (let now = 0; now < 3000; now += 100) pace.typed(now);
    for (let count = 0; count < 20; count++) pace.answered(900);
    expect(pace.wait(120)).toBe(0);
    for (let count = 0; count < 40; count++) pace.answered(20);
    for (let now = 10_000; now < 20_000; now += 400) pace.typed(now);
    expect(pace.wait(120)).toBe(120);
    expect(pace.wait(0)).toBe(0);
  });
});
