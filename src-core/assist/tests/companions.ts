import { lexiconOf } from "../checks/languages.ts";
import { scan } from "../checks/scan.ts";

/** A class of which tests make the objects that a function is given. */
export interface Companion {
  readonly name: string;
  /** Its code; empty where it stands in another file, or is long. */
  readonly text: string;
}

/** More would only distract a small model. */
const mostCompanions = 2;
const mostLines = 40;

const scripts = new Set(["typescript", "typescriptreact", "javascript", "javascriptreact"]);

/** The classes whose objects a selection works with, where a file of tests can import them with it. `text` has "\n" line ends. */
export function companionsOf(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  languageId: string,
): readonly Companion[] {
  const lexicon = lexiconOf(languageId);
  if (lexicon === undefined || !(languageId === "python" || scripts.has(languageId))) return [];
  const { code } = scan(text, lexicon);
  const selected = code.slice(start, end);
  const isNamed = (name: string) => new RegExp(`\\b${name}\\b`).test(selected);
  const read = new Set(Array.from(selected.matchAll(/\.(\w+)\b(?!\s*\()/g), ([, name = ""]) => name));
  const classes = classesIn(text, code, languageId).filter((each) => each.end <= start || each.start >= end);
  const met = classes.filter(({ name, fields }) => isNamed(name) || fields.some((field) => read.has(field)));
  const imported = languageId === "python" ? importedClasses(code).filter(isNamed) : [];
  return [
    ...met.map(({ name, text: own }) => ({ name, text: own.split("\n").length <= mostLines ? own : "" })),
    ...imported.map((name) => ({ name, text: "" })),
  ].slice(0, mostCompanions);
}

interface Class {
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly fields: readonly string[];
}

/** The classes of the outermost level that another file can import. */
function classesIn(text: string, code: string, languageId: string): readonly Class[] {
  const isPython = languageId === "python";
  const heads = isPython ? /^(?:@[^\n]*\n)*class (\w+)/gm : /^export (?:default )?class (\w+)/gm;
  return Array.from(code.matchAll(heads), ({ index, 0: head, 1: name = "" }) => {
    const rest = code.slice(index + head.length);
    const next = rest.search(isPython ? /\n(?=[^\s#)])/ : /\n\}/);
    const end = next < 0 ? code.length : index + head.length + next + (isPython ? 0 : 2);
    const body = code.slice(index, end);
    const fields = isPython
      ? [...body.matchAll(/\bself\.(\w+)(?::[^=\n]+)?\s*=(?!=)/g), ...body.matchAll(/^ +(\w+)\s*:/gm)]
      : [...body.matchAll(/\bthis\.(\w+)\s*=(?!=)/g), ...body.matchAll(/^\s+(?:(?:public|readonly)\s+)*(\w+)[?!]?\s*[:=;]/gm)];
    return { name, text: text.slice(index, end).trimEnd(), start: index, end, fields: fields.map(([, field = ""]) => field) };
  });
}

/** Names that look like those of classes, from modules of the same project or others. */
function importedClasses(code: string): readonly string[] {
  return Array.from(code.matchAll(/^from [.\w]+ import (\([^)]*\)|[^\n]*)/gm), ([, names = ""]) => names)
    .filter((names) => names !== "")
    .flatMap((names) => Array.from(names.matchAll(/(?:^|[,(])\s*(?:\w+ as )?([A-Z]\w*[a-z]\w*)\s*(?=[,)]|$)/g), ([, name = ""]) => name));
}
