// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code that is looked at, not run.

import { symlinkSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../workspace/temporary-folder.ts";
import type { Place } from "../place.ts";
import { createSession } from "./session.ts";

const configuration = JSON.stringify({ compilerOptions: { target: "es2022", lib: ["es2022", "dom"], strict: true, jsx: "preserve" } });
const session = createSession();
const made: { [Symbol.dispose](): void }[] = [];

function project(files: Record<string, string>): string {
  const folder = temporaryFolder(files);
  made.push(folder);
  return folder.path;
}

afterAll(() => {
  for (const folder of made) folder[Symbol.dispose]();
});

const folder = project({
  "tsconfig.json": configuration,
  "point.ts": "export interface Point { x: number; y: number }\nexport const origin: Point = { x: 0, y: 0 };\n",
});

/** `‸` is the cursor, `«…»` replaces what it holds. */
function placeOf(marked: string, more: Partial<Place> = {}) {
  const [prefix = "", rest = ""] = marked.split("‸");
  const replaced = /^«([^»]*)»/.exec(rest)?.[1] ?? "";
  const suffix = rest.replace(/^«([^»]*)»/, "$1");
  const place = { path: `${folder}/main.ts`, languageId: "typescript", workspace: folder, prefix, suffix, ...more };
  return { ...place, replaces: replaced.length };
}

function verdict(marked: string, text: string, more: Partial<Place> = {}) {
  const place = placeOf(marked, more);
  session.warm(place);
  return session.check({ ...place, text });
}
const tsx = { path: `${folder}/page.tsx`, languageId: "typescriptreact" };
const js = { path: `${folder}/plain.js`, languageId: "javascript" };

describe("syntax", () => {
  test.each([
    ["const total = ‸\n", "[1, 2].length;"],
    ["const total = [1, 2].map(‸)\n", "(one) => one * 2"],
    ["function add(a: number, b: number) {‸\n", "\n  return a + b;\n}"],
    ["function add(a: number, b: number) {\n  ‸\n}\n", "if (a > b) {"],
    ["function add(a: number, b: number) {\n  ‸\n}\n", "const sum = Math.max("],
    ["function add(a: number, b: number) {\n  ‸\n}\n", "const sum = a +"],
    ["if (‸«)»\n", "1 > 0) {\n  console.log(1);\n}"],
    ["const a = {\n  one: 1,\n  ‸\n};\n", "two: 2,"],
    ["const text = `one ${‸}`;\n", "1 + 1"],
    ['const text = "one ‸";\n', "two"],
    ["class A {\n  ‸\n}\n", "private readonly b = 1;\n\n  c() {\n    return this.b;\n  }"],
    ["for (const one of [1]) ‸\n", "console.log(one);"],
    ["‸", 'import { join } from "node:path";'],
  ])("%j takes %j", (place, text) => {
    expect(verdict(place, text)).toBe("passed");
  });

  test.each([
    ["const total = ‸\n", "[1, 2;"],
    ["const total = ‸\n", ") + 1;"],
    ["const total = [1, 2].map(‸)\n", "(one) => one * 2)"],
    ["function add(a: number) {\n  ‸\n}\n", "return a ++ + ;\n  const b = 1;"],
    ["function add(a: number) {\n  ‸\n}\n", "return a;\n}"],
    ["class A {\n  ‸\n}\n", "console.log(1);"],
    ["const a = {\n  one: 1,\n  ‸\n};\n", "two = 2; three"],
    ["const text = `one ${‸}`;\n", "1 + ) 1"],
  ])("%j does not take %j", (place, text) => {
    expect(verdict(place, text)).toBe("broken");
  });

  test("of code that was broken before, only what is new counts", () => {
    expect(verdict("const broken = (1, ;\nfunction other( {\n}\nconst total = ‸\n", "1 + 1;")).toBe("passed");
    expect(verdict("const total = ‸\nconst broken = (1, ;\n", "1 + 1;")).toBe("passed");
    expect(verdict("foo(‸\n}\n", "1, 2")).toBe("passed");
  });

  test("of pages", () => {
    const page = "export function Page() {\n  return (\n    ‸\n  );\n}\n";
    expect(verdict(page, "<p>text</p>", tsx)).toBe("passed");
    expect(verdict(page, '<p className="a">', tsx)).toBe("passed");
    expect(verdict("const page = <p>‸</p>;\n", "{1 + 1}", tsx)).toBe("passed");
    expect(verdict(page, "<p>text</b>", tsx)).toBe("broken");
    expect(verdict(page, "<p>text</p><p>more</p>", tsx)).toBe("broken");
    expect(verdict("const page = ‸;\n", "<p>text</p>", { ...js, path: `${folder}/page.jsx`, languageId: "javascriptreact" })).toBe(
      "passed",
    );
    expect(verdict("const page = ‸;\n", "<p>text</p>", js)).toBe("passed");
  });
});

describe("members", () => {
  test.each([
    ["const length = 'text'.‸;\n", "length", "size"],
    ["const list = [1, 2];\nlist.‸\n", "push(3);", "append(3);"],
    ['import { origin } from "./point";\nconst far = origin.‸;\n', "x + origin.y", "x + origin.z"],
    ['import { type Point } from "./point";\nfunction f(a?: Point) {\n  return a‸;\n}\n', "?.x", "?.z"],
    ["interface A { b: { c: string } }\ndeclare const a: A;\na.b‸\n", ".c.trim();", ".c.strip();"],
    ["class A {\n  #b = 1;\n  c = 2;\n  d() {\n    return this.‸;\n  }\n}\n", "#b + this.c", "c + this.e"],
    ["const found = [1, 2].map((one) => one.‸);\n", "toFixed(2)", "round(2)"],
    ["const all: Record<string, number> = {};\nall.‸;\n", "anything", "anything.nothing"],
    ["declare const either: string | number[];\nif (typeof either === 'string') {\n  either.‸;\n}\n", "trim()", "push(1)"],
    ["const x = Math.‸;\n", "max(1, 2)", "maximum(1, 2)"],
  ])("%j takes %j, not %j", (place, right, wrong) => {
    expect(verdict(place, right)).toBe("passed");
    expect(verdict(place, wrong)).toBe("broken");
  });

  test("of what is not known are anybody's guess", () => {
    expect(verdict('import { some } from "./nowhere";\nsome.‸;\n', "thing.other()")).toBe("passed");
    expect(verdict("declare const a: any;\na.‸;\n", "thing.other()")).toBe("passed");
    expect(verdict("unheard.‸;\n", "thing.other()")).toBe("passed");
  });

  test("that the user's own, unsaved code declares", () => {
    const other = { ...placeOf("export interface Unsaved { fresh: number }\n‸"), path: `${folder}/unsaved.ts` };
    session.warm(other);
    expect(verdict('import type { Unsaved } from "./unsaved";\ndeclare const a: Unsaved;\na.‸;\n', "fresh")).toBe("passed");
    expect(verdict('import type { Unsaved } from "./unsaved";\ndeclare const a: Unsaved;\na.‸;\n', "stale")).toBe("broken");
    expect(verdict("interface Own { a: 1 }\ndeclare const own: Own;\nown.‸;\n", "b")).toBe("broken");
    expect(verdict("interface Own { a: 1; b: 2 }\ndeclare const own: Own;\nown.‸;\n", "b")).toBe("passed");
  });

  test("in JavaScript, of types that are described", () => {
    expect(verdict("const text = 'a';\ntext.‸;\n", "trimStart()", js)).toBe("passed");
    expect(verdict("const text = 'a';\ntext.‸;\n", "strip()", js)).toBe("broken");
    expect(verdict("const own = {};\nown.‸;\n", "later = 1", js)).toBe("passed");
    expect(verdict("function Old() {}\nOld.prototype.a = 1;\nnew Old().‸;\n", "b", js)).toBe("passed");
  });
});

describe("names", () => {
  test("that nobody declared", () => {
    expect(verdict("const values = [1];\nconst total = ‸\n", "values.length;")).toBe("passed");
    expect(verdict("const values = [1];\nconst total = ‸\n", "valeus.length;")).toBe("broken");
    expect(verdict("const values = [1];\nconst total = ‸\n", "sum(values);")).toBe("broken");
  });

  test("that are declared by the suggestion, later or somewhere in the user's text", () => {
    expect(verdict("function f() {‸\n}\n", "\n  const a = 1;\n  return a;")).toBe("passed");
    expect(verdict("const total = ‸\nfunction sum() {}\n", "sum();")).toBe("passed");
    expect(verdict("// sum comes tomorrow\nconst total = ‸\n", "sum();")).toBe("passed");
    expect(verdict("const f = ‸\n", "({ a, b: [c] }) => a + c;")).toBe("passed");
  });

  test("are not judged where globals may come from elsewhere", () => {
    expect(verdict("const total = ‸\n", "$(1);", js)).toBe("passed");
    const alone = project({});
    expect(verdict("const total = ‸\n", "$(1);", { path: `${alone}/a.ts`, workspace: alone })).toBe("passed");
    const missing = project({ "tsconfig.json": JSON.stringify({ compilerOptions: { types: ["nowhere"] } }) });
    expect(verdict("const total = ‸\n", "$(1);", { path: `${missing}/a.ts`, workspace: missing })).toBe("passed");
  });

  test("of declaration files of the project", () => {
    const declared = project({ "tsconfig.json": configuration, "types/globals.d.ts": "declare const answer: { value: number };\n" });
    const place = { path: `${declared}/a.ts`, workspace: declared };
    expect(verdict("const total = ‸\n", "answer.value;", place)).toBe("passed");
    expect(verdict("const total = ‸\n", "answer.text;", place)).toBe("broken");
  });
});

describe("odd texts", () => {
  test("line ends, emoji, halves of characters", () => {
    expect(verdict('const face = "😀";\r\nconst a = face.‸;\r\n', "length")).toBe("passed");
    expect(verdict('const face = "😀";\r\nconst a = face.‸;\r\n', "size")).toBe("broken");
    expect(verdict("function f() {‸\r\n}\r\n", '\r\n  return "👩‍👩‍👧".length;')).toBe("passed");
    expect(verdict('const half = "\uD83D";\nconst a = half.‸;\n', "length")).toBe("passed");
    expect(verdict('const half = "‸";\n', "\uDE00")).toBe("passed");
  });

  test("a window takes the rest from the file", () => {
    const filler = Array.from({ length: 3000 }, (_, at) => `export const value${at} = "${at}";\n`);
    const long = project({
      "tsconfig.json": configuration,
      "long.ts": `interface First { a: string }\nexport declare const first: First;\n${filler.join("")}\n`,
    });
    const prefix = `${filler.slice(1500).join("")}first.`;
    const place = { path: `${long}/long.ts`, workspace: long, prefix, offset: 100_000 };
    expect(verdict("‸\n", "a.trim()", place)).toBe("passed");
    expect(verdict("‸\n", "b", place)).toBe("broken");
    // Of an unknown rest nothing is said but syntax.
    const unknown = { ...place, path: `${long}/elsewhere.ts` };
    expect(verdict("‸\n", "b", unknown)).toBe("passed");
    expect(verdict("‸\n", "b) {", unknown)).toBe("broken");
  });

  test("code nested beyond the parser's depth is an error of the parser, not of the suggestion", () => {
    expect(() => verdict(`const a = ${"[".repeat(100_000)}‸\n`, "1")).toThrow(RangeError);
  });
});

test("of a project that is too large nothing is read, and nothing said but syntax", () => {
  const small = createSession(1);
  const place = placeOf("const text = 'a';\ntext.‸;\n");
  small.warm(place);
  expect(small.check({ ...place, text: "strip()" })).toBe("late");
  expect(small.check({ ...place, text: "trim(" })).toBe("late");
  expect(small.check({ ...place, text: "trim) {" })).toBe("broken");
});

describe("a whole answer", () => {
  const original = 'import { origin } from "./point";\n\nexport function sum(): number {\n  return origin.x + origin.y;\n}\n';
  const at = original.indexOf("export");
  const place = {
    path: `${folder}/sum.ts`,
    languageId: "typescript",
    workspace: folder,
    prefix: original.slice(0, at),
    suffix: original.slice(at),
    replaces: original.length - at,
  };
  const said = (text: string, more: Partial<Place> = {}) => session.diagnose({ ...place, ...more, text });

  test("that the compiler has nothing against", () => {
    expect(said("export const sum = (): number => origin.x + origin.y;\n")).toBeUndefined();
  });

  test("with a type, an argument or a name that is wrong, named with its line", () => {
    expect(said('export function sum(): number {\n  return "0";\n}\n')).toEqual({
      line: 4,
      message: "Type 'string' is not assignable to type 'number'.",
    });
    expect(said("export function sum(): number {\n  return origin.z;\n}\n")).toMatchObject({ message: expect.stringContaining("'z'") });
    expect(said("export function sum(): number {\n  return added(1);\n}\n")).toMatchObject({ message: "Cannot find name 'added'." });
  });

  test("of which only what is new counts", () => {
    const broken = original.replace("origin.y", "origin.w");
    const suffix = broken.slice(at);
    expect(said("export function sum(): number {\n  return origin.w + origin.x;\n}\n", { suffix })).toBeUndefined();
  });

  test("and of a document as it is all that is wrong is told", () => {
    const prefix = `${original.replace("origin.y", "origin.w")}\nexport const name: string = added;\n`;
    const errors = session.errors({ ...place, prefix, suffix: "" });
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining("'w'"), "Cannot find name 'added'."]);
    expect(session.errors({ ...place, prefix: original, suffix: "" })).toEqual([]);
  });

  test("where not all is known that is declared, nothing is said", () => {
    const alone = project({});
    expect(said("export const sum = added;\n", { path: `${alone}/a.ts`, workspace: alone })).toBeUndefined();
  });
});

describe("links", () => {
  const whole = project({
    "outside/secret.ts": "export interface Secret { key: string }\n",
    "work/tsconfig.json": configuration,
    "work/node_modules/@scope/pack/index.d.ts": "export declare const packed: { inside: number };\n",
    "work/packages/own/index.ts": "export const own = { linked: 1 };\n",
  });
  symlinkSync(`${whole}/outside`, `${whole}/work/out`, "dir");
  symlinkSync(`${whole}/work/packages/own`, `${whole}/work/node_modules/own`, "dir");
  symlinkSync(`${whole}/work`, `${whole}/opened`, "dir");
  const within = (folder: string) => ({ path: `${whole}/${folder}/a.ts`, workspace: `${whole}/${folder}` });

  test.each(["work", "opened"])("within a workspace are followed: %s", (folder) => {
    const packed = 'import { packed } from "@scope/pack";\npacked.‸;\n';
    expect(verdict(packed, "inside", within(folder))).toBe("passed");
    expect(verdict(packed, "nothing", within(folder))).toBe("broken");
    const own = 'import { own } from "own";\nown.‸;\n';
    expect(verdict(own, "linked", within(folder))).toBe("passed");
    expect(verdict(own, "nothing", within(folder))).toBe("broken");
  });

  test("out of it are not", () => {
    expect(verdict('import type { Secret } from "./out/secret";\ndeclare const a: Secret;\na.‸;\n', "nothing", within("work"))).toBe(
      "passed",
    );
  });
});

test("nothing outside of the workspace is read", () => {
  const outside = project({ "secret.ts": "export interface Secret { key: string }\n", "inside/tsconfig.json": configuration });
  const place = { path: `${outside}/inside/a.ts`, workspace: `${outside}/inside` };
  expect(verdict('import type { Secret } from "../secret";\ndeclare const a: Secret;\na.‸;\n', "nothing", place)).toBe("passed");
});
