import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type TemporaryFolder, temporaryFolder } from "../../workspace/temporary-folder.ts";
import { compareRuns } from "./compare-runs.ts";
import { neighboursOf } from "./neighbours.ts";

const hasPython = process.platform !== "win32" && spawnSync("python3", ["--version"]).status === 0;

/** Compares a file of a folder with what it would be. */
async function verdictOf(folder: TemporaryFolder, file: string, languageId: string, original: string, text: string) {
  const neighbours = await neighboursOf({ languageId, path: folder.at(file), text: original, workspace: folder.path });
  return (await compareRuns({ languageId, original, texts: [text], neighbours }))[0];
}

describe.skipIf(!hasPython)("a function in Python with what it imports from its project", { timeout: 120_000 }, () => {
  const original =
    "from .prices import rounded as exact, TAX\nfrom shop.money import total\n\n\ndef due(items: list[int]):\n    sum = total(items)\n    return exact(sum + sum * TAX)\n";
  const files = {
    "shop/money.py":
      "import os\n\ndef step(a, b):\n    return a + b\n\ndef total(items):\n    result = 0\n    for item in items:\n        result = step(result, item)\n    return result\n",
    "shop/prices.py": "from .base import TAX\nfrom .money import step\n\ndef rounded(number):\n    return step(round(number, 2), 0)\n",
    "shop/base.py": "TAX = 0.2\n",
  };

  test("is compared, in modules of their own", async () => {
    using folder = temporaryFolder(files);
    expect(
      await verdictOf(folder, "shop/due.py", "python", original, original.replace("sum + sum * TAX", "sum * (1 + TAX)")),
    ).toMatchObject({
      verdict: "same",
    });
    expect(await verdictOf(folder, "shop/due.py", "python", original, original.replace("sum + sum", "sum - sum"))).toMatchObject({
      verdict: "different",
    });
  });

  test("is compared with whole modules, of which only what is named is taken", async () => {
    using folder = temporaryFolder({
      ...files,
      "shop/__init__.py": "import os\n",
      "shop/state.py": "import os\n\ncount = 0\n\ndef step(by):\n    global count\n    count += by\n    return count\n",
    });
    const whole =
      "import shop.money as money\nfrom shop import base\nfrom . import state, prices as exact\n\n\ndef due(items: list[int], by: int):\n    sum = money.total(items)\n    state.step(by)\n    return exact.rounded(sum + sum * base.TAX), state.count - state.step(0)\n";
    const verdict = (text: string) => verdictOf(folder, "shop/due.py", "python", whole, text);
    expect(await verdict(whole.replace("sum + sum * base.TAX", "sum * (1 + base.TAX)"))).toMatchObject({ verdict: "same" });
    expect(await verdict(whole.replace("state.step(by)\n", "state.step(by + 1)\n"))).toMatchObject({ verdict: "same" });
    expect(await verdict(whole.replace("sum + sum", "sum - sum"))).toMatchObject({ verdict: "different" });
  });

  test("is compared with modules that are named by all that leads to them", async () => {
    using folder = temporaryFolder({
      ...files,
      "shop/__init__.py": "import os\n",
      "shop/deep/rates.py": "half = lambda number: number / 2\n",
    });
    const whole =
      "import shop.money, math\nimport shop.base, shop.deep.rates\n\n\ndef due(items: list[int]):\n    sum = shop.money.total(items)\n    return math.ceil(shop.deep.rates.half(sum + sum * shop.base.TAX))\n";
    const verdict = (text: string) => verdictOf(folder, "shop/due.py", "python", whole, text);
    expect(await verdict(whole.replace("sum + sum * shop.base.TAX", "sum * (1 + shop.base.TAX)"))).toMatchObject({ verdict: "same" });
    expect(await verdict(whole.replace("sum + sum", "sum - sum"))).toMatchObject({ verdict: "different" });
  });

  test.each([
    ["a package is handed on", "return shop.money.total(items) + len([shop])"],
    ["a module is handed on", "money = shop.money\n    return money.total(items)"],
    ["a module is changed", "shop.money.rate = 2\n    return shop.money.total(items)"],
    ["what is read was not imported", "return shop.money.total(items) + shop.base.TAX"],
  ])("is not compared, where %s", async (_how, line) => {
    using folder = temporaryFolder(files);
    const whole = `import shop.money\n\n\ndef due(items: list[int]):\n    ${line}\n`;
    expect(await verdictOf(folder, "shop/due.py", "python", whole, whole.replace("(items)", "(items) + 0"))).toEqual({
      verdict: "unknown",
      why: "it uses shop",
    });
  });

  test.each([
    ["is handed on", "return len([money]) + money.total(items)"],
    ["is changed", "money.rate = 2\n    return money.total(items)"],
    ["has another meaning, too", "money = base\n    return money.total(items)"],
    ["has a name that leads elsewhere", "return money.total(items) + money.os.getpid()"],
  ])("is not compared, where a module %s", async (_how, line) => {
    using folder = temporaryFolder(files);
    const whole = `from shop import money, base\n\n\ndef due(items: list[int]):\n    ${line}\n`;
    expect(await verdictOf(folder, "shop/due.py", "python", whole, whole.replace("(items)", "(items) + 0"))).toMatchObject({
      verdict: "unknown",
      why: expect.stringMatching(/^it uses (?:money|base|os)$/),
    });
  });

  test("is not, where that does more than compute, or leads back", async () => {
    const text = original.replace("* TAX", "*  TAX + 0");
    using folder = temporaryFolder({ ...files, "shop/base.py": "import os\nTAX = len(os.listdir('.'))\n" });
    expect(await verdictOf(folder, "shop/due.py", "python", original, text)).toMatchObject({ verdict: "unknown", why: "it uses os" });
    folder.write({ "shop/base.py": "from .prices import TAX\n" });
    expect(await verdictOf(folder, "shop/due.py", "python", original, text)).toMatchObject({
      verdict: "unknown",
      why: "its files import each other",
    });
  });
});

describe.skipIf(process.platform === "win32")(
  "a function in TypeScript with what it imports from its project",
  { timeout: 120_000 },
  () => {
    const original =
      'import { sum, rate as tax } from "./index.js";\nimport type { Item } from "./types.ts";\nimport half from "./half";\n\nconst step = 2;\n\nexport function due(items: Item[]): number {\n  let all = sum(items) * step;\n  if (items.length > 2) all = all + half(all) * tax;\n  return all;\n}\n';
    const files = {
      "src/index.ts": 'export * from "./sum.ts";\nexport { TAX as rate } from "./tax.ts";\n',
      "src/sum.ts":
        'import type { Item } from "./types.ts";\nconst step = 0;\nexport const sum = (items: readonly Item[]) => items.reduce((all, { price }) => all + price, step);\n',
      "src/tax.ts": 'import { readFileSync } from "node:fs";\nexport const TAX = 3;\nexport const text = () => readFileSync("x");\n',
      "src/half.ts": "export default function half(number: number) {\n  return Math.floor(number / 2);\n}\n",
      "src/types.ts": "export interface Item { price: number }\n",
    };

    test("is compared, each file in a scope of its own", async () => {
      using folder = temporaryFolder(files);
      const verdict = (text: string) => verdictOf(folder, "src/due.ts", "typescript", original, text);
      expect(await verdict(original.replace("all = all + half", "all += half"))).toEqual({ verdict: "same", count: 300 });
      expect(await verdict(original.replace("all + half", "all - half"))).toMatchObject({ verdict: "different" });
    });

    test("is compared through names that the configuration gives to paths", async () => {
      using folder = temporaryFolder({
        ...files,
        "tsconfig.json":
          '{ "extends": "./tsconfig.base", "compilerOptions": { "paths": { "~/*": ["missing/*", "./*"], "~/half": ["half.ts"] }, }, }',
        "tsconfig.base.json": '{ // all of us\n "compilerOptions": { "baseUrl": "src" } }',
      });
      const text = original.replace("./index.js", "index").replace('"./half"', '"~/half"').replace("./types.ts", "~/types");
      const verdict = (changed: string) => verdictOf(folder, "src/due.ts", "typescript", text, changed);
      expect(await verdict(text.replace("all = all + half", "all += half"))).toEqual({ verdict: "same", count: 300 });
      expect(await verdict(text.replace("all + half", "all - half"))).toMatchObject({ verdict: "different" });
    });

    describe("as a whole", () => {
      const whole =
        'import * as prices from "./index.ts";\nimport * as halves from "./half";\n\nexport function due(items: Item[]): number {\n  let all = prices.sum(items);\n  if (items.length > 2) all = all + halves.default(all) * prices.rate;\n  return all;\n}\ninterface Item { price: number }\n';

      test("is compared with what is read of it, wherever that is declared", async () => {
        using folder = temporaryFolder(files);
        const verdict = (text: string) => verdictOf(folder, "src/due.ts", "typescript", whole, text);
        expect(await verdict(whole.replace("all = all + halves", "all += halves"))).toEqual({ verdict: "same", count: 300 });
        expect(await verdict(whole.replace("all + halves", "all - halves"))).toMatchObject({ verdict: "different" });
      });

      test.each([
        ["is handed on", "prices.sum(items) + Object.keys(prices).length", "it uses prices"],
        ["is looked up by a name that is made", 'prices["sum"](items)', "it uses prices"],
        ["lacks what is read", "prices.sum(items) + prices.none", "it uses none"],
        ["has more than computes", "prices.text() + prices.sum(items)", "it uses text"],
        ["has what gets other values", "prices.count + prices.sum(items)", "it uses count, which changes"],
      ])("is not, where it %s", async (_how, value, why) => {
        using folder = temporaryFolder({ ...files, "src/index.ts": `${files["src/index.ts"]}export let count = 1;\n` });
        const text = whole.replace("prices.sum(items)", value);
        const verdict = await verdictOf(folder, "src/due.ts", "typescript", text, text.replace("all = all + halves", "all += halves"));
        expect(verdict).toEqual({ verdict: "unknown", why });
      });
    });

    test.each([
      ["does more than compute", { "src/half.ts": "export default (number: number) => fetch(String(number));\n" }, /it uses/],
      ["lies outside", { "src/half.ts": "" }, "it uses half"],
      ["is excluded", { ".localcoderignore": "half.ts\n" }, "it uses half"],
      ["leads back", { "src/tax.ts": 'import { rate } from "./index.ts";\nexport const TAX = rate;\n' }, "its files import each other"],
    ])("is not, where what it needs %s", async (_how, changes, why) => {
      using folder = temporaryFolder({ ...files, ...changes });
      if (why === "it uses half" && "src/half.ts" in changes) {
        using elsewhere = temporaryFolder({ "half.ts": files["src/half.ts"] });
        spawnSync("rm", [folder.at("src/half.ts")]);
        symlinkSync(elsewhere.at("half.ts"), folder.at("src/half.ts"));
        const found = await neighboursOf({
          languageId: "typescript",
          path: folder.at("src/due.ts"),
          text: original,
          workspace: folder.path,
        });
        expect(Object.keys(found.files)).not.toContain("src/half.ts");
      }
      const text = original.replace("all = all + half", "all += half");
      const verdict = await verdictOf(folder, "src/due.ts", "typescript", original, text);
      expect(verdict).toEqual({ verdict: "unknown", why: expect.stringMatching(why) });
    });
  },
);
