import { describe, expect, test } from "vitest";
import { createParsers } from "../syntax/parser.ts";
import { definitionAround } from "./definition-around.ts";

const parsers = createParsers();

/** The lines that are meant by a cursor at `‸`. */
async function meant(languageId: string, place: string): Promise<string | undefined> {
  const offset = place.indexOf("‸");
  const text = place.replace("‸", "");
  const found = await definitionAround(parsers, { languageId, text, offset });
  return found && text.slice(found.start, found.end);
}

describe("without a selection the definition around the cursor is meant", () => {
  test.each([
    ["typescript", "import a;\n\nexport function one() {\n  re‸turn 1;\n}\n\nx();\n", "export function one() {\n  return 1;\n}"],
    ["typescript", "class A {\n  one() {\n‸    return 1;\n  }\n  two() {}\n}\n", "  one() {\n    return 1;\n  }"],
    ["typescript", "class A {\n  one() {}\n‸\n}\n", "class A {\n  one() {}\n\n}"],
    ["typescript", "export const one = () => {\n  list.map((x) => ‸x);\n};\n", "export const one = () => {\n  list.map((x) => x);\n};"],
    ["python", "@cached\ndef one():\n    ret‸urn 1\n\ntwo()\n", "@cached\ndef one():\n    return 1"],
    ["go", "package a\n\nfunc One() int {\n\treturn‸ 1\n}\n", "func One() int {\n\treturn 1\n}"],
    ["rust", "struct A;\n\nimpl A {\n    fn one() {\n        ‸1;\n    }\n}\n", "    fn one() {\n        1;\n    }"],
    ["java", "class A {\r\n  int one() {\r\n    return‸ 1;\r\n  }\r\n}\r\n", "  int one() {\r\n    return 1;\r\n  }"],
    ["typescript", "‸export function one() {}\n", "export function one() {}"],
    ["typescript", "/**\n * O‸ne.\n */\nexport function one() {}\n", "export function one() {}"],
    ["typescript", "class A {\n  // On‸e.\n  @cached()\n  one() {}\n}\n", "  @cached()\n  one() {}"],
    ["typescript", "‸class A {\n  one() {}\n}\n", "class A {\n  one() {}\n}"],
    ["javascript", "export cla‸ss A {\n  one() {}\n}\n", "export class A {\n  one() {}\n}"],
    ["javascript", "use(cla‸ss {\n  one() {}\n});\n", "use(class {\n  one() {}\n});"],
    ["python", "‸class A:\n    def one(self):\n        return 1\n", "class A:\n    def one(self):\n        return 1"],
    ["java", "‸class A {\n  int a;\n}\n", "class A {\n  int a;\n}"],
    ["cpp", "‸class A {\n  int a;\n};\n", "class A {\n  int a;\n};"],
    ["typescript", "class A {\n  @ca‸ched()\n  one() {}\n}\n", "  @cached()\n  one() {}"],
    ["python", "class A:\n    @ca‸ched\n    def one(self):\n        return 1\n", "    @cached\n    def one(self):\n        return 1"],
    ["rust", "/// One.\n#[in‸line]\n#[must_use]\npub fn one() {}\n", "#[inline]\n#[must_use]\npub fn one() {}"],
  ])("in %s", async (languageId, place, expected) => expect(await meant(languageId, place)).toBe(expected));

  test.each([
    ["typescript", "const a = 1;‸\n"],
    ["typescript", "// About all of ‸it.\n\nfunction one() {}\n"],
    ["typescript", "‸"],
    ["plaintext", "words ‸ and words"],
    ["typescript", `function long() {\n${"  a();\n".repeat(400)}‸}\n`],
  ])("and nothing where there is none (%s)", async (languageId, place) => expect(await meant(languageId, place)).toBeUndefined());
});
