import { lexiconOf } from "../checks/languages.ts";
import { scan } from "../checks/scan.ts";

/** Signs and words whose exchange makes a mistake, each with what takes its place. */
const exchanges: readonly (readonly [pattern: RegExp, other: (found: string) => string])[] = [
  [/(?<![<>=!+\-*/])(?:<=|>=)(?!=)/g, (found) => found.charAt(0)],
  [/(?<=\s)[<>](?=\s)/g, (found) => `${found}=`],
  [/(?<![=!<>])(?:===|==)(?!=)/g, (found) => found.replace("=", "!")],
  [/!==?/g, (found) => found.replace("!", "=")],
  [/(?<=[\p{L}\p{N}_)\]] ?)\+(?= ?[\p{L}\p{N}_([])/gu, () => "-"],
  [/(?<=[\p{L}\p{N}_)\]] )-(?= [\p{L}\p{N}_([])/gu, () => "+"],
  [/(?<=\s)(?:and|&&)(?=\s)/g, (found) => (found === "and" ? "or" : "||")],
  [/(?<=\s)(?:or|\|\|)(?=\s)/g, (found) => (found === "or" ? "and" : "&&")],
  [/\b(?:max|min)(?=\()/g, (found) => (found === "max" ? "min" : "max")],
  [/\b(?:True|true)\b/g, (found) => (found === "True" ? "False" : "false")],
  [/\b(?:False|false)\b/g, (found) => (found === "False" ? "True" : "true")],
  [/(?<![\p{L}\p{N}_.])\d+(?![\p{L}\p{N}_.])/gu, (found) => String(Number(found) + 1)],
];

/** The same code with one small mistake each, at most `most` of them and spread over the code; none for a language we cannot read. */
export function mutantsOf(text: string, languageId: string, most: number): readonly string[] {
  const lexicon = lexiconOf(languageId);
  if (lexicon === undefined) return [];
  // Strings and comments are blanked out at the same places.
  const { code } = scan(text, lexicon);
  const all = exchanges
    .flatMap(([pattern, other]) =>
      Array.from(code.matchAll(pattern), ({ 0: found, index }) => ({
        index,
        text: text.slice(0, index) + other(found) + text.slice(index + found.length),
      })),
    )
    .sort((one, another) => one.index - another.index);
  if (all.length <= most) return all.map((one) => one.text);
  return Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)]?.text ?? "");
}
