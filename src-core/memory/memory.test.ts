import { describe, expect, it } from "vitest";
import { itemsOf, withItem, withoutItem } from "./items.ts";
import { isSameWish, wishesIn } from "./proposals.ts";

describe("items of a Markdown file", () => {
  const text = "# Title\n\nSome prose.\n\n- one\n- two goes\n  on here\n* three\n\n```\n- code\n```\n\n+ four\n";

  it("are found with their places, whatever stands between them", () => {
    expect(itemsOf(text)).toEqual([
      { line: 4, lines: 1, text: "one" },
      { line: 5, lines: 2, text: "two goes on here" },
      { line: 7, lines: 1, text: "three" },
      { line: 13, lines: 1, text: "four" },
    ]);
    expect(itemsOf("")).toEqual([]);
    expect(itemsOf("- a\r\n- b")).toHaveLength(2);
  });

  it("are added at the end, with a heading in a new file", () => {
    expect(withItem("", " new\nitem ", "Known")).toBe("# Known\n\n- new item\n");
    expect(withItem("- one\n", "two", "Known")).toBe("- one\n- two\n");
    expect(withItem("- one", "two", "Known")).toBe("- one\n- two\n");
    expect(withItem("- one\r\n\r\n\r\n", "two", "Known")).toBe("- one\r\n- two\r\n");
    expect(withItem("Only prose.\n", "two", "Known")).toBe("Only prose.\n\n- two\n");
  });

  it("are changed and taken away where they still are, and the rest stays", () => {
    expect(withoutItem(text, 5, "two goes on here", "2")).toBe(text.replace("- two goes\n  on here", "- 2"));
    expect(withoutItem(text, 4, "one")).toBe(text.replace("- one\n", ""));
    expect(withoutItem(text, 4, "changed meanwhile")).toBeUndefined();
    expect(withoutItem(text, 10, "code")).toBeUndefined();
  });
});

describe("what might be remembered", () => {
  it.each([
    ["Remember that tests run with npm test.", ["Tests run with npm test."]],
    ["please remember: we indent with tabs", ["We indent with tabs."]],
    ["Always write tests first. How do I start?", ["Always write tests first."]],
    ["From now on, use single quotes!", ["Use single quotes."]],
    ["In this project we never use classes.", ["We never use classes."]],
    ["first line\nnever commit to main directly\nlast line", ["Never commit to main directly."]],
  ])("in %j", (message, wishes) => {
    expect(wishesIn(message)).toEqual(wishes);
  });

  it.each([
    "Why does it always return null here?",
    "Remember?",
    "I can not remember where this is.",
    "This function never returns.",
    "```\nalways write code in fences\n```",
    "note: x",
    "",
  ])("not in %j", (message) => {
    expect(wishesIn(message)).toEqual([]);
  });

  it("is the same but for case and marks", () => {
    expect(isSameWish("Tests run with `npm test`.", "tests run with npm test")).toBe(true);
    expect(isSameWish("Tests run", "Tests ran")).toBe(false);
  });
});
