import { lexiconOf } from "../checks/languages.ts";
import { declaredNames } from "../checks/names.ts";
import { scan } from "../checks/scan.ts";

/** What can be imported to test a selection: the name declared at the outermost level around it, or first in it. */
export interface TestSubject {
  readonly name: string;
  /** False where the language has exports and this is none: no other file can reach it. */
  readonly reachable: boolean;
}

const scripts = new Set(["typescript", "typescriptreact", "javascript", "javascriptreact"]);

/** Finds what is tested; undefined where nothing with a name is selected. `text` has "\n" line ends. */
export function subjectOf(
  text: string,
  selection: { readonly start: number; readonly end: number },
  languageId: string,
): TestSubject | undefined {
  const lexicon = lexiconOf(languageId);
  if (lexicon === undefined) return undefined;
  const code = scan(text, lexicon).code;
  const lines = code.split("\n");
  const lineOf = (offset: number) => text.slice(0, offset).split("\n").length - 1;
  const [from, to] = [lineOf(selection.start), lineOf(selection.end)];
  const nameIn = (line: string) => (/^\s/.test(line) ? undefined : declaredNames(line)[0]?.name);
  const order = [
    // In the selection, then above it: a method stands below its class.
    ...Array.from({ length: to - from + 1 }, (_, index) => from + index),
    ...Array.from({ length: from }, (_, index) => from - 1 - index),
  ];
  const isInside = /^\s/.test(lines[from] ?? "") && (lines[from] ?? "").trim() !== "";
  for (const index of isInside ? order.slice(to - from + 1) : order) {
    const name = nameIn(lines[index] ?? "");
    if (name !== undefined) return { name, reachable: !scripts.has(languageId) || isExported(code, name) };
  }
  return undefined;
}

function isExported(code: string, name: string): boolean {
  const word = name.replaceAll("$", "\\$");
  return [
    new RegExp(
      `^export\\s+(?:default\\s+)?(?:declare\\s+|abstract\\s+|async\\s+)*(?:function\\*?|class|const|let|var|enum)\\s+${word}\\b`,
      "m",
    ),
    new RegExp(`^export\\s*\\{[^}]*\\b${word}\\b`, "m"),
    new RegExp(`\\bexports\\.${word}\\s*=`),
    new RegExp(`\\bmodule\\.exports\\s*=\\s*(?:\\{[^}]*\\b${word}\\b|${word}\\b)`),
  ].some((pattern) => pattern.test(code));
}
