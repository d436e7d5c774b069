/** The language that nobody speaks: a window in it shows which of its words were not taken from the list of all words. */
export const pseudoLocale = "qps-ploc";

const accented: Readonly<Record<string, string>> = { a: "á", e: "é", i: "í", o: "ó", u: "ú", A: "Á", E: "É", I: "Í", O: "Ó", U: "Ú" };

/** The same words with accents and in brackets, and longer by a third, as other languages are. */
export function toPseudoLocale<T>(words: T): T {
  return convert(words) as T;
}

function convert(words: unknown): unknown {
  if (typeof words === "string") return convertText(words);
  if (typeof words === "function") return (...parts: unknown[]) => convert(words(...parts));
  if (Array.isArray(words)) return words.map(convert);
  if (typeof words === "object" && words !== null)
    return Object.fromEntries(Object.entries(words).map(([key, each]) => [key, convert(each)]));
  return words;
}

function convertText(text: string): string {
  if (text === "") return text;
  // What the workbench replaces, as $(icon) and {0}, has to stay as it is.
  const parts = text.split(/(\$\([\w~-]+\)|\{\w+\})/);
  const changed = parts.map((part, index) =>
    index % 2 === 1 ? part : part.replaceAll(/[aeiouAEIOU]/g, (letter) => accented[letter] ?? letter),
  );
  return `⟦${changed.join("")}${"~".repeat(Math.ceil(text.length / 3))}⟧`;
}
