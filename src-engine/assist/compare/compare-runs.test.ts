import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { compareRuns } from "./compare-runs.ts";

const hasPython = process.platform !== "win32" && spawnSync("python3", ["--version"]).status === 0;
const verdictOf = async (original: string, text: string) => (await compareRuns({ languageId: "python", original, texts: [text] }))[0];

describe.skipIf(!hasPython)("functions before and after a change", { timeout: 120_000 }, () => {
  test("are the same where they give, print and change the same", async () => {
    const before = "def last(items):\n    if len(items) == 0:\n        return None\n    else:\n        return items[-1]\n";
    expect(await verdictOf(before, "def last(items):\n    return items[-1] if items else None\n")).toMatchObject({ verdict: "same" });
    expect(await verdictOf(before, "def last(items):\n    return items.pop() if items else None\n")).toMatchObject({
      verdict: "different",
    });
    expect(
      await verdictOf(before, `${before.replace("        return items", "        print(items)\n        return items")}`),
    ).toMatchObject({
      verdict: "different",
    });
  });

  test("differ where one input shows it, which is said", async () => {
    const before = "def double(number: int) -> int:\n    return number * 2\n";
    expect(await verdictOf(before, before.replace("* 2", "** 2"))).toEqual({
      verdict: "different",
      why: expect.stringMatching(/^double\(-?\d+\) came to -?\d+, and now to \d+\.$/),
    });
    const root = "def root(number: int):\n    import math\n    return math.floor(number)\n";
    expect(await verdictOf(root, root.replace("    import math\n", ""))).toEqual({
      verdict: "different",
      why: "There is no “math” that root could use.",
    });
  });

  test("with objects of which only attributes are known, and with other functions of the file", async () => {
    const before =
      "def value(node):\n    return node.next\n\n\ndef length(node):\n    count = 0\n    while node is not None:\n        node = value(node)\n        count = count + 1\n    return count\n";
    expect(await verdictOf(before, before.replace("count = count + 1", "count += 1"))).toMatchObject({ verdict: "same" });
    expect(await verdictOf(before, before.replace("count = count + 1", "count = 1"))).toMatchObject({ verdict: "different" });
  });

  test.each([
    ["a file", "it uses open", "def read(path):\n    return open(path).read()\n"],
    ["another module", "it uses os", "import os\n\n\ndef name(path):\n    return os.path.basename(path)\n"],
    ["frames", "it uses gi_frame", "def frame(number):\n    def inner():\n        yield number\n    return inner().gi_frame\n"],
    ["classes of everything", "it uses __subclasses__", "def all(number):\n    return number.__class__.__base__.__subclasses__()\n"],
    ["a module in a module", "no arguments", "import enum\n\n\ndef modules(number):\n    return enum.sys.modules\n"],
    ["text as code", "it uses eval", "def run(text):\n    return eval(text)\n"],
    ["names by text", "no arguments", "import operator\n\n\ndef get(number):\n    return operator.attrgetter('__class__')(number)\n"],
    [
      "what is met only in another branch",
      "“return 1”",
      "def later(number):\n    if number == 123456789:\n        return 1\n    return 2\n",
    ],
  ])("are not run where they may reach %s, or nothing can be said", async (_what, why, before) => {
    expect(await verdictOf(before, `${before.trimEnd()} or None\n`)).toEqual({ verdict: "unknown", why: expect.stringContaining(why) });
  });

  test("what never ends is ended, and so is what takes all memory", async () => {
    const before = "def count(number: int):\n    return number\n";
    expect(await verdictOf(before, "def count(number: int):\n    while True:\n        pass\n")).toMatchObject({
      verdict: "different",
      why: expect.stringContaining("now to no end"),
    });
    expect(await verdictOf(before, "def count(number: int):\n    return 'x' * 10 ** 12\n")).toMatchObject({ verdict: "different" });
  });

  test("are not said to be the same where the arguments would not notice a mistake", async () => {
    const before =
      "def ways(coins, total):\n    if total == 0:\n        return 1\n    if total < 0 or not coins:\n        return 0\n    first, *rest = coins\n    return ways(coins, total - first) + ways(rest, total)\n";
    expect(await verdictOf(before, before.replace("ways(coins, total - first)", "ways(rest, total - first)"))).toMatchObject({
      verdict: "different",
    });
    const hidden = "def hidden(text: str):\n    number = len(text) if len(text) < 50 else 7\n    return number > 60\n";
    expect(await verdictOf(hidden, hidden.replace("> 60", "> 55"))).toMatchObject({ verdict: "unknown" });
  });

  test("differ by imports that are not there", async () => {
    const before = "def one(number: int):\n    return number\n";
    expect(await verdictOf(before, `from collections import Union\n\n${before}`)).toMatchObject({ verdict: "unknown" });
  });

  test("of several texts the first that does the same ends it", async () => {
    const original = "def double(number: int) -> int:\n    return number * 2\n";
    const texts = [original.replace("2", "3"), original.replace("number * 2", "2 * number"), original.replace("2", "4")];
    expect((await compareRuns({ languageId: "python", original, texts })).map(({ verdict }) => verdict)).toEqual(["different", "same"]);
  });
});

test("functions in other languages are not compared", async () => {
  expect(await compareRuns({ languageId: "go", original: "", texts: [""] })).toMatchObject([{ verdict: "unknown" }]);
});
