import { lexiconOf } from "../assist/checks/languages.ts";
import { declaredNames } from "../assist/checks/names.ts";
import { scan } from "../assist/checks/scan.ts";
import { codeLanguageOf, familyOf } from "../context/languages.ts";

/** Where a file was spoken of, the nearest to a block of code first; `elsewhere` where it is only known to be in the project. */
export type SpokenOf = "answer" | "question" | "thread" | "elsewhere";

/** A file that code of an answer may be meant for. */
export interface FileForBlock {
  readonly languageId: string;
  readonly text: string;
  /** True for the one in the editor. */
  readonly isShown: boolean;
  readonly spokenOf: SpokenOf;
}

/** A file and what speaks for it most. */
export interface PossibleFile<File> {
  readonly file: File;
  readonly because: "defines" | "answer" | "question" | "thread" | "shown";
}

/** Which files a block may be meant for, the likeliest first; `certain` where nothing speaks against the first. */
export interface FilesForBlock<File> {
  readonly certain?: File;
  readonly possible: readonly PossibleFile<File>[];
}

/**
 * Decides which file a block without a name is meant for. Three things tell: what the block declares and a file has already, where a file
 * is spoken of, and the language. Where they do not agree nobody knows, and the user is to say it.
 */
export function filesForBlock<File extends FileForBlock>(
  { code, language }: { readonly code: string; readonly language: string },
  files: readonly File[],
): FilesForBlock<File> {
  const fitting = files.filter(({ languageId }) => fits(language, languageId));
  const named = nearest(fitting);
  const defining = definingFiles(code, fitting);
  // A name that is spoken of with its file is not that of a file of which nobody spoke.
  const meant = named.length === 0 ? defining : defining.filter((file) => named.includes(file));
  const certain = defining.length > 0 ? (isNews(meant) ? undefined : onlyOne(meant)) : certainByTalk(fitting, named);
  const possible = fitting
    .filter((file) => defining.includes(file) || file.spokenOf !== "elsewhere" || file.isShown)
    .map((file) => ({ file, because: defining.includes(file) ? ("defines" as const) : becauseOf(file) }))
    .sort((one, other) => rank(one) - rank(other));
  return { ...(certain && { certain }), possible };
}

/** The files that have the most of what a block declares. Others of the project count only where none of those spoken of has any. */
function definingFiles<File extends FileForBlock>(code: string, files: readonly File[]): readonly File[] {
  const declared = new Map(files.map((file) => [file, declaredAgain(code, file)]));
  const best = (among: readonly File[]) => {
    const most = Math.max(0, ...among.map((file) => declared.get(file) ?? 0));
    return most === 0 ? [] : among.filter((file) => declared.get(file) === most);
  };
  const known = best(files.filter(({ spokenOf, isShown }) => isShown || spokenOf !== "elsewhere"));
  return known.length > 0 || nearest(files).length > 0 ? known : best(files);
}

/** True of files that neither the talk nor the editor has shown to the user yet. */
function isNews(files: readonly FileForBlock[]): boolean {
  return files.some(({ isShown, spokenOf }) => !isShown && spokenOf === "elsewhere");
}

/** New code belongs into the only file that is spoken of, and where none is, into the one that is shown. */
function certainByTalk<File extends FileForBlock>(files: readonly File[], named: readonly File[]): File | undefined {
  const shown = files.find(({ isShown }) => isShown);
  if (named.length === 0) return shown?.spokenOf === "thread" || files.every(({ spokenOf }) => spokenOf !== "thread") ? shown : undefined;
  const only = onlyOne(named);
  return only?.isShown || only?.spokenOf === "answer" ? only : undefined;
}

function onlyOne<File>([first, ...more]: readonly File[]): File | undefined {
  return more.length === 0 ? first : undefined;
}

/** The files that the answer names; where it names none, those of the question. */
function nearest<File extends FileForBlock>(files: readonly File[]): readonly File[] {
  const ofAnswer = files.filter(({ spokenOf }) => spokenOf === "answer");
  return ofAnswer.length > 0 ? ofAnswer : files.filter(({ spokenOf }) => spokenOf === "question");
}

function becauseOf({ spokenOf, isShown }: FileForBlock): PossibleFile<never>["because"] {
  return spokenOf === "elsewhere" || (spokenOf === "thread" && isShown) ? "shown" : spokenOf;
}

function rank({ file, because }: PossibleFile<FileForBlock>): number {
  return ["defines", "answer", "question", "shown", "thread"].indexOf(because) + (file.isShown ? 0 : 0.5);
}

/** How many of the names that a block declares the file declares as well, on whatever level: a block may be one method of a class. */
function declaredAgain(code: string, { languageId, text }: FileForBlock): number {
  const there = new Set(namesIn(text.replace(/^[ \t]+/gm, ""), languageId));
  return namesDeclared(code, languageId).filter((name) => there.has(name)).length;
}

/** What a block declares to be used elsewhere. */
export function namesDeclared(code: string, languageId: string): readonly string[] {
  return [...new Set(namesIn(unindented(code), languageId))].filter((name) => !frames.has(name));
}

/** Calls around tests look like methods, and stand in every file of tests. */
const frames = new Set(["describe", "it", "test", "beforeEach", "afterEach", "beforeAll", "afterAll"]);

function namesIn(text: string, languageId: string): readonly string[] {
  const lexicon = lexiconOf(languageId);
  return declaredNames(lexicon ? scan(text, lexicon).code : text).flatMap(({ name, public: isPublic }) => (isPublic ? [name] : []));
}

/** Code without the indent that all of its lines have. */
function unindented(code: string): string {
  const lines = code.split("\n");
  const indent = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0)).join("\n");
}

/** What stands after a fence and is neither the language's id nor the end of its files' names. */
const aliases: Readonly<Record<string, string>> = {
  "c#": "csharp",
  "c++": "cpp",
  console: "shellscript",
  golang: "go",
  htm: "html",
  jsonc: "json",
  kt: "kotlin",
  md: "markdown",
  pwsh: "powershell",
  scss: "css",
  shell: "shellscript",
  less: "css",
  yml: "yaml",
  zsh: "shellscript",
};

/** True where code in a fence may stand in a file of that language; models leave the word after the fence out, too. */
function fits(fence: string, languageId: string): boolean {
  if (fence === "" || languageId === "plaintext") return true;
  const one = languageIn(fence.toLowerCase());
  const other = languageIn(languageId);
  const family = familyOf(one);
  return one === other || (family !== undefined && family === familyOf(other));
}

function languageIn(word: string): string {
  return (Object.hasOwn(aliases, word) ? aliases[word] : undefined) ?? codeLanguageOf(`a.${word}`) ?? word;
}
