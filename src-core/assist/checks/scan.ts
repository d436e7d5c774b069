import type { Lexicon } from "./languages.ts";

/** Code with the inside of strings and comments blanked out, at the same places, and what its brackets say. */
export interface Scan {
  readonly code: string;
  /** Comments alone, everything else blanked out. */
  readonly comments: string;
  /** Brackets that are never closed, for example "({"; a string or comment left open adds its opening. */
  readonly open: string;
  /** Closing brackets that nothing opened, or that close something else. */
  readonly stray: string;
}

const openedBy: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Finds brackets, strings and comments. Light on purpose: it compares an answer with its original, it is no parser. */
export function scan(text: string, lexicon: Lexicon): Scan {
  const code: string[] = [];
  const comments: string[] = [];
  // Open brackets; "`" stands for the ${ of a template.
  const stack: string[] = [];
  let stray = "";
  let unfinished = "";
  /** The last word or sign of the code, which tells whether a slash divides. */
  let before = "";
  let at = 0;

  const startsWith = (token: string) => text.startsWith(token, at);
  const take = (length: number, kind: "code" | "comment" | "string") => {
    const part = text.slice(at, at + length);
    const blank = part.replace(/[^\n]/g, " ");
    code.push(kind === "code" ? part : blank);
    comments.push(kind === "comment" ? part : blank);
    at += length;
  };

  function takeLongString(quote: string, opening: number): void {
    take(opening, "string");
    before = quote;
    while (at < text.length) {
      if (startsWith(quote)) {
        take(quote.length, "string");
        return;
      }
      if (quote === "`" && lexicon.regularExpressions && startsWith("${")) {
        stack.push("`");
        before = "{";
        take(2, "string");
        return;
      }
      take(text[at] === "\\" ? 2 : 1, "string");
    }
    unfinished += quote;
  }

  function takeCode(character: string): void {
    if ("([{".includes(character)) stack.push(character);
    else if (openedBy[character]) {
      if (stack.at(-1) === openedBy[character]) stack.pop();
      else stray += character;
    }
    if (/[\w$]/.test(character)) before = /[\w$]/.test(text[at - 1] ?? "") ? before + character : character;
    else if (character.trim() !== "") before = character;
    take(1, "code");
  }

  while (at < text.length) {
    const character = text[at] as string;
    const comment = lexicon.blockComments.find(([open]) => startsWith(open));
    const long = lexicon.longStrings.find(startsWith);
    if (comment) {
      const end = text.indexOf(comment[1], at + comment[0].length);
      if (end === -1) unfinished += comment[0];
      take(end === -1 ? text.length - at : end + comment[1].length - at, "comment");
    } else if (lexicon.lineComments.some(startsWith)) {
      const end = text.indexOf("\n", at);
      take((end === -1 ? text.length : end) - at, "comment");
    } else if (long) takeLongString(long, long.length);
    else if (character === "}" && stack.at(-1) === "`") {
      stack.pop();
      takeLongString("`", 1);
    } else if (lexicon.quotes.includes(character) && !isApostrophe(text, at)) {
      take(endOfString(text, at) - at, "string");
      before = character;
    } else if (character === "/" && lexicon.regularExpressions && maySlashBegin(before) && endOfExpression(text, at) > at) {
      take(endOfExpression(text, at) - at, "string");
      before = "/";
    } else takeCode(character);
  }
  return { code: code.join(""), comments: comments.join(""), open: stack.join("") + unfinished, stray };
}

/** An apostrophe in a word or number: in text between tags, or 1'000. A string may follow a prefix as in f'…'. */
function isApostrophe(text: string, at: number): boolean {
  if (text[at] !== "'" || !/[A-Za-z0-9]/.test(text[at + 1] ?? "")) return false;
  if (/\d/.test(text[at - 1] ?? "")) return true;
  const word = /[A-Za-z]*$/.exec(text.slice(Math.max(0, at - 20), at))?.[0] ?? "";
  return word !== "" && !/^(?:[rbfu]|[rbf]{2}|u8|L)$/i.test(word);
}

function endOfString(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === "\n") return at;
  }
  return text.length;
}

function maySlashBegin(before: string): boolean {
  return /^(?:|[(,=:[!&|?{};+\-*%~^]|return|typeof|case|in|of|delete|void|throw|await|yield)$/.test(before);
}

/** Where a regular expression ends, flags included; its start where there is none on this line. */
function endOfExpression(text: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "[") inClass = true;
    else if (text[at] === "]") inClass = false;
    else if (text[at] === "/" && !inClass) return at + 1 + (/^[a-z]*/.exec(text.slice(at + 1))?.[0].length ?? 0);
  }
  return start;
}
