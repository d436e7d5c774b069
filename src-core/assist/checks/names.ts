/** A name that a piece of code declares on its outermost level. */
export interface DeclaredName {
  readonly name: string;
  /** True for what is made to be used elsewhere; false for a variable that may be local. */
  readonly public: boolean;
}

const modifiers =
  "(?:(?:export|default|declare|public|private|protected|internal|static|final|abstract|async|override|readonly|pub(?:\\([a-z]+\\))?|unsafe|inline|open|sealed|data|virtual)\\s+)*";
const declaration = new RegExp(
  `^${modifiers}(?:function\\*?|class|interface|enum|struct|trait|type|namespace|module|def|async def|fn|func|fun|union|record|object|protocol|extension)\\s+(?:\\([^)]*\\)\\s*)?([\\p{L}_$][\\p{L}\\p{N}_$]*)`,
  "u",
);
const variable = /^(export\s+)?(?:declare\s+)?(?:const|let|var|val)\s+(?:mut\s+)?([\p{L}_$][\p{L}\p{N}_$]*)/u;
const method = new RegExp(`^${modifiers}(?:get\\s+|set\\s+|\\*\\s*)?([\\p{L}_$#][\\p{L}\\p{N}_$]*)\\s*(?:<[^>]*>)?\\([^;]*\\{\\s*$`, "u");
const pythonVariable = /^([A-Z][A-Z0-9_]*)\s*(?::[^=]+)?=[^=]/;
const keywords = new Set([
  "if",
  "for",
  "while",
  "switch",
  "catch",
  "with",
  "return",
  "function",
  "else",
  "do",
  "try",
  "match",
  "loop",
  "foreach",
  "using",
  "lock",
  "when",
  "elif",
  "until",
]);

/** The names declared at the outermost level of code whose strings and comments are blanked out. */
export function declaredNames(code: string): DeclaredName[] {
  const found: DeclaredName[] = [];
  for (const line of code.split("\n")) {
    const named = declaration.exec(line)?.[1] ?? method.exec(line)?.[1];
    const value = variable.exec(line);
    const constant = pythonVariable.exec(line)?.[1];
    if (named && !keywords.has(named)) found.push({ name: named, public: true });
    else if (value?.[2]) found.push({ name: value[2], public: value[1] !== undefined });
    else if (constant) found.push({ name: constant, public: false });
  }
  return found;
}

/** The answer with the `export` of the original before declarations that lost it: small models forget it. */
export function withExports(answer: string, original: string): string {
  const exported = new Set(
    original
      .split("\n")
      .filter((line) => /^export\s+(?!default\b)/.test(line))
      .flatMap((line) => declaredNames(line).map(({ name }) => name)),
  );
  if (exported.size === 0 || /^export\s*(?:\{|default\b)/m.test(answer)) return answer;
  return answer
    .split("\n")
    .map((line) => (!line.startsWith("export") && declaredNames(line).some(({ name }) => exported.has(name)) ? `export ${line}` : line))
    .join("\n");
}

/** True when a text has the name as a word. */
export function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}_$]/u.test(character);
    if (!isWord(text[at - 1]) && !isWord(text[at + name.length])) return true;
  }
  return false;
}

// Words of the languages themselves, which stay whatever is lost, and the machinery of loops, which may well go.
const common = new Set(
  "and any async await bool boolean break case catch class const continue def default del elif else end except export extends false final finally float fn for from func function global if impl implements import in int interface is lambda let match mut new nil none not null number or pass private protected pub public raise return self static str string struct super switch then this throw true try type undefined unless until use using var void when while with yield append enumerate foreach len length push range".split(
    " ",
  ),
);

/** The share, 0 to 1, of the names in code that another piece of code still has. Variables of its own may go. */
export function wordsKept(original: string, answer: string): number {
  const own = new Set(
    Array.from(original.matchAll(/(?<![.\p{L}\p{N}_$])([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::[^=\n]*)?[-+*/]?=(?![=>])/gu), ([, name]) => name),
  );
  const words = new Set((original.match(word) ?? []).filter((name) => !common.has(name.toLowerCase()) && !own.has(name)));
  if (words.size === 0) return 1;
  const kept = new Set(answer.match(word));
  return [...words].filter((name) => kept.has(name)).length / words.size;
}

const word = /[\p{L}_$][\p{L}\p{N}_$]{2,}/gu;
