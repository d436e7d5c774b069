import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

// The one rule, proven from the import statements: a folder says where its code may run.

const root = dirname(dirname(fileURLToPath(import.meta.url)));

type Part = "src-core" | "src-engine" | "src-main" | "src-preload" | "src-renderer" | "src-headless";

interface Rule {
  /** Parts of ours that may be imported. */
  readonly ours: readonly Part[];
  /** Node's own modules. */
  readonly node: boolean;
  /** Packages of the registry, by the beginning of their names. */
  readonly packages: readonly RegExp[];
}

const transport = [/^@orpc\//, /^zod$/];
const native = /^(better-sqlite3|node-llama-cpp|@lydell\/node-pty|@vscode\/ripgrep|web-tree-sitter)(\/|$)/;
const workbench = /^(vscode|monaco-editor|@codingame\/)/;

const rules: Readonly<Record<Part, Rule>> = {
  "src-core": { ours: ["src-core"], node: false, packages: [...transport, /^jsonc-parser$/] },
  "src-engine": {
    ours: ["src-core", "src-engine"],
    node: true,
    packages: [...transport, native, /^(chokidar|ignore|jsonc-parser|typescript-language-service(\/lib\/_tsserver\.js)?)$/],
  },
  "src-main": { ours: ["src-core", "src-main"], node: true, packages: [...transport, /^electron$/] },
  "src-preload": { ours: ["src-core", "src-preload"], node: false, packages: [/^electron$/] },
  "src-renderer": { ours: ["src-core", "src-renderer"], node: false, packages: [...transport, workbench] },
  "src-headless": { ours: ["src-core", "src-engine", "src-headless"], node: true, packages: [...transport, /^ws$/] },
};
const parts = Object.keys(rules) as Part[];

interface Import {
  readonly file: string;
  readonly part: Part;
  readonly isTest: boolean;
  readonly specifier: string;
  /** The file of ours that is meant, from the root; undefined for packages. */
  readonly target: string | undefined;
}

function importsOf(part: Part): Import[] {
  const files = readdirSync(join(root, part), { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  return files.flatMap((name) => {
    const file = join(part, name);
    // Not a parser: a statement begins its line, and what tests have in their strings does not.
    const text = readFileSync(join(root, file), "utf8").replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
    const found = text.matchAll(
      /(?:^import\b[^"'`;]*|^export\s+(?:type\s+)?[*{][^"'`;]*|\brequire\(\s*|\bimport\(\s*)["']([^"'\s]+)["']/gm,
    );
    return [...found].map(([, specifier = ""]) => ({
      file: file.split(sep).join("/"),
      part,
      isTest: /\.test\.ts$/.test(name),
      specifier,
      target: targetOf(file, specifier),
    }));
  });
}

function targetOf(file: string, specifier: string): string | undefined {
  const path = specifier.split("?", 1)[0] as string;
  if (path.startsWith("#core/")) return `src-core/${path.slice("#core/".length)}.ts`;
  if (path.startsWith("#engine/")) return `src-engine/${path.slice("#engine/".length)}.ts`;
  if (!path.startsWith(".")) return undefined;
  return relative(root, join(root, dirname(file), path))
    .split(sep)
    .join("/");
}

const all = parts.flatMap(importsOf);
const show = (imports: readonly Import[]) => imports.map(({ file, specifier }) => `${file} imports ${specifier}`);

test("the sources were found", () => {
  for (const part of parts) expect(all.some((entry) => entry.part === part)).toBe(true);
});

describe.each(parts)("%s", (part) => {
  const rule = rules[part];
  const imports = all.filter((entry) => entry.part === part);

  test("imports only the parts of ours that it may", () => {
    const wrong = imports.filter(({ target }) => {
      if (target === undefined || /^(package|product)\.json$/.test(target) || target.startsWith("resources/")) return false;
      return !rule.ours.some((allowed) => target.startsWith(`${allowed}/`));
    });
    expect(show(wrong)).toEqual([]);
  });

  test("imports only the packages that it may", () => {
    const wrong = imports.filter(({ target, specifier, isTest }) => {
      if (target !== undefined) return false;
      // Tests run in Node, wherever the code they test may run.
      if (specifier.startsWith("node:")) return !rule.node && !isTest;
      if (isTest && /^(vitest|ws|@orpc\/openapi-client\/)/.test(specifier)) return false;
      return !rule.packages.some((allowed) => allowed.test(specifier));
    });
    expect(show(wrong)).toEqual([]);
  });
});

test("faces reach the engine through the files at its top, never through its insides", () => {
  const wrong = all.filter(
    // Tests may use the builders of the parts that they run.
    ({ part, target, isTest }) => !isTest && part !== "src-engine" && target?.startsWith("src-engine/") && target.split("/").length > 2,
  );
  expect(show(wrong)).toEqual([]);
});

test("src-core is compiled without Node and without a browser, so that neither can creep in as a global", () => {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "src-core", "tsconfig.json"), "utf8"));
  expect(compilerOptions).toMatchObject({ lib: ["ES2023"], types: [] });
});
