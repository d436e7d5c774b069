import { describe, expect, test } from "vitest";
import type { Attachment } from "../contracts/message-context.ts";
import { answerParts } from "./answer-parts.ts";
import { chatCommands, commandTitle, readCommand } from "./commands.ts";
import { answerRoom, costOf, fitThread, requireFit, tokensOf } from "./fit.ts";
import { asTitle, mentionsOf, mentionText, wordToComplete } from "./mentions.ts";
import { chatMessages, chatSystem, nothingCompacted, type Turn, turnText } from "./prompt.ts";
import { firstLine, summaryOf } from "./summary.ts";

const file = (path: string, text: string, from?: number, to?: number): Attachment => ({
  kind: from === undefined ? "file" : "range",
  path,
  languageId: "typescript",
  from,
  to,
  text,
});
let ids = 0;
const user = (text: string, attachments: readonly Attachment[] = []): Turn => ({ id: ++ids, role: "user", text, attachments });
const assistant = (text: string): Turn => ({ id: ++ids, role: "assistant", text, attachments: [] });
const words = async (text: string) => text.split(/\s+/).filter(Boolean).length;

describe("the prompt of a thread", () => {
  test("each turn stands in the next prompt byte for byte as it was sent", () => {
    const turns = [user("What is this?", [file("src/a.ts", "let a = 1;\r\n", 3, 3)]), assistant("A number."), user("Why?")];
    const first = chatMessages(chatSystem, turns.slice(0, 1), nothingCompacted);
    const second = chatMessages(chatSystem, turns, nothingCompacted);
    expect(second.slice(0, 2)).toEqual(first);
    expect(second[1]?.text).toBe("src/a.ts, line 3:\n```typescript\nlet a = 1;\n```\n\nWhat is this?");
    expect(second.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
  });

  test("mentions are said as one person would say them to another", () => {
    const text = '@project What of #file:"my file.ts:3-9" and #symbol:add is in #selection, #problems and #changes of #folder:src?';
    expect(turnText(user(text), true)).toBe(
      "What of my file.ts:3-9 and add is in the selected code, the problems and the uncommitted changes of src?",
    );
    expect(turnText(user("C# and #hashtag and me@project stay."), true)).toBe("C# and #hashtag and me@project stay.");
  });

  test("a question that was never answered does not put two questions in a row", () => {
    const messages = chatMessages(chatSystem, [user("One"), user("Two"), assistant(""), user("Three")], nothingCompacted);
    expect(messages.map(({ text }) => text).slice(1)).toEqual(["One", "(No answer.)", "Two", "(No answer.)", "Three"]);
  });

  test("what was left out is replaced by the notes, in front of the first question that stays", () => {
    const turns = [user("One"), assistant("1"), user("Two", [file("b.ts", "let b;")]), assistant("2"), user("Three")];
    const messages = chatMessages(chatSystem, turns, {
      namedTo: turns[3]!.id,
      summarisedTo: turns[1]!.id,
      summary: "Goal: count",
      attachments: [],
    });
    expect(messages[1]?.text).toBe("Notes on the conversation so far:\n\nGoal: count\n\n(b.ts: shown then, not any more.)\n\nTwo");
    expect(messages).toHaveLength(4);
  });

  test("code with fences of its own is fenced with longer ones", () => {
    expect(turnText(user("?", [file("a.md", "```js\n1\n```")]), false)).toContain("````typescript\n```js");
  });
});

describe("what fits", () => {
  const long = "word ".repeat(300);

  test("nothing is left out while there is room", async () => {
    const cost = await costOf("system", [user("One"), assistant("1"), user("Two")], nothingCompacted, words);
    expect(fitThread(cost, nothingCompacted, 1000, 320)).toEqual({ kind: "fits", tokens: tokensOf(cost, nothingCompacted) });
  });

  test("first what was attached to older messages is only named", async () => {
    const turns = [user("One", [file("a.ts", long)]), assistant("1"), user("Two")];
    const cost = await costOf("system", turns, nothingCompacted, words);
    const result = fitThread(cost, nothingCompacted, 300, 320);
    expect(result).toMatchObject({ kind: "name", namedTo: turns[1]!.id });
  });

  test("then the oldest turns are replaced, and the latest that fit stay, beginning with a question", async () => {
    const turns = [user(long), assistant(long), user("Two"), assistant("2"), user("Three")];
    const cost = await costOf("system", turns, nothingCompacted, words);
    const result = fitThread(cost, nothingCompacted, 650, 320);
    expect(result).toMatchObject({ kind: "summarise", summarisedTo: turns[1]!.id, turns: 2 });
  });

  test("a question that cannot fit is refused with numbers and a way out", async () => {
    const question = user("Explain", [file("big.ts", long), file("small.ts", "let a;")]);
    const refused = requireFit("system", question, { window: 300, answer: 75, notes: 0 }, words);
    await expect(refused).rejects.toMatchObject({
      code: "SELECTION_TOO_LONG",
      message: expect.stringMatching(
        /^The message has \d+ tokens \(big\.ts 300; small\.ts 2\)\. The model takes 300, of which \d+ are left/,
      ),
      hint: "Leave it out and begin with @project to have the places found that the question is about, or set localcoder.inference.contextSize higher.",
    });
    const lines = requireFit(
      "system",
      user("Explain", [file("my file.ts", "a b c\n".repeat(100), 11, 110)]),
      { window: 300, answer: 75, notes: 0 },
      words,
    );
    await expect(lines).rejects.toMatchObject({
      hint: expect.stringMatching(/^About 5\d of its 100 lines fit, as in #file:"my file\.ts:11-6\d"; or begin with @project /),
    });
    // What was piped in or pasted is no file that lines could be named of.
    for (const turn of [user("Explain", [{ kind: "text", path: "input", text: "a b c\n".repeat(100) }]), user("a b c\n".repeat(100))]) {
      const hint = expect.stringMatching(/^Give about 5\d of its 100 lines, or set localcoder\.inference\.contextSize higher\.$/);
      await expect(requireFit("system", turn, { window: 300, answer: 75, notes: 0 }, words)).rejects.toMatchObject({ hint });
    }
    const listed = requireFit(
      "system",
      user("Explain", [{ kind: "changes", path: "", text: long }]),
      { window: 300, answer: 75, notes: 0 },
      words,
    );
    await expect(listed).rejects.toMatchObject({ hint: "Attach less, or set localcoder.inference.contextSize higher." });
    await requireFit("system", question, { window: 600, answer: 75, notes: 0 }, words);
  });

  test("an answer takes a quarter of a small window and no more than the setting of a large one", () => {
    expect(answerRoom(2048, 1536)).toBe(512);
    expect(answerRoom(32_768, 1536)).toBe(1536);
  });
});

describe("notes", () => {
  test("the files come from the thread, not from the model", () => {
    const turns = [user("One", [file("a.ts", "1", 1, 4)]), assistant("1")];
    expect(summaryOf(" count things\nDone: one\nNext: two", turns)).toBe(
      "Goal: count things\nDone: one\nNext: two\nFiles: a.ts, lines 1–4",
    );
  });

  test("where the model writes nothing, the questions are listed", () => {
    expect(summaryOf(" \n", [user("How does it start?\nDetails"), assistant("So."), user("And end?")])).toBe(
      "Goal: How does it start?\nAsked then:\n- And end?",
    );
  });

  test("a title is cut at a word", () => {
    expect(firstLine("\n  Where is the   retry delay computed, and why twice?", 30)).toBe("Where is the retry delay…");
  });
});

describe("mentions", () => {
  test("kinds with names, lines and quotes; punctuation belongs to the sentence", () => {
    expect(mentionsOf('Compare #file:src/a.ts:3-9 with #file:"my file.md", #selection and #problems. #nothing')).toEqual([
      { kind: "file", name: "src/a.ts", from: 3, to: 9, text: "#file:src/a.ts:3-9" },
      { kind: "file", name: "my file.md", text: '#file:"my file.md"' },
      { kind: "selection", name: "", text: "#selection" },
      { kind: "problems", name: "", text: "#problems" },
    ]);
  });

  test("is not fooled by headings, colours, addresses and words", () => {
    expect(mentionsOf("# file\n#fff a#file:x https://x/#file:y #filex #file")).toEqual([]);
  });

  test("a name with blanks is quoted and read back", () => {
    const text = mentionText("file", "a b.ts");
    expect(mentionsOf(text)[0]?.name).toBe("a b.ts");
  });

  test("what stands before the cursor is completed", () => {
    expect(wordToComplete("see #fi", 7)).toEqual({ start: 4, word: "#fi" });
    expect(wordToComplete("@pro", 4)).toEqual({ start: 0, word: "@pro" });
    expect(wordToComplete("a@pro", 5)).toBeUndefined();
    expect(wordToComplete("/ex", 3)).toEqual({ start: 0, word: "/ex" });
    expect(wordToComplete("a /ex", 5)).toBeUndefined();
    expect(wordToComplete("plain", 5)).toBeUndefined();
  });
});

describe("commands", () => {
  test("are read with what follows, and paths are not commands", () => {
    expect(readCommand("/fix it crashes")).toMatchObject({ command: { name: "fix" }, rest: "it crashes" });
    expect(readCommand("/free what is this?")?.command?.name).toBe("rush");
    expect(readCommand("/nonsense")).toMatchObject({ name: "nonsense", command: undefined });
    expect(readCommand("/usr/bin/env is what?")).toBeUndefined();
  });

  test("each has a name of its own and says what it does", () => {
    expect(new Set(chatCommands.map(({ name }) => name)).size).toBe(chatCommands.length);
    for (const { about } of chatCommands) expect(about).toMatch(/^[A-Z].*[^.]$/);
  });
});

describe("parts of an answer", () => {
  test("prose and code, with the file the block is for", () => {
    expect(answerParts("Change it:\n\n`src/a.ts`:\n```ts\nlet a;\n```\nDone.")).toEqual([
      { kind: "text", text: "Change it:\n\n`src/a.ts`:" },
      { kind: "code", code: "let a;", language: "ts", path: "src/a.ts", closed: true },
      { kind: "text", text: "Done." },
    ]);
  });

  test("a comment at the beginning of a block names its file as well", () => {
    expect(answerParts("```ts\n// src/a.test.ts\nlet a;\n```")[0]).toMatchObject({
      code: "// src/a.test.ts\nlet a;",
      path: "src/a.test.ts",
    });
    expect(answerParts("```python\n# see a.py for more\nx = 1\n```")[0]).not.toHaveProperty("path");
  });

  test("a block that is still being written", () => {
    expect(answerParts("```python\nx = 1\ny")).toEqual([{ kind: "code", code: "x = 1\ny", language: "python", closed: false }]);
  });

  test("fences inside of longer ones stay code, and sentences are not files", () => {
    const [text, code] = answerParts("This is it.\n````md\n```js\n1\n```\n````");
    expect(text).toEqual({ kind: "text", text: "This is it." });
    expect(code).toEqual({ kind: "code", code: "```js\n1\n```", language: "md", closed: true });
  });
});

test.each([
  ["#file:src/tills.py What does receipt do?", "What does receipt do?"],
  ["@project #selection #symbol:total  Is it right?", "Is it right?"],
  ["What does #symbol:receipt do?", "What does receipt do?"],
  ["#file:src/tills.py", "src/tills.py"],
  ["Fix #12 of the list", "Fix #12 of the list"],
])("“%s” is called “%s”", (text, title) => {
  expect(asTitle(text)).toBe(title);
});

test("what a command asks is called by the command", () => {
  const of = (line: string) => readCommand(line)?.command?.asks?.(readCommand(line)?.rest ?? "") ?? "";
  expect(commandTitle(of("/fix"), "a.ts, lines 3–9")).toBe("Fix a.ts, lines 3–9");
  expect(commandTitle(of("/fix the sum is wrong"), "a.ts")).toBe("Fix a.ts: the sum is wrong");
  expect(commandTitle(of("/explain only the end"), "")).toBe("Explain: only the end");
  expect(commandTitle(of("/fix #file:a.ts"), "a.ts")).toBe("Fix a.ts");
  expect(commandTitle("Fix it, please", "a.ts")).toBeUndefined();
});
