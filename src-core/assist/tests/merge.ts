import { lineEndOf, withUnixLineEnds } from "../../edits/lines.ts";
import type { Framework } from "./framework.ts";

const importLine: Readonly<Record<Framework, RegExp>> = {
  pytest: /^(?:import|from)\s/,
  unittest: /^(?:import|from)\s/,
  vitest: /^import\s/,
  jest: /^(?:import\s|(?:const|let|var)\s.*require\()/,
  mocha: /^(?:import\s|(?:const|let|var)\s.*require\()/,
  node: /^(?:import\s|(?:const|let|var)\s.*require\()/,
  go: /^(?:package|import)\s/,
  junit: /^(?:package|import)\s/,
};

/** The names of the tests that a file has, so that none is written twice. */
export function testNamesIn(text: string): ReadonlySet<string> {
  const patterns = [
    /\bdef (test\w*)/g,
    /\b(?:test|it|describe)(?:\.\w+)*\(\s*["'`]([^"'`\n]+)/g,
    /\bfunc (Test\w*)\(/g,
    /@Test\s+(?:public\s+)?void\s+(\w+)/g,
  ];
  return new Set(patterns.flatMap((pattern) => Array.from(text.matchAll(pattern), ([, name = ""]) => name)));
}

/** Tests with other names where theirs are taken: in Python, and those that have a title. */
export function withFreeNames(text: string, taken: ReadonlySet<string>): string {
  const free = (name: string, between: string) => {
    let made = name;
    for (let number = 2; taken.has(made); number += 1) made = `${name}${between}${number}`;
    return made;
  };
  return text
    .replace(/\bdef (test\w*)/g, (_whole, name: string) => `def ${free(name, "_")}`)
    .replace(
      /\b((?:test|it|describe)(?:\.\w+)*\(\s*)(["'`])([^"'`\n]+)(?=\2)/g,
      (_whole, before: string, quote: string, name: string) => before + quote + free(name, " "),
    );
}

/** Two files of tests of the same as one: methods of a class in Python go into the one that is there. */
export function joinedTests(one: string, other: string, framework: Framework): string {
  const methods = framework === "unittest" ? /^class [^\n]*:\n([\s\S]*)$/m.exec(other)?.[1] : undefined;
  return methods === undefined ? withMoreTests(one, other, framework) : `${one.trimEnd()}\n\n${methods.trimEnd()}\n`;
}

/** A file of tests with further ones at its end, and the imports they need among its own. Its line ends stay. */
export function withMoreTests(existing: string, written: string, framework: Framework): string {
  const lineEnd = lineEndOf(existing);
  const old = withUnixLineEnds(existing);
  const lines = written.split("\n");
  const isImport = (line: string) => importLine[framework].test(line);
  const known = new Set(old.split("\n").map((line) => line.trim()));
  const missing = lines.filter(
    (line) => isImport(line) && !/^package\s/.test(line) && !known.has(line.trim()) && !(framework === "go" && old.includes('"testing"')),
  );
  const tests = lines.filter((line) => !isImport(line)).join("\n");
  const withImports = insertImports(old, missing, isImport);
  return joined(withImports, tests, framework).replaceAll("\n", lineEnd);
}

function insertImports(text: string, missing: readonly string[], isImport: (line: string) => boolean): string {
  if (missing.length === 0) return text;
  const lines = text.split("\n");
  const last = lines.findLastIndex(isImport);
  lines.splice(last + 1, 0, ...missing);
  return lines.join("\n");
}

function joined(text: string, tests: string, framework: Framework): string {
  const body = tests.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
  if (framework === "junit") {
    // Into the class that is there: the methods of the new one, before its last brace.
    const methods = /\{\n([\s\S]*)\n\}$/.exec(body)?.[1] ?? body;
    return `${text.trimEnd().replace(/\}$/, "").trimEnd()}\n\n${methods}\n}\n`;
  }
  const named = framework === "unittest" ? withOtherClass(text, body) : body;
  const blank = framework === "pytest" || framework === "unittest" ? "\n\n\n" : "\n\n";
  return `${text.trimEnd()}${blank}${named}\n`;
}

function withOtherClass(text: string, body: string): string {
  const name = /^class (\w+)/m.exec(body)?.[1];
  if (name === undefined) return body;
  let free = name;
  for (let number = 2; new RegExp(`^class ${free}\\b`, "m").test(text); number += 1) free = `${name}${number}`;
  return body.replace(`class ${name}`, `class ${free}`);
}
