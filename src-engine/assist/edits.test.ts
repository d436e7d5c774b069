import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEmitter } from "#core/base/emitter";
import { type AssistEvent, type AssistRequest, assistRequest } from "#core/contracts/assist";
import { defaultSettings } from "#core/settings/schema";
import { createSuggestionCheck } from "#engine/completion/check/check";
import { createInference } from "#engine/inference/host";
import { openScripted, type ScriptedModel } from "#engine/inference/scripted";
import type { SettingsChange } from "../settings/settings.ts";
import { createParsers } from "../syntax/parser.ts";
import { type TemporaryFolder, temporaryFolder } from "../workspace/temporary-folder.ts";
import { createAssist } from "./assist.ts";
import { openTestHistory, type TestHistory } from "./history.fixture.ts";
import { oneModel } from "./one-model.fixture.ts";
import { createOwnActions } from "./own-actions.ts";

let folder: TemporaryFolder;
const settings = {
  current: () => defaultSettings,
  isTrusted: () => true,
  changes: createEmitter<SettingsChange>(),
};
let history: TestHistory;

beforeEach(() => {
  history = openTestHistory(settings);
  folder = temporaryFolder();
});
afterEach(async () => {
  await history.dispose();
  folder[Symbol.dispose]();
});

const scripted = { id: "scripted", name: "Scripted 1B", path: "/models/scripted.gguf" };

/** Answers in turn; the last one again and again. */
function assistThat(...answers: string[]) {
  return assistWith({}, answers);
}

function assistWith(model: ScriptedModel, answers: readonly string[]) {
  const asked: string[] = [];
  const script: ScriptedModel = {
    ...model,
    answer(messages) {
      asked.push(messages.map(({ text }) => text).join("\n"));
      return answers[Math.min(asked.length, answers.length) - 1] ?? "";
    },
  };
  const inference = createInference({ open: openScripted(script), settings });
  history.own(inference);
  const models = oneModel(scripted);
  const ownActions = createOwnActions({ folders: { user: history.folder.path }, settings });
  const compiler = createSuggestionCheck({ syntax: { warm: async () => {}, isBroken: async () => undefined } });
  history.own(compiler);
  return {
    asked,
    assist: createAssist({ inference, models, sessions: history.sessions, settings, parsers: createParsers(), ownActions, compiler }),
  };
}

function request(text: string, changes: Partial<AssistRequest> = {}, selected = text.trimEnd()) {
  const start = text.indexOf(selected);
  return assistRequest.parse({
    action: "improve",
    path: folder.at("cart.py"),
    workspace: folder.path,
    languageId: "python",
    text,
    selection: { start, end: start + selected.length },
    ...changes,
  });
}

async function answerOf(events: AsyncIterable<AssistEvent>) {
  let answer: Extract<AssistEvent, { type: "finished" }>["answer"] | undefined;
  for await (const event of events) if (event.type === "finished") ({ answer } = event);
  if (!answer) throw new Error("The stream did not finish.");
  return answer;
}

const total = "def total(prices):\n    sum = 0\n    for price in prices:\n        sum = sum + price\n    return sum\n";
const better = total.replace("sum = sum + price", "sum += price").trimEnd();

describe("an answer that cannot be used", () => {
  test.each([
    ["does not parse", better.replace("for price in prices:", "for price prices:"), "syntax"],
    ["is prose", "This function adds up all the prices of the cart and it is already good as it is.", "prose"],
    ["is empty", "", "empty"],
    ["goes round in circles", `${better}\n${"    sum += 1\n".repeat(40)}`, "repetition"],
    ["leaves code out", "def total(prices):\n    # ... rest of the code\n    return sum", "elision"],
    ["is in another language", "function total(prices) {\n  return prices.reduce((a, b) => a + b, 0);\n}", "syntax"],
  ])("because it %s is asked for again, at most twice, and never offered", async (_name, wrong, kind) => {
    const { assist, asked } = assistThat(wrong);
    const answer = await answerOf(assist.run(request(total)));
    expect(asked).toHaveLength(3);
    expect(answer.doubts.filter(({ blocks }) => blocks).map((doubt) => doubt.kind)).toContain(kind);
  });

  test("because it counts on keeps what stands before that, and says so", async () => {
    const counted = Array.from({ length: 60 }, (_, n) => `\n\ndef total_${n + 2}(prices):\n    return total(prices) + ${n + 2}\n`);
    const { assist, asked } = assistThat(`${better}\n${counted.join("")}`);
    const answer = await answerOf(assist.run(request(total)));
    expect(asked).toHaveLength(1);
    expect(answer.text).toBe(better);
    expect(answer.doubts.find(({ kind }) => kind === "repetition")).toMatchObject({ blocks: false });
  });

  test("makes way for a third one that can", async () => {
    const { assist, asked } = assistThat("def total(prices:\n", "", better);
    const answer = await answerOf(assist.run(request(total)));
    expect(asked).toHaveLength(3);
    expect(answer.doubts).toEqual([]);
    expect(answer.text).toBe(better);
  });
});

describe("rush and smart", () => {
  test("rush asks once, whatever comes", async () => {
    const { assist, asked } = assistThat("", better);
    const answer = await answerOf(assist.run(request(total, { mode: "rush" })));
    expect(asked).toHaveLength(1);
    expect(answer.doubts).toMatchObject([{ kind: "empty", blocks: true }]);
  });

  test("a mode means a size, and a model that is named goes before it", async () => {
    const small = { ...scripted, name: "Small" };
    const large = { ...scripted, name: "Large" };
    const inference = createInference({ open: openScripted({ answer: () => better }), settings });
    history.own(inference);
    const models = { ...oneModel(scripted), bySize: async (size: string) => (size === "smallest" ? small : large) };
    const ownActions = { find: async () => undefined };
    const assist = createAssist({ inference, models, sessions: history.sessions, settings, parsers: createParsers(), ownActions });
    const modelOf = async (changes: Partial<AssistRequest>) => (await answerOf(assist.run(request(total, changes)))).model;
    expect(await modelOf({ mode: "rush" })).toBe("Small");
    expect(await modelOf({ mode: "smart" })).toBe("Large");
    expect(await modelOf({})).toBe("Scripted 1B");
    expect(await modelOf({ mode: "smart", model: "named" })).toBe("named");
  });
});

describe("a model of 14B and more, asked about many lines", () => {
  const text = Array.from({ length: 12 }, (_, index) => `def add_${index}(one):\n    return one + ${index}\n`).join("\n");
  const block = (search: string, replace: string) => `${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;

  test("names the lines it replaces, and is told which are not there only once", async () => {
    const { assist, asked } = assistWith({ bytes: 9_000_000_000 }, [
      block("    return one", "    return one * 2"),
      block("    return one + ", "    return 0"),
      block("    return one + 7", "    return 7 + one"),
    ]);
    const answer = await answerOf(assist.run(request(text, { action: "refactor", instruction: "the number first in add_7" })));
    expect(asked).toHaveLength(3);
    expect(asked[0]).toContain("<<<<<<< SEARCH");
    expect(asked[1]).toContain("The lines to replace, from “return one”, are not there.");
    expect(asked[1]).toContain("return one * 2");
    expect(answer.text).toBe(text.replace("one + 7", "7 + one").trimEnd());
    expect(answer.doubts).toEqual([]);
  });

  test("that names lines which stand at several places changes nothing", async () => {
    const same = "def one():\n    print(1)\n\n\n".repeat(8);
    const { assist } = assistWith({ bytes: 9_000_000_000 }, [block("    print(1)", "    print(2)")]);
    const answer = await answerOf(assist.run(request(same)));
    expect(answer.text).toBe("");
    expect(answer.doubts).toEqual([
      {
        kind: "empty",
        message: "The lines to replace, from “print(1)”, stand at 8 places; more lines around them are needed.",
        blocks: true,
      },
    ]);
  });

  test.each([
    ["a smaller model", 5_000_000_000, text],
    ["few lines", 9_000_000_000, text.slice(0, 200)],
  ])("writes %s as a whole", async (_what, bytes, selected) => {
    const { assist, asked } = assistWith({ bytes }, [selected.trimEnd().replace("one + 0", "0 + one")]);
    await answerOf(assist.run(request(selected)));
    expect(asked[0]).not.toContain("SEARCH");
  });
});

const hasPython = process.platform !== "win32" && spawnSync("python3", ["--version"]).status === 0;

describe.skipIf(!hasPython)("improving where functions may be run", { timeout: 60_000 }, () => {
  const join = "def join(first, rest):\n    result = [first]\n    for one in rest:\n        result = result + [one]\n    return result\n";

  test("asks until an answer does the same, and says how that was seen", async () => {
    const wrong = join.replace("[first]", "[]").trimEnd();
    const right = "def join(first, rest):\n    return [first, *rest]";
    const { assist, asked } = assistThat(wrong, wrong.replace("[]", "[rest]"), wrong, right);
    const events: AssistEvent[] = [];
    for await (const event of assist.run(request(join, { verify: true }))) events.push(event);
    expect(asked).toHaveLength(4);
    expect(events).toContainEqual(expect.objectContaining({ type: "notice", code: "COMPARED" }));
    expect(events.at(-1)).toMatchObject({ answer: { text: right, doubts: [] } });
  });

  test("keeps the changes of an answer that do the same, and leaves out the others", async () => {
    const wrong = join
      .replace("result = [first]", "result = [first, first]")
      .replace("result = result + [one]", "result.append(one)")
      .trimEnd();
    const { assist, asked } = assistThat(wrong);
    const answer = await answerOf(assist.run(request(join, { verify: true })));
    expect(asked).toHaveLength(1);
    expect(answer).toMatchObject({ text: join.replace("result = result + [one]", "result.append(one)").trimEnd(), doubts: [] });
  });

  test("of many changes leaves out the one that is to blame", async () => {
    const signs = ["a", "b", "c", "d", "e", "f", "g"];
    const sums = `def sums(x, y):\n${signs.map((sign) => `    ${sign} = x + y\n    print(${sign})\n`).join("")}    return a - g\n`;
    const changed = signs.reduce((text, sign) => text.replace(`${sign} = x + y`, `${sign} = y + x`), sums);
    const { assist } = assistThat(changed.replace("d = y + x", "d = y - x").trimEnd());
    const answer = await answerOf(assist.run(request(sums, { verify: true })));
    expect(answer).toMatchObject({ text: changed.replace("d = y + x", "d = x + y").trimEnd(), doubts: [] });
  });

  test("asks Refactor for one small change where a whole one did something else", async () => {
    const { assist, asked } = assistWith({ bytes: 400_000_000 }, [
      join.replace("[first]", "[]").trimEnd(),
      join.replace("result = result + [one]", "result.append(one)").trimEnd(),
    ]);
    const answer = await answerOf(assist.run(request(join, { action: "refactor", instruction: "append in place", verify: true })));
    expect(asked).toHaveLength(2);
    expect(asked[1]).toContain("Make one small change to this code, in one place: append in place. Every condition");
    expect(answer.doubts).toEqual([]);
  });

  test("names an input that tells the difference, where no answer does the same", async () => {
    // Rules would find something in the other one.
    const text = join.replace("result = result + [one]", "result.insert(len(result), one)");
    const { assist, asked } = assistThat(text.replace("[first]", "[]").trimEnd());
    const answer = await answerOf(assist.run(request(text, { verify: true })));
    expect(asked).toHaveLength(5);
    expect(answer.doubts).toEqual([
      { kind: "behaviour", message: expect.stringMatching(/^join\(.*came to .*, and now to /), blocks: false },
    ]);
  });

  test("asks for another repair where the first one does what the code did", async () => {
    const mistaken = join.replace("[first]", "[]");
    const same = mistaken.replace("result = result + [one]", "result.append(one)").trimEnd();
    const right = join.trimEnd();
    const { assist } = assistThat(same, right);
    expect(await answerOf(assist.run(request(mistaken, { action: "fix", verify: true })))).toMatchObject({ text: right, doubts: [] });
    const { assist: other } = assistThat(same);
    expect(await answerOf(other.run(request(mistaken, { action: "fix", verify: true })))).toMatchObject({
      text: same,
      doubts: [{ kind: "unchanged", message: expect.stringMatching(/^It does what the code did before, for \d+ inputs/) }],
    });
    const { assist: told } = assistThat(same);
    const instruction = "append in place";
    expect(await answerOf(told.run(request(mistaken, { action: "fix", instruction, verify: true })))).toMatchObject({ doubts: [] });
  });

  test("says of a function that may not be run that nothing was shown", async () => {
    const read = "def read(path):\n    text = open(path).read()\n    return sorted(text.split())\n";
    const { assist } = assistWith({ bytes: 400_000_000 }, ["def read(path):\n    return sorted(open(path).read().split())"]);
    const answer = await answerOf(assist.run(request(read, { verify: true })));
    expect(answer.doubts).toMatchObject([{ kind: "unproven", message: "It is not shown that this still does the same: it uses open." }]);
  });
});

describe.skipIf(process.platform === "win32")("improving a function in TypeScript that may be run", { timeout: 60_000 }, () => {
  const join =
    "export function join(first: string, rest: string[]): string[] {\n  let result = [first];\n  for (const one of rest) {\n    result = result.concat([one]);\n  }\n  return result;\n}\n";
  const right = "export function join(first: string, rest: string[]): string[] {\n  return [first, ...rest];\n}";
  const inTypeScript = { path: "/work/join.ts", languageId: "typescript", verify: true } as const;

  test("asks until an answer does the same", async () => {
    const { assist, asked } = assistThat(right.replace("first, ", ""), right);
    const events: AssistEvent[] = [];
    for await (const event of assist.run(request(join, inTypeScript))) events.push(event);
    expect(asked).toHaveLength(2);
    expect(events).toContainEqual(expect.objectContaining({ type: "notice", code: "COMPARED" }));
    expect(events.at(-1)).toMatchObject({ answer: { text: right, doubts: [] } });
  });

  test("names an input that tells the difference, where none does", async () => {
    const { assist } = assistThat(right.replace("first, ", ""));
    const { doubts } = await answerOf(assist.run(request(join, inTypeScript)));
    expect(doubts).toContainEqual({ kind: "behaviour", message: expect.stringMatching(/^join\(/), blocks: false });
  });
});

test("where no answer can be trusted, what rules can simplify is offered, and that is said", { timeout: 60_000 }, async () => {
  const first = "def first(items):\n    if items:\n        return items[0]\n    else:\n        return None\n";
  const { assist } = assistThat(first.replace("items[0]", "items[1]").trimEnd());
  const events: AssistEvent[] = [];
  for await (const event of assist.run(request(first, { verify: hasPython }))) events.push(event);
  expect(events).toContainEqual(expect.objectContaining({ type: "notice", code: "BY_RULES" }));
  expect(events.at(-1)).toMatchObject({
    answer: { text: "def first(items):\n    return items[0] if items else None", doubts: [] },
  });
});

test("of what cannot be shown, what rules surely do is offered instead", { timeout: 60_000 }, async () => {
  const read = "def read(path):\n    text = open(path).read()\n    lines = text.split()\n    return lines\n";
  const { assist } = assistWith({ bytes: 400_000_000 }, ["def read(path):\n    return open(path).split()"]);
  const answer = await answerOf(assist.run(request(read, { verify: true })));
  expect(answer).toMatchObject({ text: "def read(path):\n    text = open(path).read()\n    return text.split()", doubts: [] });
});

test("where rules find nothing to simplify, the model gives names that say more", { timeout: 60_000 }, async () => {
  const read = "def read(path):\n    t = open(path).read()\n    return sorted(t.split())\n";
  const { assist } = assistWith({ bytes: 400_000_000 }, ["def read(path):\n    return sorted(open(path).split())", "text\n"]);
  const answer = await answerOf(assist.run(request(read, { verify: true })));
  expect(answer).toMatchObject({ text: read.replace(/\bt\b/g, "text").trimEnd(), doubts: [] });
});

test.each([
  ["use early returns", 1],
  ["rename the parameter", 0],
])("rules do what Refactor is asked for where it is theirs: %s", { timeout: 60_000 }, async (instruction, count) => {
  const first = "def first(items):\n    if items:\n        return items[0]\n    else:\n        return None\n";
  const { assist } = assistThat(first.replace("items[0]", "items[1]").trimEnd());
  const events: AssistEvent[] = [];
  for await (const event of assist.run(request(first, { action: "refactor", instruction, verify: hasPython }))) events.push(event);
  expect(events.filter((event) => event.type === "notice" && event.code === "BY_RULES")).toHaveLength(count);
});

describe("what the compiler says of an answer", () => {
  const text =
    "export interface Item {\n  price: number;\n}\n\nexport function total(items: Item[]): number {\n  return items.length;\n}\n";
  const selected = text.slice(text.indexOf("export function")).trimEnd();
  const cart = (changes: Partial<AssistRequest> = {}) =>
    request(
      text,
      { path: folder.at("cart.ts"), languageId: "typescript", action: "fix", instruction: "sum the prices", ...changes },
      selected,
    );
  const answer = (body: string) => `export function total(items: Item[]): number {\n  ${body}\n}`;
  const right = answer("return items.reduce((sum, { price }) => sum + price, 0);");

  beforeEach(() =>
    folder.write({ "tsconfig.json": '{ "compilerOptions": { "strict": true, "target": "es2022", "lib": ["es2022", "dom"] } }' }),
  );

  test("and did not say before brings another try", { timeout: 60_000 }, async () => {
    const { assist, asked } = assistThat(answer("return items.sum((item) => item.cost);"), right);
    expect(await answerOf(assist.run(cart()))).toMatchObject({ text: right, doubts: [] });
    expect(asked).toHaveLength(2);
  });

  test("is named where no answer is without", { timeout: 60_000 }, async () => {
    const { assist } = assistThat(answer("return items.reduce((sum, { cost }) => sum + cost, 0);"));
    expect((await answerOf(assist.run(cart()))).doubts).toEqual([
      { kind: "problem", message: "Line 2 of the answer: Property 'cost' does not exist on type 'Item'.", blocks: false },
    ]);
  });
});

test("a fix that leaves what it was to repair is asked for again, and named", { timeout: 60_000 }, async () => {
  folder.write({ "tsconfig.json": '{ "compilerOptions": { "strict": true, "target": "es2022", "lib": ["es2022", "dom"] } }' });
  const text = "export function area(width: number): string {\n  const size = width * 2;\n  return size;\n}\n";
  const said = "Type 'number' is not assignable to type 'string'.";
  const broken = () =>
    request(text, { path: folder.at("a.ts"), languageId: "typescript", action: "fix", problems: [{ line: 3, message: said }] });
  const same = "export function area(width: number): string {\n  return width * 2;\n}";
  const right = same.replace("width * 2", "String(width * 2)");
  const { assist, asked } = assistThat(same, right);
  expect(await answerOf(assist.run(broken()))).toMatchObject({ text: right, doubts: [] });
  expect(asked).toHaveLength(2);
  expect((await answerOf(assistThat(same).assist.run(broken()))).doubts).toEqual([
    { kind: "problem", message: `Line 2 of the answer: this is still said: ${said}`, blocks: false },
  ]);
});

describe("improving", () => {
  test("names what may do something else, after another try with a smaller task", async () => {
    const risky = total.replace("sum = 0", "sum = 5").trimEnd();
    const { assist, asked } = assistThat(risky);
    const answer = await answerOf(assist.run(request(total)));
    expect(asked[1]).toContain("one small improvement");
    expect(answer.doubts).toEqual([{ kind: "behaviour", message: "The number “5” was not there before.", blocks: false }]);
    expect(history.sessions.show(answer.sessionId).messages.filter(({ role }) => role === "assistant")).toHaveLength(3);
  });

  test("asks for something smaller where nothing was changed", async () => {
    const { assist } = assistThat(total, better);
    expect(await answerOf(assist.run(request(total)))).toMatchObject({ text: better, doubts: [] });
  });

  test("another model answers where one is named", async () => {
    const { assist } = assistThat(better);
    expect(await answerOf(assist.run(request(total, { model: "other" })))).toMatchObject({ model: "other" });
  });
});

test("fixing is told what the documentation beside the code says", async () => {
  const { assist, asked } = assistThat(better);
  await answerOf(assist.run(request(`# Adds prices,\n# one by one.\n${total}`, { action: "fix" }, total.trimEnd())));
  expect(asked[0]).toContain("What the code is for:\n```\nAdds prices,\none by one.\n```");
});

test("fixing finds the line that the model would have written otherwise, where the whole text is answered unchanged", async () => {
  const wrong = total.replace("sum = sum + price", "sum = sum - price");
  const { assist, asked } = assistWith({ knows: [total], probability: () => 0.99 }, [wrong]);
  const answer = await answerOf(assist.run(request(wrong, { action: "fix" })));
  expect(asked).toHaveLength(1);
  expect(answer.text).toBe(total.trimEnd());
  expect(answer.doubts).toEqual([]);
  const { messages } = history.sessions.show(answer.sessionId);
  expect(messages.map(({ text }) => text)).toContain("The model would write “sum = sum + price” in the place of “sum = sum - price”.");
  expect(messages.findLast(({ role }) => role === "assistant")?.text).toBe(total.trimEnd());
});

test("what is too large for one answer is rewritten definition by definition; what fails stays as it was", async () => {
  const functions = Array.from(
    { length: 5 },
    (_, number) => `def f${number}(a):\n${"    a = a + 1\n".repeat(60)}    print(a)\n    return a\n`,
  );
  const text = `import os\n\n\n${functions.join("\n\n")}`;
  const { assist, asked } = assistThat(
    functions[0]?.replace("return a", "return int(a)") ?? "",
    "def f1(:",
    "def f1(:",
    "def f1(:",
    functions[2] ?? "",
  );
  const answer = await answerOf(assist.run(request(text)));
  expect(asked.length).toBeGreaterThanOrEqual(5);
  expect(answer.text).toContain("return int(a)");
  expect(answer.text.startsWith("import os\n\n\ndef f0(a):")).toBe(true);
  expect(answer.text.match(/def f1\(a\)/g)).toHaveLength(1);
  expect(answer.doubts.some(({ message, blocks }) => !blocks && /^Lines \d+–\d+ stay as they are\./.test(message))).toBe(true);
});

describe("writing tests", () => {
  const tests =
    "empty():\n    assert total([]) == 0\n\n\ndef test_two():\n    assert total([1, 2]) == 3\n\n\ndef test_cut():\n    assert total([1,";

  test("proposes a file where the project has its tests, with imports that code wrote", async () => {
    folder.write({ "cart.py": total, "requirements.txt": "pytest\n", "tests/test_user.py": "def test_user():\n    pass\n" });
    const { assist, asked } = assistThat(tests);
    const answer = await answerOf(assist.run(request(total, { action: "test" })));
    expect(answer.file).toEqual({
      path: folder.at("tests/test_cart.py"),
      original: null,
      text: "import pytest\n\nfrom cart import total\n\n\ndef test_empty():\n    assert total([]) == 0\n\n\ndef test_two():\n    assert total([1, 2]) == 3\n",
    });
    expect(answer.diff).toContain("--- /dev/null\n+++ b/tests/test_cart.py\n");
    expect(answer.doubts).toEqual([]);
    expect(asked[0]).toContain("with pytest");
    expect(await assist.fileFor(request(total, { action: "test" }))).toEqual({ path: folder.at("tests/test_cart.py"), exists: false });
  });

  test("adds to a file that is there, and writes none of its tests again", async () => {
    folder.write({ "cart.py": total, "pytest.ini": "", "test_cart.py": "from cart import total\n\n\ndef test_two():\n    assert True\n" });
    const { assist } = assistThat(tests);
    const answer = await answerOf(assist.run(request(total, { action: "test" })));
    expect(answer.file?.text).toBe(
      "from cart import total\nimport pytest\n\n\ndef test_two():\n    assert True\n\n\ndef test_empty():\n    assert total([]) == 0\n",
    );
  });

  test("offers nothing where no whole test came, after three tries", async () => {
    const { assist, asked } = assistThat("one():\n    total([])\n");
    const answer = await answerOf(assist.run(request(total, { action: "test" })));
    expect(asked).toHaveLength(3);
    expect(answer.doubts).toEqual([{ kind: "empty", message: "The model gave no whole test of total.", blocks: true }]);
  });

  test("says what cannot be tested", async () => {
    const { assist } = assistThat(tests);
    const script = request("function total() {}\n", { action: "test", languageId: "javascript", path: folder.at("cart.js") });
    await expect(answerOf(assist.run(script))).rejects.toMatchObject({
      code: "BAD_INPUT",
      message: expect.stringContaining("not exported"),
    });
    const words = request("words", { action: "test", languageId: "plaintext" });
    await expect(answerOf(assist.run(words))).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });
});

test("a README has its facts from the project and its introduction from the model", async () => {
  folder.write({ "package.json": '{ "name": "shop", "license": "MIT", "scripts": { "build": "tsc" } }', "src/index.ts": "" });
  const { assist, asked } = assistThat(" a library that adds prices.");
  const answer = await answerOf(
    assist.run(
      assistRequest.parse({ action: "readme", path: "README.md", workspace: folder.path, text: "", selection: { start: 0, end: 0 } }),
    ),
  );
  expect(answer.file?.text).toContain("# shop\n\nshop is a library that adds prices.\n\n## Install");
  expect(answer.file).toMatchObject({ path: folder.at("README.md"), original: null });
  expect(asked[0]).toContain("Commands: npm run build");
});

test("somebody's own action is run as any other", async () => {
  folder.write({ ".localcoder/actions/sum.md": "---\ntitle: Use sum\n---\nUse the function sum in {{path}}.\n" });
  const { assist, asked } = assistThat("def total(prices):\n    return sum(prices)");
  const answer = await answerOf(assist.run(request(total, { action: "own:workspace:sum" })));
  expect(asked[0]).toContain("Use the function sum in cart.py.");
  expect(answer.text).toBe("def total(prices):\n    return sum(prices)");
  expect(history.sessions.show(answer.sessionId).session).toMatchObject({
    title: "Use sum total in cart.py, lines 1–5",
    kind: "own:workspace:sum",
  });
});
