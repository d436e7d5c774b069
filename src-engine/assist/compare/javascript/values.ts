import ts from "typescript-language-service";
import { createChance } from "./chance.ts";

/** Makes a value, as the text of an expression. */
export type Kind = () => string;

/** Kinds of values that code is called with. */
export interface Values {
  readonly number: Kind;
  readonly small: Kind;
  readonly real: Kind;
  readonly word: Kind;
  readonly numeral: Kind;
  readonly truth: Kind;
  readonly anything: Kind;
  readonly grid: Kind;
  readonly pairs: Kind;
  readonly table: Kind;
  readonly numbers: Kind;
  readonly counts: Kind;
  list(kind: Kind): Kind;
  either(kinds: readonly Kind[]): Kind;
  size(): number;
  /** A function that gives what the kind of its result says; one that gives nothing tells what it is called with. */
  function(gives: "truth" | "number" | "word" | "nothing" | "same"): Kind;
}

/** Kinds of values, with the numbers and texts that code speaks of among them. */
export function valuesFor(statements: readonly ts.Node[]): Values {
  const chance = createChance(11);
  const { one, whole, next } = chance;
  const numbers = new Set([0, 1, 2, 3, 5, 10]);
  const words = new Set(["", "a", "b", "ab", "abc", "hello world", "Abc", "12", "foo-bar", "some_name"]);
  const letters = new Set("abc xyz AB12");
  const visit = (node: ts.Node) => {
    if (ts.isNumericLiteral(node) && Math.abs(Number(node.text)) < 10_000) {
      const number = Math.trunc(Number(node.text));
      for (const each of [number - 1, number, number + 1]) numbers.add(each);
    } else if (ts.isStringLiteralLike(node) && node.text.length < 20) {
      words.add(node.text);
      for (const letter of node.text) letters.add(letter);
    } else if (ts.isRegularExpressionLiteral(node)) for (const letter of node.text.replace(/\\[a-zA-Z]|\\/g, "")) letters.add(letter);
    ts.forEachChild(node, visit);
  };
  for (const statement of statements) visit(statement);
  const known = [...numbers];
  const texts = [...words];
  const signs = [...letters];

  const size = () => one([0, 1, 2, 2, 3, 3, 4, 5, 6, 8]);
  const many = (kind: () => string, count = size()) => Array.from({ length: count }, kind);
  const list = (kind: Kind) => () => `[${many(kind).join(", ")}]`;
  const divides = statements.some((statement) =>
    /[^/*]\/[^/*]|\d\.\d|\b(?:toFixed|round|floor|ceil|trunc|sqrt)\b/.test(statement.getText()),
  );
  const aNumber = () => {
    const roll = next();
    if (divides && roll > 0.9) return whole(-400, 2000) / 40;
    return roll < 0.5 ? one(known) : roll < 0.75 ? whole(0, 12) : roll < 0.95 ? whole(-6, 30) : whole(-200, 1000);
  };
  const number = () => String(aNumber());
  const real = () => String(next() < 0.3 ? aNumber() : Number((next() * 25 - 5).toFixed(one([1, 2, 3]))));
  const truth = () => String(next() < 0.5);
  const text = () => {
    if (next() < 0.3) return one(texts);
    const some = chance.some(signs, one([1, 2, 3, 8]));
    const made = many(() => one(some)).join("");
    return next() < 0.15 ? made + [...made].reverse().join("") : made;
  };
  const word = () => JSON.stringify(text());
  const aList = () => {
    const roll = next();
    const from = one([0, 1]);
    // Places of a list, too: each once.
    const made =
      roll < 0.3
        ? chance.some(
            Array.from({ length: size() }, (_, index) => from + index),
            9,
          )
        : many(() => String(roll < 0.8 ? whole(-4, 9) : aNumber())).map(Number);
    return next() < 0.4 ? [...made].sort((a, b) => a - b) : made;
  };
  const bodies = {
    truth: ["(x) => Boolean(x)", "(x) => x > 2", "(x) => String(x).length > 1", "(x) => x !== 0 && x !== ''", "() => false", "() => true"],
    number: [
      "(a, b) => (b === undefined ? Number(a) || 0 : a > b ? 1 : a < b ? -1 : 0)",
      "(a, b) => (b === undefined ? String(a).length : b > a ? 1 : b < a ? -1 : 0)",
    ],
    word: ["(x) => String(x)", "(x) => String(x).slice(0, 1)"],
    same: [
      "(x) => x",
      "(x, y) => (typeof y === 'number' && typeof x === 'number' ? x + y : [x])",
      "(x) => String(x)",
      "(x) => x === 0 || x === '' || x === undefined",
    ],
    nothing: ["(...x) => { __said(x); }"],
  };
  const table = () => `{ ${many(() => `${word()}: ${number()}`).join(", ")} }`;
  return {
    number,
    small: () => String(whole(0, 9)),
    real,
    word,
    numeral: () => JSON.stringify(one([number, real])()),
    truth,
    anything: () => one([number, word, real, truth, () => "null", () => `[${aList().join(", ")}]`, table, list(word)])(),
    grid() {
      const width = whole(1, 4);
      return `[${many(() => `[${many(() => String(whole(0, 5)), width).join(", ")}]`, whole(1, 4)).join(", ")}]`;
    },
    pairs: list(() => `[${whole(0, 6)}, ${whole(0, 6)}]`),
    table,
    numbers: () => `[${aList().join(", ")}]`,
    counts() {
      const made = many(() => String(whole(1, 9)), whole(0, 4)).map(Number);
      return `[${(next() < 0.5 ? made.sort((a, b) => a - b) : made).join(", ")}]`;
    },
    list,
    either: (kinds) => () => one(kinds)(),
    size,
    function: (gives) => () => `Object.assign(${one(bodies[gives])}, { __given: true })`,
  };
}
