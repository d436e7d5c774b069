import { describe, expect, test } from "vitest";
import { planTests } from "./plan.ts";

const plan = (path: string, languageId: string, files: readonly string[], manifests: Readonly<Record<string, string>> = {}, text = "") =>
  planTests({ path, languageId, text }, { files: [path, ...files], manifests });

describe("Python", () => {
  test("goes where other tests lie, in the project's own way", () => {
    expect(plan("src/app/cart.py", "python", ["src/app/__init__.py", "tests/test_user.py"], { "pyproject.toml": "[tool.pytest]" })).toEqual(
      {
        path: "tests/test_cart.py",
        framework: "pytest",
        module: "app.cart",
        commonJs: false,
      },
    );
    expect(plan("cart.py", "python", ["user_test.py"])).toMatchObject({ path: "cart_test.py", framework: "unittest", module: "cart" });
  });

  test("stands beside the code where there are no tests yet", () => {
    expect(plan("app/cart.py", "python", [])).toMatchObject({ path: "app/test_cart.py", module: "cart" });
    expect(plan("app/cart.py", "python", ["app/__init__.py"])).toMatchObject({ path: "app/test_cart.py", module: "app.cart" });
  });
});

describe("TypeScript and JavaScript", () => {
  const vitest = { "package.json": '{ "devDependencies": { "vitest": "3.0.0" } }' };

  test.each([
    ["beside the code", ["src/user.ts", "src/user.test.ts"], "src/cart.test.ts", "./cart"],
    ["in a folder of tests", ["test/user.test.ts"], "test/cart.test.ts", "../src/cart"],
    ["in __tests__", ["src/__tests__/user.spec.ts", "src/user.ts"], "src/__tests__/cart.spec.ts", "../cart"],
    ["beside the code where there are none", [], "src/cart.test.ts", "./cart"],
  ])("%s", (_name, files, path, module) => {
    expect(plan("src/cart.ts", "typescript", files, vitest)).toMatchObject({ path, module, framework: "vitest" });
  });

  test("imports as the file itself imports", () => {
    expect(plan("src/cart.ts", "typescript", [], vitest, 'import { a } from "./user.ts";')).toMatchObject({ module: "./cart.ts" });
    expect(plan("src/cart.ts", "typescript", [], vitest, 'import { a } from "./user.js";')).toMatchObject({ module: "./cart.js" });
  });

  test("uses what Node has where nothing is installed", () => {
    expect(plan("cart.mjs", "javascript", [])).toMatchObject({ framework: "node", module: "./cart.mjs", commonJs: false });
    expect(plan("cart.js", "javascript", [], {}, "module.exports = {};")).toMatchObject({ framework: "node", commonJs: true });
  });

  test("the nearest package says how", () => {
    const manifests = { "package.json": '{"jest": {}}', "packages/a/package.json": '{"devDependencies":{"mocha":"1"}}' };
    expect(plan("packages/a/cart.js", "javascript", [], manifests)).toMatchObject({ framework: "mocha" });
    expect(plan("packages/b/cart.js", "javascript", [], manifests)).toMatchObject({ framework: "jest" });
  });
});

test("Go and Java have one way each", () => {
  expect(plan("cart/cart.go", "go", [], {}, "package cart\n")).toMatchObject({ path: "cart/cart_test.go", module: "cart" });
  expect(plan("src/main/java/app/Cart.java", "java", [], {}, "package app;\n")).toMatchObject({
    path: "src/test/java/app/CartTest.java",
    module: "app",
  });
  expect(plan("cart.cob", "cobol", [])).toBeUndefined();
});
