import { describe, expect, test } from "vitest";
import { neighbourhoodOf } from "./neighbourhood.ts";
import { type Chunk, chunksOf, nextRing, type RingLimits, ringLimits } from "./ring.ts";

const limits: RingLimits = { chunks: 4, tokens: 200, chunkTokens: 100 };

const chunk = (key: string, text: string, more: Partial<Chunk> = {}): Chunk => ({
  key,
  path: `src/${key}.ts`,
  text,
  named: false,
  ...more,
});
const at = (prefix: string, suffix = "\n", path = "src/here.ts") => neighbourhoodOf(path, prefix, suffix);
const place = at("const price = formatMoney(");

describe("a chunk is taken", () => {
  test("when it shares a telling name with where the cursor is", () => {
    const money = chunk("money", "export function formatMoney(amount: number): string");
    const other = chunk("other", "export function parseDate(text: string): Date");
    expect(nextRing([], [other, money], place, limits)).toEqual([money]);
  });

  test("when what it defines is imported", () => {
    const imported = chunk("date", "export function parseDate(text: string): Date", { named: true });
    expect(nextRing([], [imported], place, limits)).toEqual([imported]);
  });

  test("not for words that everybody uses", () => {
    const ordinary = chunk("a", "const value = list.map((item) => item.name)");
    expect(nextRing([], [ordinary], at("return list.map((item) => item.value"), limits)).toEqual([]);
  });

  test("not when over half of its words stand in the window already", () => {
    const known = chunk("money", "formatMoney(price, currencyCode)");
    expect(nextRing([], [known], at("const price = 1;\nformatMoney(price, "), limits)).toEqual([]);
    expect(nextRing([], [known], at("formatMoney("), limits)).toEqual([known]);
  });

  test("as a definition though most of its words stand in the window, for the sake of the others", () => {
    const signature = chunk("money", "export function formatMoney(amount: Money, locale: string): string", { named: true });
    const imports =
      'import { formatMoney, type Money } from "./money";\nexport function show(amount: Money): string {\n  return formatMoney(';
    expect(nextRing([], [signature], at(imports), limits)).toEqual([signature]);
    expect(nextRing([], [signature], at(`const locale = 1;\n${imports}`), limits)).toEqual([]);
  });

  test("not from the window of the document itself, but from further away in it", () => {
    const text = "export function formatMoney(amount: number): string {\n  return amount.toFixed(decimals);\n}";
    const own = chunk("own", text, { path: "src/here.ts" });
    expect(nextRing([], [own], at(`${text}\nformatMoney(`), limits)).toEqual([]);
    expect(nextRing([], [own], at(`${text}\n${"other();\n".repeat(200)}formatMoney(`), limits)).toEqual([own]);
  });

  test("and goes when the cursor comes to where it stands", () => {
    const text = "export function formatMoney(amount: number): string;";
    const own = chunk("own", text, { path: "src/here.ts" });
    expect(nextRing([own], [], at(`${text}\nformatMoney(`), limits)).toEqual([]);
  });
});

describe("the ring", () => {
  const names = ["alphaRay", "betaRay", "gammaRay", "deltaRay", "epsilonRay", "zetaRay", "etaRay"];
  const chunks = names.map((name) => chunk(name, `export function ${name}(${name}Input: Kind, second: Other): void`));
  const near = (...wanted: string[]) => at(wanted.map((name) => `${name}();`).join("\n"));

  test("is the same one, byte for byte, after many keys", () => {
    let ring = nextRing([], chunks, near("alphaRay", "betaRay"), limits);
    const first = chunksOf(ring);
    let typed = "alphaRay();\nbetaRay();\n";
    for (const key of "const someOtherName = betaRay().then((answer) => answer.finished);\nreturn someOtherName;\n".repeat(20)) {
      typed += key;
      const next = nextRing(ring, chunks.slice(0, 2), at(typed), limits);
      expect(next).toBe(ring);
      ring = next;
    }
    expect(chunksOf(ring)).toEqual(first);
  });

  test("grows at its end only, the best last", () => {
    const first = nextRing([], chunks, near("alphaRay", "betaRay"), limits);
    expect(first.map(({ key }) => key)).toEqual(["betaRay", "alphaRay"]);
    const second = nextRing(first, chunks, near("gammaRay"), limits);
    expect(second.map(({ key }) => key)).toEqual(["betaRay", "alphaRay", "gammaRay"]);
  });

  test("loses several of its oldest at once, when it is a quarter over its limits", () => {
    const some = (count: number) =>
      nextRing(chunks.slice(0, count - 1), chunks.slice(count - 1, count), near(names[count - 1] ?? ""), limits);
    expect(some(5)).toHaveLength(5);
    expect(some(6).map(({ key }) => key)).toEqual(names.slice(2, 6));
  });

  test("keeps what is wanted now, however old", () => {
    const full = chunks.slice(0, 5);
    const next = nextRing(full, [chunks[5] as Chunk, chunks[0] as Chunk], near("zetaRay", "alphaRay"), limits);
    expect(next.map(({ key }) => key)).toContain("alphaRay");
    expect(next.map(({ key }) => key).at(-1)).toBe("zetaRay");
    expect(next).toHaveLength(4);
  });

  test("never holds more tokens than a quarter over the limit", () => {
    let ring: readonly Chunk[] = [];
    for (let round = 0; round < 50; round += 1) {
      const name = `functionNumber${round}`;
      const long = chunk(name, `export function ${name}(\n${`  parameter${round}: Kind,\n`.repeat(1 + (round % 5))})`);
      ring = nextRing(ring, [long], at(`${name}(`), limits);
      const tokens = ring.reduce((sum, { path, text }) => sum + (path.length + text.length) / 2.5, 0);
      expect(tokens).toBeLessThanOrEqual(limits.tokens * 1.25);
    }
  });

  test("takes the newer of two that are nearly the same", () => {
    const lines = Array.from({ length: 20 }, (_, index) => `  field${index}: KindOfThing;`);
    const roomy = ringLimits.gpu;
    const before = chunk("before", ["interface SomeThing {", ...lines, "}"].join("\n"));
    const now = chunk("now", ["interface SomeThing {", ...lines, "  more: x;", "}"].join("\n"));
    expect(nextRing([before], [now], at("const a: SomeThing = "), roomy)).toEqual([now]);
    const edited = { ...before, text: `${before.text}\n// edited` };
    expect(nextRing([before], [edited], at("const a: SomeThing = "), roomy)).toEqual([edited]);
  });
});

test("neighbours from one file are one piece of the prompt", () => {
  const ring = [chunk("a", "one"), chunk("b", "two", { path: "src/a.ts" }), chunk("c", "three")];
  expect(chunksOf(ring)).toEqual([
    { path: "src/a.ts", text: "one\ntwo" },
    { path: "src/c.ts", text: "three" },
  ]);
});
