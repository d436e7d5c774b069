import { expect, test } from "vitest";
import { createNamelessDocuments } from "./nameless.ts";

const file = (name: string) => Array.from({ length: 400 }, (_, line) => `const ${name}${line} = compute(${line});\n`);
/** What llama.vim sends with the cursor at the start of a line: 256 lines before it, 64 after. */
const around = (lines: readonly string[], line: number): [string, string] => [
  lines.slice(Math.max(0, line - 256), line).join(""),
  lines.slice(line, line + 64).join(""),
];

test("a document stays the same while its text is typed, and another one is another", () => {
  const documents = createNamelessDocuments();
  const one = documents.recognise(...around(file("a"), 20));
  expect(documents.recognise(`${around(file("a"), 20)[0]}const b`, around(file("a"), 20)[1])).toEqual({
    path: one.path,
    prefix: `${one.prefix}const b`,
  });
  const other = documents.recognise(...around(file("b"), 20));
  expect(other.path).not.toBe(one.path);
  expect(documents.recognise(...around(file("a"), 30)).path).toBe(one.path);
  expect(documents.recognise(...around(file("b"), 10)).path).toBe(other.path);
});

test("a window that moves down with the cursor keeps the start it had", () => {
  const documents = createNamelessDocuments();
  const lines = file("a");
  const { path } = documents.recognise(...around(lines, 256));
  for (const line of [257, 258, 300]) {
    expect(documents.recognise(...around(lines, line))).toEqual({ path, prefix: lines.slice(0, line).join("") });
  }
});

test("at the very start of a document its end tells which it is", () => {
  const documents = createNamelessDocuments();
  const { path } = documents.recognise(...around(file("a"), 5));
  documents.recognise(...around(file("b"), 5));
  expect(documents.recognise("", file("a").slice(1, 64).join(""))).toEqual({ path, prefix: "" });
});

test("text that says nothing is a document of its own each time, and old ones are forgotten", () => {
  const documents = createNamelessDocuments();
  const paths = Array.from({ length: 3 }, () => documents.recognise("", "\n").path);
  expect(new Set(paths).size).toBe(3);
  const first = documents.recognise(...around(file("first"), 5));
  for (let index = 0; index < 8; index += 1) documents.recognise(...around(file(`other${index}x`), 5));
  expect(documents.recognise(...around(file("first"), 5)).path).not.toBe(first.path);
});

test("a document that grows without end starts anew", () => {
  const documents = createNamelessDocuments();
  const lines = Array.from({ length: 40 }, (_, line) => `const value${line} = ${"x".repeat(8000)};\n`);
  const seen = lines.map((_, line) => documents.recognise(lines.slice(Math.max(0, line - 3), line + 1).join(""), "\n"));
  expect(new Set(seen.map(({ path }) => path)).size).toBe(1);
  const lengths = seen.map(({ prefix }) => prefix.length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(150_000);
  expect(Math.max(...lengths)).toBeGreaterThan(100_000);
});
