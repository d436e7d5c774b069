/** How a language writes comments and strings, as far as finding its brackets needs it. */
export interface Lexicon {
  readonly lineComments: readonly string[];
  readonly blockComments: readonly (readonly [open: string, close: string])[];
  /** Strings over several lines, tried first. */
  readonly longStrings: readonly string[];
  /** Quotes of strings that end on their line. */
  readonly quotes: readonly string[];
  /** True where `/` may begin a regular expression. */
  readonly regularExpressions: boolean;
  /** True where the depth of indentation says what belongs together. */
  readonly indentation: boolean;
}

const cLike: Lexicon = {
  lineComments: ["//"],
  blockComments: [["/*", "*/"]],
  longStrings: [],
  quotes: ['"', "'"],
  regularExpressions: false,
  indentation: false,
};
const javaScript: Lexicon = { ...cLike, longStrings: ["`"], regularExpressions: true };
const python: Lexicon = {
  lineComments: ["#"],
  blockComments: [],
  longStrings: ['"""', "'''"],
  quotes: ['"', "'"],
  regularExpressions: false,
  indentation: true,
};

const lexicons: Readonly<Record<string, Lexicon>> = {
  typescript: javaScript,
  javascript: javaScript,
  typescriptreact: javaScript,
  javascriptreact: javaScript,
  json: { ...cLike, quotes: ['"'] },
  jsonc: { ...cLike, quotes: ['"'] },
  css: { ...cLike, lineComments: [] },
  scss: cLike,
  less: cLike,
  c: cLike,
  cpp: cLike,
  csharp: { ...cLike, longStrings: ['"""'] },
  java: { ...cLike, longStrings: ['"""'] },
  kotlin: { ...cLike, longStrings: ['"""'] },
  scala: { ...cLike, longStrings: ['"""'] },
  swift: { ...cLike, longStrings: ['"""'], quotes: ['"'] },
  dart: { ...cLike, longStrings: ['"""', "'''"] },
  go: { ...cLike, longStrings: ["`"] },
  // An apostrophe is a lifetime more often than a character there.
  rust: { ...cLike, quotes: ['"'] },
  php: { ...cLike, lineComments: ["//", "#"] },
  python,
  sql: { ...cLike, lineComments: ["--"] },
  lua: { ...cLike, lineComments: ["--"], blockComments: [["--[[", "]]"]], longStrings: [] },
  r: { ...python, longStrings: [], indentation: false },
  julia: { ...python, longStrings: ['"""'], quotes: ['"'], indentation: false },
};

/** What is known of a language; undefined for prose and for languages whose brackets cannot be found this simply. */
export function lexiconOf(languageId: string): Lexicon | undefined {
  return Object.hasOwn(lexicons, languageId) ? lexicons[languageId] : undefined;
}

/** True for languages that are written for people. */
export function isProse(languageId: string): boolean {
  return ["plaintext", "markdown", "latex", "restructuredtext", "git-commit", "log"].includes(languageId);
}

/** True for languages whose functions can be run before and after a change, to see whether they do the same. */
export function comparedByRunning(languageId: string): boolean {
  return ["python", "javascript", "javascriptreact", "typescript", "typescriptreact"].includes(languageId);
}

/** True for languages in which a sentence is nothing strange. */
export function hasSentences(languageId: string): boolean {
  return isProse(languageId) || ["html", "xml", "vue", "svelte", "razor", "handlebars", "pug"].includes(languageId);
}
