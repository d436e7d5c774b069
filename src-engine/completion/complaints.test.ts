import { describe, expect, test } from "vitest";
import type { ScriptedModel } from "../inference/scripted.ts";
import { openScriptedCompletion } from "./scripted-completion.ts";

// What people complain about in other tools: each complaint is a test. Those about keys and drawing are in e2e/ghost-text.spec.ts,
// those about when to ask in src-renderer/extension/ghost-text.

const script: ScriptedModel = {
  knows: [
    "const total = sum(values);\nconst mean = total / values.length;\n",
    "function add(a, b) {\n  return a + b;\n}\nfunction next() {\n",
    "if (ready) {\n    start();\n    report();\n}\n",
    "print(join(names, separator));\n",
  ],
};
const shown = { asShown: true };

/** The document once the suggestion at `‸` was accepted. */
async function accepted(place: string): Promise<string> {
  const { complete } = openScriptedCompletion(script);
  const { text, replaces } = await complete(place, shown);
  const [prefix = "", suffix = ""] = place.split("‸");
  return prefix + text + suffix.slice(replaces);
}

describe("too slow on ordinary machines", () => {
  test("a key costs its own token, typing along nothing", async () => {
    const { complete, asked, quiet } = openScriptedCompletion(script);
    const before = "const item = read();\n".repeat(100);
    await complete(`${before}const total = ‸\n`, shown);
    await quiet();
    const { tokens } = await complete(`${before}const total = other‸\n`, shown);
    expect(tokens.evaluated).toBeLessThanOrEqual(2);
    const before2 = asked.length;
    expect(await complete(`${before}const total = sum(v‸\n`, shown)).toMatchObject({ text: "alues);", known: true });
    expect(asked).toHaveLength(before2);
  });
});

describe("nothing happens and no reason is given", () => {
  test("each request that shows nothing says why", async () => {
    const { complete, journal } = openScriptedCompletion(script);
    await complete("qqq‸\n", shown);
    await complete("const to‸tal = 1\n", shown);
    expect(journal.requests().map(({ hidden }) => hidden)).toEqual(["mid-word", "empty"]);
  });
});

describe("the wrong template, or a chat model", () => {
  test("a model that cannot fill in is refused with a way out", async () => {
    const { complete } = openScriptedCompletion({ ...script, fillInTheMiddle: false });
    await expect(complete("const total = ‸\n", shown)).rejects.toMatchObject({
      code: "NO_FIM_TOKENS",
      hint: expect.stringContaining("code model"),
    });
  });
});

describe("it repeats code after the cursor", () => {
  test("the rest of the line, and the next line", async () => {
    expect(await accepted("const total = ‸sum(values);\n")).toBe("const total = sum(values);\n");
    expect(await accepted("const total = ‸\nsum(values);\n")).toBe("const total = \nsum(values);\n");
    expect(await accepted("if (ready) {\n    ‸\n    report();\n}\n")).toBe("if (ready) {\n    start();\n    report();\n}\n");
  });
});

describe("wrong indentation of the first line", () => {
  test("a block begins one level deeper, on a new line and on one that is indented already", async () => {
    expect(await accepted("function add(a, b) {‸\n")).toBe("function add(a, b) {\n  return a + b;\n}\n");
    expect(await accepted("function add(a, b) {\n  ‸\n}\n")).toBe("function add(a, b) {\n  return a + b;\n}\n");
  });

  test("in tabs where the file has tabs", async () => {
    const tabs = "class A {\n\tb() {\n\t\tc();\n\t}\n}\nif (ready) {‸\n";
    expect(await accepted(tabs)).toBe("class A {\n\tb() {\n\t\tc();\n\t}\n}\nif (ready) {\n\tstart();\n\treport();\n}\n");
  });
});

describe("extra closing brackets", () => {
  test.each(["print(join(‸))\n", "print(join(‸));\n", "print(join(‸)\n", "print(join(‸\n"])("none at %s", async (place) => {
    const document = await accepted(place);
    const opened = document.split("(").length;
    expect(document.split(")").length).toBeLessThanOrEqual(opened);
    expect(document).toContain("names, separator");
  });
});

describe("cancelled requests burn the processor", () => {
  test("a request that is stopped leaves the model idle", async () => {
    const { complete, inference } = openScriptedCompletion({ ...script, millisecondsPerToken: 20 });
    const controller = new AbortController();
    const running = complete(`${"const item = read();\n".repeat(50)}const total = ‸\n`, shown, controller.signal);
    await expect.poll(() => inference.current()[0]?.state, { interval: 5 }).toBe("busy");
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "STOPPED" });
    await expect.poll(() => inference.current()[0]?.state, { interval: 5 }).toBe("ready");
  });
});

describe("a request for each key piles up", () => {
  test("of many keys only the last is answered, and the others never wait in line", async () => {
    const { complete } = openScriptedCompletion({ ...script, millisecondsPerToken: 1 });
    const keys = [..."const total = "].map((_, index, all) => complete(`${all.slice(0, index + 1).join("")}‸\n`, shown));
    const outcomes = await Promise.allSettled(keys);
    expect(outcomes.slice(0, -1).every(({ status }) => status === "rejected")).toBe(true);
    expect(outcomes.at(-1)).toMatchObject({ status: "fulfilled", value: { text: "sum(values);" } });
  });
});

describe("lines one cannot predict", () => {
  test("one line behind words, a block behind an opener", async () => {
    const { complete } = openScriptedCompletion(script);
    expect((await complete("const total = ‸\n", shown)).text).not.toContain("\n");
    expect((await complete("if (ready) {‸\n", shown)).text).toBe("\n    start();\n    report();\n}");
  });
});

describe("drawn over text", () => {
  test("before further code nothing is shown", async () => {
    const { complete } = openScriptedCompletion(script);
    expect(await complete("const total = ‸ + rest\n", shown)).toMatchObject({ text: "", hidden: "mid-word" });
  });
});

describe("the model is loaded again and again for chat and completion", () => {
  test("an answer and a suggestion share one model and one process", async () => {
    const { complete, inference } = openScriptedCompletion({ ...script, answer: () => "an answer" });
    const reference = { id: "scripted", name: "Scripted 1B", path: "/models/scripted.gguf" };
    const loads: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      // After the first turn both uses of the model are open.
      if (turn === 1) inference.states.listen(({ state, role }) => void (state !== "busy" && state !== "ready" && loads.push(role)));
      await complete(`const total${turn} = ‸\n`, shown);
      const request = { messages: [{ role: "user" as const, text: "?" }], temperature: 0, maxTokens: 100, priority: "chat" as const };
      for await (const _event of inference.generate(reference, "code", request));
    }
    expect(loads).toEqual([]);
  });
});

describe("it cannot be switched off per language or file", () => {
  test("both, and nothing is asked of the model", async () => {
    const { complete, asked } = openScriptedCompletion(script, {
      "localcoder.completion.languages": { "*": true, python: false },
      "localcoder.completion.exclude": ["legacy/**"],
    });
    expect(await complete("const total = ‸\n", { languageId: "python" })).toMatchObject({ hidden: "switched-off" });
    expect(await complete("const total = ‸\n", { workspace: "/work", path: "/work/legacy/a.ts" })).toMatchObject({ hidden: "excluded" });
    expect(asked).toEqual([]);
  });
});

describe("nothing inside parentheses", () => {
  test("arguments are suggested between the brackets the editor put there", async () => {
    expect(await accepted("const total = sum(‸);\n")).toBe("const total = sum(values);\n");
  });
});

describe("only one candidate", () => {
  test("up to three where the model was undecided", async () => {
    const undecided: ScriptedModel = {
      knows: ["const total = sum(values);\n", "const total = count(values);\n"],
      probability: (piece) => (piece.trim() === "sum" ? 0.5 : 0.95),
      others: (piece) => (piece.trim() === "sum" ? [{ piece: piece.replace("sum", "count"), probability: 0.4 }] : []),
    };
    const { complete } = openScriptedCompletion(undecided);
    const { text, alternatives } = await complete("const total = ‸\n", { trigger: "manual", alternatives: 3 });
    expect([text, alternatives[0]?.text]).toEqual(["sum(values);", "count(values);"]);
  });
});
