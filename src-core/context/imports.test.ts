import { describe, expect, test } from "vitest";
import { importsOf, type KnownFiles, resolveImport } from "./imports.ts";

function files(...paths: string[]): KnownFiles {
  const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return { has: (path) => paths.includes(path), in: (folder) => paths.filter((path) => folderOf(path) === folder) };
}

describe("imports", () => {
  test.each([
    ["typescript", 'import { a, type B, c as d } from "./x";', [{ module: "./x", names: ["a", "B", "c"] }]],
    ["typescript", 'import\n  whole,\n  {\n  part,\n} from "../y.ts";', [{ module: "../y.ts", names: ["whole", "part"] }]],
    [
      "typescript",
      'import * as all from "./x";\nimport "side-effect";\nexport { z } from "./z";',
      [
        { module: "./x", names: [] },
        { module: "./z", names: ["z"] },
      ],
    ],
    [
      "javascript",
      'const { a, b: c } = require("./x");\nconst y = require("./y");',
      [
        { module: "./x", names: ["a", "b"] },
        { module: "./y", names: [] },
      ],
    ],
    [
      "python",
      "from .shop.cart import Cart, total as sum\nimport os, shop.money as m",
      [
        { module: ".shop.cart", names: ["Cart", "total"] },
        { module: "os", names: [] },
        { module: "shop.money", names: [] },
      ],
    ],
    ["python", "from shop import (\n    Cart,\n    Item,\n)\n", [{ module: "shop", names: ["Cart", "Item"] }]],
    [
      "go",
      'import (\n\t"fmt"\n\tm "example.com/shop/money"\n)',
      [
        { module: "fmt", names: [] },
        { module: "example.com/shop/money", names: [] },
      ],
    ],
    [
      "rust",
      "use crate::shop::{Cart, Item};\nuse super::money::format;",
      [
        { module: "crate::shop", names: ["Cart", "Item"] },
        { module: "super::money", names: ["format"] },
      ],
    ],
    ["java", "import com.shop.Cart;", [{ module: "com.shop.Cart", names: [] }]],
    ["cpp", '#include <vector>\n#include "shop/cart.h"', [{ module: "shop/cart.h", names: [] }]],
    ["ruby", 'require "json"\nrequire_relative "cart"', [{ module: "cart", names: [] }]],
    ["php", "use Shop\\Cart;", [{ module: "Shop\\Cart", names: [] }]],
    ["plaintext", 'import { a } from "./x";', []],
  ])("of %s: %s", (languageId, text, expected) => {
    expect(importsOf(languageId, text)).toEqual(expected);
  });

  test("are not looked for in a text of any length", () => {
    expect(importsOf("typescript", `${"import { a } from './x';\n".repeat(100)}`)).toHaveLength(64);
    expect(importsOf("typescript", `import ${"{".repeat(400_000)}`)).toEqual([]);
  });
});

describe("an import means", () => {
  test.each([
    ["typescript", "src/a/b.ts", "../money", files("src/money.ts"), ["src/money.ts"]],
    ["typescript", "src/a/b.ts", "./money.js", files("src/a/money.ts"), ["src/a/money.ts"]],
    ["typescript", "src/b.ts", "./shop", files("src/shop/index.ts"), ["src/shop/index.ts"]],
    ["typescript", "b.ts", "../../elsewhere", files("elsewhere.ts"), []],
    ["typescript", "b.ts", "react", files("react.ts"), []],
    ["python", "app/main.py", ".money", files("app/money.py"), ["app/money.py"]],
    ["python", "app/sub/main.py", "..money", files("app/money.py"), ["app/money.py"]],
    ["python", "app/main.py", "shop.cart", files("shop/cart.py"), ["shop/cart.py"]],
    ["python", "app/main.py", "shop", files("src/shop/__init__.py"), ["src/shop/__init__.py"]],
    ["go", "main.go", "example.com/x/money", files("money/a.go", "money/b.go", "money/a_test.go"), ["money/a.go", "money/b.go"]],
    ["rust", "src/main.rs", "crate::shop::cart", files("src/shop/cart.rs"), ["src/shop/cart.rs"]],
    ["rust", "src/main.rs", "crate::shop", files("src/shop/mod.rs"), ["src/shop/mod.rs"]],
    [
      "java",
      "src/main/java/com/app/A.java",
      "com.shop.Cart",
      files("src/main/java/com/shop/Cart.java"),
      ["src/main/java/com/shop/Cart.java"],
    ],
    ["cpp", "src/a.cpp", "shop/cart.h", files("include/shop/cart.h"), ["include/shop/cart.h"]],
    ["ruby", "lib/a.rb", "cart", files("lib/cart.rb"), ["lib/cart.rb"]],
    ["php", "src/A.php", "App\\Shop\\Cart", files("src/Shop/Cart.php"), ["src/Shop/Cart.php"]],
  ])("%s in %s: %s", (languageId, path, module, known, expected) => {
    expect(resolveImport(languageId, path, module, known)).toEqual(expected);
  });
});
