import type { Doubt } from "../../contracts/assist.ts";
import type { StopReason } from "../../contracts/common.ts";
import { wrongDepth } from "./indentation.ts";
import { hasSentences, type Lexicon, lexiconOf } from "./languages.ts";
import { declaredNames, mentions, wordsKept } from "./names.ts";
import { repeatsItself } from "./repetition.ts";
import { type Scan, scan } from "./scan.ts";

/** What is known when an answer is judged. */
export interface Rewrite {
  readonly languageId: string;
  /** The selection as the model saw it. */
  readonly original: string;
  readonly answer: string;
  readonly stop: StopReason;
  /** What the user asked for; empty when they only named the action. */
  readonly instruction: string;
  /** The document without the selection, to see what is used elsewhere. */
  readonly elsewhere: string;
}

const asksForLess =
  /\b(remove|delete|drop|shorten|short|simplif\w+|reduce|strip|inline|condense|compact|one.?liner|less|extract|only|clean|concise|merge|replace|convert|rewrite)\b/i;
const asksForNames = /\b(rename|name|remove|delete|drop|extract|merge|inline|split|convert|replace|rewrite|turn)\b/i;
const elision =
  /\brest of (?:the|your|this)\b|\byour (?:code|logic|implementation)(?: goes)? here\b|\b(?:code|implementation|logic) (?:goes )?here\b|\bomitted(?: for brevity)?\b|^\s*(?:\/\/|#|--|\/\*)\s*(?:\.{3}|…)/i;
/** Words that leave code out in a comment of a few words, and say something in a sentence. */
const shortElision =
  /\b(?:existing|remaining|previous|original|other) (?:code|methods?|functions?|implementation|logic|lines|properties|imports)\b|\b(?:remains?|stays?|is|are|left) (?:the same|unchanged)\b|\bunchanged\b|\bsame as (?:before|above|original)\b/i;
const commonWords = /\b(?:the|is|this|that|of|to|can|has|have|are|been|you|we|it|by|which|with|was|will|should|your|an?)\b/g;

/** Everything that speaks against putting an answer in place of the selection, the worst first. */
export function doubtsOfRewrite(rewrite: Rewrite): Doubt[] {
  const { original, answer, languageId, stop } = rewrite;
  if (answer.trim() === "") return [blocking("empty", "The model gave no code.")];
  if (answer === original) return [{ kind: "unchanged", message: "The model proposes no change.", blocks: false }];
  const lexicon = lexiconOf(languageId);
  const before = look(original, lexicon);
  const after = look(answer, lexicon);
  const found: (Doubt | undefined)[] = [
    hasSentences(languageId) ? undefined : prose(before, after),
    stop === "limit" || stop === "time" ? blocking("cut-off", "The answer reached its longest length before it was complete.") : undefined,
    stop === "stopped" ? blocking("cut-off", "The answer was stopped before it was complete.") : undefined,
    stop === "repeat" || repeatsItself(answer, original) ? blocking("repetition", "The answer repeats itself.") : undefined,
    otherScript(rewrite),
    elided(before, after),
    lexicon && brackets(before, after, () => look(rewrite.elsewhere, lexicon)),
    lexicon?.indentation ? depth(before, after) : undefined,
    lostName(rewrite, before, after),
    doubledName(rewrite, before, after, lexicon),
    shrunk(rewrite, before, after),
  ];
  return found.filter((doubt) => doubt !== undefined).sort((a, b) => Number(b.blocks) - Number(a.blocks));
}

/** What speaks against an explanation. */
export function doubtsOfExplanation(answer: string, stop: StopReason): Doubt[] {
  if (answer.trim() === "") return [blocking("empty", "The model gave no answer.")];
  const found: Doubt[] = [];
  if (stop === "limit" || stop === "time")
    found.push({ kind: "cut-off", message: "The answer reached its longest length and ends here.", blocks: false });
  if (stop === "repeat") found.push({ kind: "repetition", message: "The answer began to repeat itself and was stopped.", blocks: false });
  else if (repeatsItself(answer, "")) found.push({ kind: "repetition", message: "The answer repeats itself.", blocks: false });
  return found;
}

/** True where two pieces of code differ in blanks and comments alone. */
export function saysTheSame(one: string, other: string, languageId: string): boolean {
  const lexicon = lexiconOf(languageId);
  if (lexicon === undefined) return false;
  const lines = (text: string) => {
    const { comments } = look(text, lexicon);
    const code = Array.from(text, (character, at) => ((comments[at] ?? " ").trim() === "" ? character : " ")).join("");
    return contentLines(code).map((line) => line.trimEnd().replace(/(?<=\S)[ \t]+/g, " "));
  };
  return lines(one).join("\n") === lines(other).join("\n");
}

function blocking(kind: Doubt["kind"], message: string): Doubt {
  return { kind, message, blocks: true };
}

function look(text: string, lexicon: Lexicon | undefined): Scan {
  if (lexicon) return scan(text, lexicon);
  const comments = text.split("\n").filter((line) => /^\s*(?:#|\/\/|--|<!--|;|%)/.test(line));
  return { code: text, comments: comments.join("\n"), open: "", stray: "" };
}

/** Letters of languages that small models fall into; Greek ones stand in formulas. */
const scripts = [
  /\p{Script=Han}/u,
  /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  /\p{Script=Hangul}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Arabic}/u,
];

/** Words in a script that neither the user nor the file writes in. */
function otherScript({ original, answer, instruction, elsewhere }: Rewrite): Doubt | undefined {
  const isOther = (script: RegExp) => script.test(answer) && !script.test(original) && !script.test(elsewhere);
  if (instruction !== "" || !scripts.some(isOther)) return undefined;
  return blocking("prose", "The answer is in a language that this file does not use.");
}

function contentLines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

/** Sentences outside of comments and strings. */
function prose(before: Scan, after: Scan): Doubt | undefined {
  const known = new Set(contentLines(before.code).map((line) => line.trim()));
  const sentences = contentLines(after.code).filter((line) => isSentence(line) && !known.has(line.trim()));
  return sentences.length > 0 ? blocking("prose", "The answer has sentences in place of code.") : undefined;
}

function isSentence(line: string): boolean {
  const text = line.trim();
  if (/^#{1,4} \p{L}/u.test(text) || /^(?:\d+\.|[-*]) \*\*/.test(text)) return true;
  if (/[;{}=<>()[\]]\s*$/.test(text)) return false;
  const words = text.match(/[\p{L}'’]+/gu) ?? [];
  const common = text.match(commonWords) ?? [];
  return words.length >= 5 && common.length >= 2 && /^(?:[-*]\s|\d+\.\s)?[\p{Lu}`*]/u.test(text);
}

function elided(before: Scan, after: Scan): Doubt | undefined {
  const known = new Set(contentLines(`${before.comments}\n${before.code}`).map((line) => line.trim()));
  const gap = contentLines(after.comments).find((line) => !known.has(line.trim()) && leavesOut(line));
  const dots = contentLines(after.code).find((line) => /^(?:\.{3}|…)$/.test(line.trim()) && !known.has(line.trim()));
  const found = (gap ?? dots)?.trim().slice(0, 80);
  return found === undefined ? undefined : blocking("elision", `The answer leaves code out: “${found}”.`);
}

function leavesOut(comment: string): boolean {
  return elision.test(comment) || (shortElision.test(comment) && (comment.match(/[\p{L}'’]+/gu) ?? []).length <= 7);
}

function brackets(before: Scan, after: Scan, elsewhere: () => Scan): Doubt | undefined {
  if (after.open === before.open && after.stray === before.stray) return undefined;
  // The selection was broken, and is no more: the rest of the document closes nothing of it.
  if (isBalanced(after) && isBalanced(elsewhere())) return undefined;
  if (after.open.length > before.open.length && after.stray === before.stray)
    return blocking("cut-off", `The answer ends before everything is closed: “${after.open}” is left open.`);
  return blocking("syntax", "The brackets of the answer do not match.");
}

function isBalanced({ open, stray }: Scan): boolean {
  return open === "" && stray === "";
}

function depth(before: Scan, after: Scan): Doubt | undefined {
  const line = wrongDepth(after.code);
  return line !== undefined && wrongDepth(before.code) === undefined
    ? blocking("syntax", `Line ${line} of the answer is not indented as it must be.`)
    : undefined;
}

function lostName({ instruction, elsewhere }: Rewrite, before: Scan, after: Scan): Doubt | undefined {
  const lost = declaredNames(before.code).filter(
    ({ name, public: isPublic }) => !mentions(after.code, name) && (isPublic || mentions(elsewhere, name)),
  );
  const names = [...new Set(lost.map(({ name }) => `“${name}”`))];
  if (names.length === 0) return undefined;
  const message = `${names.slice(0, 3).join(", ")} ${names.length === 1 ? "is" : "are"} no longer there.`;
  return { kind: "lost-name", message, blocks: !asksForNames.test(instruction) };
}

/** Small models like to write the neighbours of the selection once more. */
function doubledName({ elsewhere }: Rewrite, before: Scan, after: Scan, lexicon: Lexicon | undefined): Doubt | undefined {
  const own = new Set(declaredNames(before.code).map(({ name }) => name));
  const added = declaredNames(after.code).filter((entry) => entry.public && !own.has(entry.name));
  if (added.length === 0) return undefined;
  const there = new Set(declaredNames(look(elsewhere, lexicon).code).map(({ name }) => name));
  const doubled = added.find(({ name }) => there.has(name));
  return doubled && blocking("repetition", `“${doubled.name}” is written once more; it stands elsewhere in the file.`);
}

/** Fewer lines may be the very improvement; fewer lines that do not speak of the same things any more are not. */
function shrunk({ instruction }: Rewrite, before: Scan, after: Scan): Doubt | undefined {
  const had = contentLines(before.code).length;
  const has = contentLines(after.code).length;
  const gone = 1 - has / had;
  if (had < 6 || gone <= 0.3) return undefined;
  const kept = wordsKept(before.code, after.code);
  const size = solid(after.code) / solid(before.code);
  const blocks = !asksForLess.test(instruction) && (kept < 0.5 || (size < 0.55 && kept < 0.8));
  return { kind: "shrunk", message: `${Math.round(gone * 100)} % of the lines are gone.`, blocks };
}

function solid(code: string): number {
  return code.replace(/\s+/g, "").length;
}
