import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Language, Parser, type Tree } from "web-tree-sitter";

/** Syntax trees of source texts. Whoever gets a tree frees it with `delete()`: it lives outside of JavaScript's memory. */
export interface Parsers {
  /** The grammar of a language by VS Code's id, loaded when first asked for; undefined where there is none. */
  languageFor(languageId: string): Promise<Language | undefined>;
  /** Parses in slices of some milliseconds, so that nobody waits for a long text; undefined for a language without a grammar. */
  parse(languageId: string, text: string, options?: ParseOptions): Promise<Tree | undefined>;
}

/** See {@link Parsers.parse}. */
export interface ParseOptions {
  /** The tree of the text as it was, after `edit()` told it what changed: only that is parsed again. */
  readonly previous?: Tree;
  /** Gives up between two slices; the call then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** VS Code's ids of languages and the grammars that read them. */
const grammars: Readonly<Record<string, string>> = {
  c: "cpp",
  cpp: "cpp",
  csharp: "c-sharp",
  css: "css",
  go: "go",
  java: "java",
  javascript: "javascript",
  javascriptreact: "javascript",
  php: "php",
  powershell: "powershell",
  python: "python",
  ruby: "ruby",
  rust: "rust",
  shellscript: "bash",
  typescript: "typescript",
  typescriptreact: "tsx",
};

/** Milliseconds of parsing before others get their turn. */
const slice = 4;

/** Creates {@link Parsers}. Nothing is read before the first text is parsed. */
export function createParsers(): Parsers {
  const require = createRequire(import.meta.url);
  // Read here and handed over, which works in a bundle and in an archive.
  const read = async (file: string) => new Uint8Array(await readFile(file));
  let started: Promise<void> | undefined;
  const languages = new Map<string, Promise<Language>>();

  async function load(grammar: string): Promise<Language> {
    started ??= read(require.resolve("web-tree-sitter/web-tree-sitter.wasm")).then((wasmBinary) => Parser.init({ wasmBinary }));
    await started;
    const folder = dirname(require.resolve("@vscode/tree-sitter-wasm/package.json"));
    return Language.load(await read(join(folder, "wasm", `tree-sitter-${grammar}.wasm`)));
  }

  async function languageFor(languageId: string): Promise<Language | undefined> {
    const grammar = Object.hasOwn(grammars, languageId) ? grammars[languageId] : undefined;
    if (grammar === undefined) return undefined;
    const language = languages.get(grammar) ?? load(grammar);
    languages.set(grammar, language);
    return language;
  }

  return {
    languageFor,
    async parse(languageId, text, { previous, signal } = {}) {
      const language = await languageFor(languageId);
      if (language === undefined) return undefined;
      // One for each text: a parser that was interrupted goes on with the text it had.
      const parser = new Parser().setLanguage(language);
      try {
        for (;;) {
          signal?.throwIfAborted();
          const until = performance.now() + slice;
          const tree = parser.parse(text, previous, { progressCallback: () => performance.now() > until });
          if (tree !== null) return tree;
          await nextTurn();
        }
      } finally {
        parser.delete();
      }
    },
  };
}
