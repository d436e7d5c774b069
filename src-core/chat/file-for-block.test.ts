import { expect, test } from "vitest";
import { type FileForBlock, filesForBlock } from "./file-for-block.ts";

type Named = FileForBlock & { readonly name: string };

const file = (name: string, text: string, parts: Partial<FileForBlock> = {}): Named => ({
  name,
  text,
  languageId: name.endsWith(".py") ? "python" : "typescript",
  isShown: false,
  spokenOf: "elsewhere",
  ...parts,
});
const found = (code: string, files: readonly Named[], language = "ts") => {
  const { certain, possible } = filesForBlock({ code, language }, files);
  return { certain: certain?.name, possible: possible.map(({ file, because }) => `${file.name} ${because}`) };
};

const total = "export function total(prices: number[]): number {\n  return 0;\n}";
const other = "export const rate = 0.2;\n";

test("a block belongs into the file that declares what it declares, and not into the one that is shown", () => {
  const files = [file("tax.ts", other, { isShown: true }), file("cart.ts", total, { spokenOf: "thread" })];
  expect(found(total, files).certain).toBe("cart.ts");
  expect(found("  total(prices: number[]): number {\n    return 1;\n  }", files).certain).toBe("cart.ts");
});

test("where what it declares and what was spoken of do not agree, the user is asked", () => {
  const shown = file("tax.ts", other, { isShown: true, spokenOf: "answer" });
  expect(found(total, [shown, file("cart.ts", total, { spokenOf: "thread" })])).toEqual({
    certain: undefined,
    possible: ["cart.ts defines", "tax.ts answer"],
  });
});

test("of two files that declare it the one counts that was spoken of", () => {
  const shown = file("till.ts", total, { isShown: true });
  expect(found(total, [shown, file("cart.ts", total, { spokenOf: "question" })]).certain).toBe("cart.ts");
  expect(found(total, [shown, file("cart.ts", total, { spokenOf: "thread" })]).certain).toBeUndefined();
});

test("new code belongs into the file of the answer, else into the shown one unless the talk was about another", () => {
  const code = "export const more = () => 1;";
  const shown = file("tax.ts", other, { isShown: true });
  expect(found(code, [shown]).certain).toBe("tax.ts");
  expect(found(code, [shown, file("cart.ts", total, { spokenOf: "answer" })]).certain).toBe("cart.ts");
  expect(found(code, [shown, file("cart.ts", total, { spokenOf: "question" })])).toEqual({
    certain: undefined,
    possible: ["cart.ts question", "tax.ts shown"],
  });
  expect(found(code, [shown, file("cart.ts", total, { spokenOf: "thread" })]).certain).toBeUndefined();
  expect(found(code, [{ ...shown, spokenOf: "thread" }, file("cart.ts", total, { spokenOf: "thread" })]).certain).toBe("tax.ts");
  expect(found(code, [shown, file("a.ts", other, { spokenOf: "answer" }), file("b.ts", other, { spokenOf: "answer" })]).certain).toBe(
    undefined,
  );
});

test("a file of the project that nobody spoke of is offered and never taken", () => {
  const elsewhere = file("cart.ts", total);
  expect(found(total, [file("tax.ts", other, { isShown: true }), elsewhere])).toEqual({
    certain: undefined,
    possible: ["cart.ts defines", "tax.ts shown"],
  });
  expect(found(total, [file("tax.ts", other, { isShown: true, spokenOf: "question" }), elsewhere]).certain).toBe("tax.ts");
});

test.each([
  ["python", "a.ts", false],
  ["bash", "a.ts", false],
  ["text", "a.ts", false],
  ["", "a.ts", true],
  ["js", "a.ts", true],
  ["tsx", "a.ts", true],
  ["py", "a.py", true],
  ["ts", "a.py", false],
])("code in a fence of %j in place of %s: %s", (language, name, belongs) => {
  expect(found("x = 1", [file(name, "", { isShown: true })], language).certain).toBe(belongs ? name : undefined);
});

test("the frame of tests says nothing about the file", () => {
  const tests = 'describe("tax", () => {\n  it("is", () => {\n  });\n});';
  expect(found(tests, [file("tax.ts", other, { isShown: true }), file("cart.test.ts", tests, { spokenOf: "thread" })]).possible).toEqual([
    "tax.ts shown",
    "cart.test.ts thread",
  ]);
});
