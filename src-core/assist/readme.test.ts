import { describe, expect, test } from "vitest";
import { factsOf } from "./readme/facts.ts";
import { composeReadme, tidyIntroduction } from "./readme.ts";

const project = {
  folder: "shop",
  files: ["package.json", "LICENSE", "src/index.ts", "src/cart.ts", "src/deep/tax.ts", "test/cart.test.ts", "Makefile"],
  texts: {
    "package.json": JSON.stringify({
      name: "shop",
      description: "Adds prices.",
      bin: { shop: "./cli.js" },
      scripts: { build: "tsc -p .", test: "vitest | cat", prepare: "husky" },
    }),
    LICENSE: "MIT License\n\nPermission is hereby granted, free of charge",
    Makefile: "all: build\n\tnpm run build\n",
  },
};

test("the facts of a project are found by code", () => {
  expect(factsOf(project)).toEqual({
    name: "shop",
    description: "Adds prices.",
    languages: ["TypeScript"],
    install: ["npm install"],
    commands: [
      { command: "npm run build", runs: "tsc -p ." },
      { command: "npm run test", runs: "vitest | cat" },
      { command: "make all", runs: "npm run build" },
    ],
    entryPoints: ["shop", "src/index.ts"],
    folders: [
      { name: "src", files: 3 },
      { name: "test", files: 1 },
    ],
    licence: "MIT",
    licenceFile: "LICENSE",
    words: ["cart"],
  });
  const python = '[project]\nname = "till"\nlicense = "ISC"\n[project.scripts]\ntill = "till:main"\n';
  expect(factsOf({ folder: "x", files: ["pyproject.toml", "till/core.py"], texts: { "pyproject.toml": python } })).toMatchObject({
    name: "till",
    licence: "ISC",
    entryPoints: ["till"],
    install: ["pip install ."],
  });
  expect(factsOf({ folder: "x", files: ["package.json"], texts: { "package.json": "{ broken" } })).toMatchObject({
    name: "x",
    commands: [],
  });
});

test("a README there is names the project and says what it is, where no manifest does", () => {
  const readme =
    "[![build](x.svg)](y)\r\n```sh\n# not this\n```\n# Our Bakery #\r\n\r\n- a list\n\nThe software of a bakery. It has tills.\r\n";
  const said = { folder: "bakery", files: ["till.py"], texts: {}, readme };
  expect(factsOf(said)).toMatchObject({ name: "Our Bakery", description: "The software of a bakery." });
  expect(factsOf({ ...said, readme: "# ![logo](x.svg)\n\n1. One\n" })).toMatchObject({ name: "bakery", description: "" });
  expect(factsOf({ ...project, readme })).toMatchObject({ name: "shop", description: "Adds prices." });
});

describe("the README", () => {
  test("has the model's words between the facts", () => {
    const text = composeReadme(factsOf(project), "Shop adds prices.");
    expect(text).toContain("# shop\n\nShop adds prices.\n\n## Install\n\n```sh\nnpm install\n```\n");
    expect(text).toContain("| `npm run test` | `vitest \\| cat` |");
    expect(text).toContain("## Licence\n\nMIT, see [LICENSE](LICENSE).\n");
  });

  test.each([
    ["# Shop\n\nShop adds prices. It is small.", "Shop adds prices. It is small."],
    ["Shop adds prices. See https://example.org for more. It is v1.2 now.", "Shop adds prices. It is v1.2 now."],
    ["```\nShop adds.\n```", "Shop adds."],
    ["- one\n- two", ""],
  ])("keeps only sentences of %j", (answer, introduction) => expect(tidyIntroduction(answer)).toBe(introduction));
});
