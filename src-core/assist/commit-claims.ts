import type { ChangedFile } from "../git/changed-files.ts";
import { mentions } from "./checks/names.ts";
import { lastPart } from "./commit-facts.ts";

/** Words that say nothing about which file is meant. */
const common = new Set(
  "add adds added adding change changes changed update updates updated remove removes removed improve improves refactor refactors fix fixes make makes create creates implement implements introduce ensure ensures function functions method methods class classes test tests case cases code file files with that from when into this these more handle handles support value values return returns line lines comment comments documentation docs readability better clean cleanup rename move feature logic".split(
    " ",
  ),
);

/** Files that are never what a change is about, but what goes with it. */
const alongside = /(^|\/)(changelog|changes|history)(\.\w+)?$|(^|\/)[\w.-]*lock(\.\w+)?$|(^|\/)package-lock\.json$|\.snap$/i;

/**
 * The files of a change of which a subject says nothing. Where it names a file, or what one declares, it speaks of that, of its tests, and
 * of where the name is used; else of every file in which one of its words occurs. A subject that could be of anything is of all of them.
 */
export function filesLeftOut(subject: string, files: readonly ChangedFile[]): readonly ChangedFile[] {
  const names = files.flatMap((file) => namesOf(file).filter((name) => mentions(subject, name)));
  const named = files.filter((file) => namesOf(file).some((name) => names.includes(name)));
  const words = names.length > 0 ? [] : wordsOf(subject);
  if (names.length === 0 && !files.some((file) => isAbout(file, words))) return [];
  const isSpokenOf = (file: ChangedFile) =>
    named.includes(file) ||
    named.some((one) => subjectName(one.path) === subjectName(file.path)) ||
    names.some((name) => [...file.added, ...file.removed].some((line) => mentions(line, name))) ||
    isAbout(file, words);
  return files.filter((file) => !alongside.test(file.path) && !isSpokenOf(file));
}

/** True where a message says each file's name, or that of something in it that changes. */
export function namesAll(message: string, files: readonly ChangedFile[]): boolean {
  return files.every((file) => namesOf(file).some((name) => mentions(message, name)));
}

/** True where a sentence claims what the change cannot be: what it adds where nothing comes, what it names and is not there. */
export function isUntrue(sentence: string, files: readonly ChangedFile[], diff: string): boolean {
  const adds = files.some(({ added, kind }) => added.length > 0 || kind === "added" || kind === "renamed");
  const removes = files.some(({ removed, kind }) => removed.length > 0 || kind === "removed" || kind === "renamed");
  if (/^(?:add|create|introduce|implement)\b/i.test(sentence) && !adds) return true;
  if (/^(?:remove|delete|drop)\b/i.test(sentence) && !removes) return true;
  return codeWords(sentence).some((word) => !diff.includes(word));
}

/** What a sentence says in the language of code: in backticks, in camel case, with underscores, or as the name of a file. */
function codeWords(sentence: string): readonly string[] {
  const quoted = Array.from(sentence.matchAll(/`([\w$./-]+)(?:\(\))?`/g), ([, word = ""]) => word);
  const written = sentence.match(/\b(?:[a-z]+(?:[A-Z][a-z0-9]+)+|\w+_\w+|[\w/-]+\.(?:[cm]?[jt]sx?|py|go|rs|java|md|json))\b/g) ?? [];
  // Node.js is no file.
  return [...quoted, ...written].map(lastPart).filter((word) => !/^[A-Z][a-z]+\.js$/.test(word));
}

function namesOf({ path, declares }: ChangedFile): readonly string[] {
  const declared = [...declares.added, ...declares.changed, ...declares.removed].filter((name) => name.length >= 4);
  return [lastPart(path), ...declared];
}

/** What a file and its tests have in common by name: "cart" of cart.ts, cart.test.ts, test_cart.py and cart_test.go. */
function subjectName(path: string): string {
  return lastPart(path)
    .replace(/^test_/, "")
    .replace(/(?:[._-](?:test|tests|spec))?\.\w+$/i, "");
}

function wordsOf(subject: string): readonly string[] {
  const words = subject.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [];
  return words.filter((word) => !common.has(word)).map((word) => word.replace(/(?<=.{4})(?:s|ed|ing)$/, ""));
}

function isAbout({ path, added, removed, declares }: ChangedFile, words: readonly string[]): boolean {
  const all = [path, ...added, ...removed, ...Object.values(declares).flat()].join("\n").toLowerCase();
  return words.some((word) => all.includes(word));
}
