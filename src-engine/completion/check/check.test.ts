import { afterAll, expect, test } from "vitest";
import { createParsers } from "../../syntax/parser.ts";
import { temporaryFolder } from "../../workspace/temporary-folder.ts";
import { createCompletionSyntax } from "../syntax/syntax.ts";
import { createSuggestionCheck } from "./check.ts";

const folder = temporaryFolder({ "tsconfig.json": JSON.stringify({ compilerOptions: { target: "es2022", lib: ["es2022"] } }) });
// Patience without end: what is tested is what is found, on whatever machine.
const syntax = createCompletionSyntax(createParsers());
const check = createSuggestionCheck({ syntax, patience: 2 ** 30 });

afterAll(async () => {
  await check.dispose();
  syntax.dispose();
  folder[Symbol.dispose]();
});

const place = {
  path: folder.at("a.ts"),
  languageId: "typescript",
  workspace: folder.path,
  prefix: "const a = 'text'.",
  suffix: "\n",
  replaces: 0,
};

test("TypeScript is checked in a thread, a warmed document for its members too", async () => {
  check.warm(place);
  expect(await check.check({ ...place, text: "trim();" })).toBe("passed");
  expect(await check.check({ ...place, text: "strip();" })).toBe("broken");
  expect(await check.check({ ...place, text: "trim(;" })).toBe("broken");
});

test("other languages are checked for their syntax", async () => {
  const python = { ...place, path: folder.at("a.py"), languageId: "python", prefix: "total = " };
  check.warm(python);
  expect(await check.check({ ...python, text: "sum(values)" })).toBe("passed");
  expect(await check.check({ ...python, text: ") + 1" })).toBe("broken");
});

test("a newer check takes the place of one not yet begun", async () => {
  const verdicts = await Promise.all(["trim();", "strip();", "strip();", "trim();"].map((text) => check.check({ ...place, text })));
  expect(verdicts).toEqual(["passed", "late", "late", "passed"]);
});

test("what the parser cannot read is late, and the thread goes on", async () => {
  expect(await check.check({ ...place, prefix: `const a =\n${"[".repeat(15_000)}\n`, text: "1" })).toBe("late");
  expect(await check.check({ ...place, text: "trim();" })).toBe("passed");
});

test("a check that takes longer than there is time is late", async () => {
  const impatient = createSuggestionCheck({ syntax, patience: 0 });
  expect(await impatient.check({ ...place, text: "trim();" })).toBe("late");
  await impatient.dispose();
});

test("huge texts, long lines and languages without a grammar are not looked at", async () => {
  expect(await check.check({ ...place, prefix: "const a = 1;\n".repeat(400_000), text: "trim();" })).toBe("none");
  expect(await check.check({ ...place, prefix: "a=1;".repeat(25_000), text: "trim();" })).toBe("none");
  expect(await check.check({ ...place, suffix: "a=1;".repeat(25_000), text: "trim();" })).toBe("none");
  expect(await check.check({ ...place, languageId: "plaintext", text: "trim(;" })).toBe("none");
});

test("nothing is checked any more once it is closed", async () => {
  const closed = createSuggestionCheck({ syntax, patience: 2 ** 30 });
  const asked = closed.check({ ...place, text: "trim();" });
  await closed.dispose();
  expect(await asked).toBe("late");
  expect(await closed.check({ ...place, text: "trim();" })).toBe("late");
});
