/** A way to write tests. */
export type Framework = "pytest" | "unittest" | "vitest" | "jest" | "mocha" | "node" | "go" | "junit";

/** What a test file needs to know of the code it tests. */
export interface Subject {
  /** What is tested, as it is imported. */
  readonly name: string;
  /** What is imported with it: classes of which tests make objects. */
  readonly others?: readonly string[];
  /** The module as the test file imports it: "app.cart", "../src/cart.ts"; a package in Go and Java. */
  readonly module: string;
  /** True where modules are loaded by `require`. */
  readonly commonJs?: boolean;
}

/** The fixed parts of a test file: the model writes only what stands between them. */
export interface TestFile {
  /** Imports, and what opens the group of tests. */
  readonly head: string;
  /** How the first test begins; the model goes on from there. */
  readonly opening: string;
  /** What closes the group. */
  readonly foot: string;
}

/** What tests are called in prompts and messages. */
export const frameworkNames: Readonly<Record<Framework, string>> = {
  pytest: "pytest",
  unittest: "unittest",
  vitest: "Vitest",
  jest: "Jest",
  mocha: "Mocha and node:assert",
  node: "node:test and node:assert",
  go: "Go's testing package",
  junit: "JUnit",
};

/** The fixed parts of a file of tests for a subject. */
export function testFileFor(framework: Framework, subject: Subject): TestFile {
  const { name, others = [], module } = subject;
  const all = [name, ...others].join(", ");
  const names = (...imported: string[]) => imported.join(", ");
  switch (framework) {
    case "pytest":
      return { head: `import pytest\n\nfrom ${module} import ${all}\n\n\n`, opening: "def test_", foot: "" };
    case "unittest":
      return {
        head: `import unittest\n\nfrom ${module} import ${all}\n\n\nclass Test${capitalized(name)}(unittest.TestCase):\n`,
        opening: "    def test_",
        foot: "",
      };
    case "vitest":
      return { head: `import { ${names("expect", "test")} } from "vitest";\n${imports(subject)}\n\n`, opening: 'test("', foot: "" };
    case "jest":
      return { head: `${imports(subject)}\n\n`, opening: 'test("', foot: "" };
    case "mocha":
      return {
        head: `${imports({ name: "assert", module: "node:assert", commonJs: subject.commonJs }, true)}\n${imports(subject)}\n\n`,
        opening: 'it("',
        foot: "",
      };
    case "node":
      return {
        head: `${imports({ name: "test", module: "node:test", commonJs: subject.commonJs }, true)}\n${imports({ name: "assert", module: "node:assert/strict", commonJs: subject.commonJs }, true)}\n${imports(subject)}\n\n`,
        opening: 'test("',
        foot: "",
      };
    case "go":
      return { head: `package ${module}\n\nimport "testing"\n\n`, opening: "func Test", foot: "" };
    case "junit":
      return {
        head: `${module === "" ? "" : `package ${module};\n\n`}import static org.junit.jupiter.api.Assertions.*;\n\nimport org.junit.jupiter.api.Test;\n\nclass ${name}Test {\n`,
        opening: "    @Test\n    void ",
        foot: "}",
      };
  }
}

function imports({ name, others = [], module, commonJs }: Subject, whole = false): string {
  const quoted = JSON.stringify(module);
  const bound = whole ? name : `{ ${[name, ...others].join(", ")} }`;
  return commonJs === true ? `const ${bound} = require(${quoted});` : `import ${bound} from ${quoted};`;
}

function capitalized(name: string): string {
  return name
    .split("_")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}
