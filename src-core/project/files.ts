import { codeLanguageOf } from "../context/languages.ts";

/** What a file is to somebody who asks about a project. */
export type FileKind = "code" | "test" | "prose" | "data";

const prose =
  /\.(md|mdx|markdown|rst|txt|adoc|asciidoc|org)$|(^|\/)(readme|changelog|changes|contributing|authors|license|licence|copying|news|todo|history)$/i;
const data =
  /\.(json|jsonc|json5|toml|ya?ml|ini|cfg|conf|xml|html?|css|scss|less|sql|graphql|proto|gradle|cmake|properties|mk|nix|tf)$|(^|\/)(makefile|dockerfile|justfile|rakefile|gemfile|procfile|cmakelists\.txt)$/i;
const otherCode =
  /\.(kts?|swift|scala|dart|lua|exs?|erl|hs|ml|mli|clj|cljs|zig|nim|jl|r|pl|pm|vue|svelte|m|mm|fs|vb|groovy|cr|d|v|sol|zsh|fish|bat)$/i;
const locks = /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|composer\.lock|.*\.lock|.*-lock\.ya?ml|go\.sum)$/i;
const test =
  /(^|\/)(tests?|specs?|__tests__|testing|testdata|e2e|fixtures?|mocks?|__mocks__|examples?|demos?|samples?|bench(es|marks?)?)\/|(^|\/)(test_[^/]*|[^/]*[._-](test|tests|spec|bench)\.[^/.]+|conftest\.py|conf\.py)$/i;

/** What a file is, going by its path; undefined for what is not read. Tests are also what shows or measures the code. */
export function fileKindOf(path: string): FileKind | undefined {
  if (locks.test(path)) return undefined;
  if (codeLanguageOf(path) !== undefined || otherCode.test(path)) return test.test(path) ? "test" : "code";
  if (/(^|\/)cmakelists\.txt$/i.test(path)) return "data";
  if (prose.test(path)) return "prose";
  return data.test(path) ? "data" : undefined;
}

/** Files in which the authors of a project tell whoever works in it how; the first of a folder counts most. */
export const noteFiles = [
  "AGENTS.md",
  "CLAUDE.md",
  "GEMINI.md",
  ".cursorrules",
  ".windsurfrules",
  ".clinerules",
  ".github/copilot-instructions.md",
  "CONVENTIONS.md",
] as const;
