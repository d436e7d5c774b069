import { existsSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { withDocumentation } from "#core/assist/documentation";
import { findAction } from "#core/assist/index";
import { linesOf } from "#core/assist/title";
import { describeError } from "#core/base/errors";
import type { AssistPlace } from "#core/contracts/assist";
import type { ModelRole } from "#core/contracts/common";
import type { Invocation } from "../command.ts";
import { type Document, readDocument, workspaceAround } from "../document.ts";
import { type LineRange, parseLineRange } from "../place.ts";
import { selectionOf } from "./assist.ts";

/** An action that goes through files. */
export interface ActionOnFiles {
  readonly id: string;
  readonly instruction?: string | undefined;
  /** What is written may be run. */
  readonly verify?: boolean;
  readonly role?: ModelRole;
  /** Languages it is for; all without. */
  readonly languages?: readonly string[];
}

/** A file with the places an action is asked about. */
export interface FilePlan {
  /** As it is shown: from the current folder. */
  readonly name: string;
  readonly document?: Document;
  readonly places: readonly AssistPlace[];
  /** Why there are none. */
  readonly reason?: string;
  /** Why nothing can be done with it. */
  readonly error?: ReturnType<typeof describeError>;
}

/** True for FILE:FROM-TO and FILE:LINE, unless a file is called so. */
export function namesLines(text: string): boolean {
  return /:\d{1,9}(?:-\d{1,9})?$/.test(text) && !existsSync(text);
}

/** True where a folder lies at a path. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

interface Named {
  readonly path: string;
  readonly ranges: LineRange[];
  /** False for one that was found in a folder, of which nothing is said where there is nothing to do. */
  isNamed: boolean;
}

/** Finds what an action is to be asked about in files, folders and lines as they are named; what fails for one file is told with it. */
export async function planFiles(invocation: Invocation, action: ActionOnFiles, named: readonly string[]): Promise<readonly FilePlan[]> {
  const plans: FilePlan[] = [];
  const files = await filesOf(invocation, named);
  for (const [index, file] of files.entries()) {
    invocation.signal.throwIfAborted();
    const name = relative(process.cwd(), file.path) || file.path;
    invocation.terminal.progress(`Looking through ${name} (${index + 1} of ${files.length})`);
    try {
      const plan = await planFile(invocation, action, file);
      if (plan.places.length > 0 || file.isNamed) plans.push({ name, ...plan });
    } catch (error) {
      invocation.signal.throwIfAborted();
      plans.push({ name, places: [], error: describeError(error) });
    }
  }
  invocation.terminal.progress("");
  return plans;
}

async function filesOf(invocation: Invocation, named: readonly string[]): Promise<readonly Named[]> {
  const found = new Map<string, Named>();
  const add = (path: string, isNamed: boolean): Named => {
    const known = found.get(path) ?? { path, ranges: [], isNamed };
    known.isNamed ||= isNamed;
    found.set(path, known);
    return known;
  };
  for (const text of named) {
    if (namesLines(text)) {
      const range = parseLineRange(text);
      add(resolve(range.file), true).ranges.push(range);
    } else if (isFolder(text)) {
      const folder = resolve(text);
      const engine = await invocation.client();
      const { files, full } = await engine.assist.codeFiles({ folder, workspace: await workspaceAround(folder) });
      for (const path of files) add(path, false);
      if (files.length === 0) invocation.terminal.note(`${text} has no files of code that are not excluded.`);
      if (full) invocation.terminal.note(`${text} has more than ${files.length} files of code; the others are left out.`);
    } else add(resolve(text), true);
  }
  return [...found.values()];
}

async function planFile(
  invocation: Invocation,
  { id, instruction, languages = [] }: ActionOnFiles,
  { path, ranges }: Named,
): Promise<Omit<FilePlan, "name">> {
  const document = await readDocument(path);
  const { languageId, workspace, text } = document;
  if (languages.length > 0 && !languages.includes(languageId))
    return { document, places: [], reason: "It is not in a language of the action." };
  if (ranges.length > 0) return { document, places: await placesOf(invocation, id, document, ranges) };
  const engine = await invocation.client();
  return { document, ...(await engine.assist.places({ action: id, path, languageId, workspace, text, instruction })) };
}

/** Lines that are named, in the order of the file. */
async function placesOf(invocation: Invocation, action: string, document: Document, ranges: readonly LineRange[]): Promise<AssistPlace[]> {
  const { text, languageId } = document;
  const places: AssistPlace[] = [];
  for (const range of ranges) {
    const selected = await selectionOf(invocation, document, range);
    const { start, end } = findAction(action)?.takesDocumentation ? withDocumentation(text, selected, languageId) : selected;
    const lines = linesOf(text, { start, end });
    places.push({ start, end, lines, name: `lines ${lines.from}–${lines.to}` });
  }
  return places.sort((a, b) => a.start - b.start);
}

/** The folder that the paths of a patch are within: the repository of all files, else the folder around them. */
export function patchFolder(documents: readonly Pick<Document, "workspace">[]): string {
  const [first, ...others] = new Set(documents.map(({ workspace }) => workspace));
  let folder = first ?? process.cwd();
  while (!others.every((other) => other === folder || other.startsWith(join(folder, "/")))) {
    const above = resolve(folder, "..");
    if (above === folder) break;
    folder = above;
  }
  return folder;
}
