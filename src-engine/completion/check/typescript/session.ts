import { dirname } from "node:path/posix";
import { getHeapStatistics } from "node:v8";
import type { Place, SuggestionPlace, Verdict } from "../place.ts";
import { configurationOf } from "./configuration.ts";
import { openDocument } from "./document.ts";
import { createFiles, type Files } from "./files.ts";
import { parseAlone, seatGuest } from "./guest.ts";
import { scriptPath } from "./languages.ts";
import { openLibraries } from "./libraries.ts";
import { missingName } from "./names.ts";
import { createProject, type Project, type ProjectDocument, type Resident } from "./project.ts";
import { breaksSyntax, faultsOf } from "./syntax.ts";

/** The checks of TypeScript and JavaScript, as they run in a thread of their own. */
export interface Session {
  /** Reads what a check of this document will need: seconds the first time, next to nothing later. */
  warm(place: Place): void;
  /** Checks a suggestion with what is there; a document not yet warmed is looked at for its syntax alone. */
  check(place: SuggestionPlace): Verdict;
}

/** Configurations whose programs are kept, documents whose unsaved text is, and folders. */
const most = { projects: 2, documents: 16, roots: 4 } as const;
/** Characters around the cursor whose types are looked up before a suggestion needs them. */
const lookAhead = 3_000;

/** Bytes of memory at which no further file is read: some 3,000 ordinary ones. */
const mostMemory = 700_000_000;

/** Creates a {@link Session}. */
export function createSession(memory = mostMemory): Session {
  const libraries = openLibraries();
  const unsavedTexts = new Map<string, { readonly text: string; readonly version: number; readonly at: number }>();
  const projects = new Map<string, { readonly project: Project; readonly root: string }>();
  const filesOf = new Map<string, Files>();
  const configurations = new Map<string, { readonly key: string; readonly at: number }>();
  let versions = 0;
  let around: { readonly at: number; readonly path: string; readonly resident: Resident } | undefined;

  const hasRoom = () => getHeapStatistics().used_heap_size < memory;

  function unsaved(path: string, files: Files) {
    const found = unsavedTexts.get(path);
    // Once saved, or changed by somebody else, the disk is right.
    return found !== undefined && files.changed(path) <= found.at ? found : undefined;
  }

  function remember(path: string, text: string): void {
    if (unsavedTexts.get(path)?.text === text) return;
    unsavedTexts.delete(path);
    unsavedTexts.set(path, { text, version: -++versions, at: Date.now() });
    const [oldest] = unsavedTexts.keys();
    if (unsavedTexts.size > most.documents && oldest !== undefined) unsavedTexts.delete(oldest);
  }

  function projectOf(path: string, root: string, files: Files): Project {
    const known = configurations.get(path);
    const open = known && Date.now() - known.at < 10_000 ? projects.get(known.key) : undefined;
    if (open !== undefined) return open.project;
    const configuration = configurationOf(path, root, files);
    const key = `${configuration.key}\n${JSON.stringify(configuration.options)}`;
    configurations.set(path, { key, at: Date.now() });
    const project =
      projects.get(key)?.project ?? createProject(configuration, root, files, libraries, (other) => unsaved(other, files), hasRoom);
    projects.delete(key);
    projects.set(key, { project, root });
    for (const [old] of projects) if (projects.size > (hasRoom() ? most.projects : 1)) projects.delete(old);
    return project;
  }

  /** True where the types around a place were looked up a moment ago. */
  function isKnownAround(at: number, path: string, resident: Resident): boolean {
    const near = around?.resident === resident && around.path === path && Math.abs(around.at - at) < lookAhead / 3;
    if (near) return true;
    around = { at, path, resident };
    return false;
  }

  function openPlace(place: Place) {
    const path = scriptPath(place.path, place.languageId);
    const root = place.workspace === undefined ? dirname(path) : place.workspace.replaceAll("\\", "/").replace(/\/+$/, "");
    const files = filesOf.get(root) ?? createFiles(root);
    filesOf.set(root, files);
    for (const [old] of filesOf) if (filesOf.size > most.roots) filesOf.delete(old);
    return { path, root, files, document: openDocument(place, files.read(path)) };
  }

  return {
    warm(place) {
      const { path, root, files, document } = openPlace(place);
      const text = document.before + document.after;
      if (!document.whole) return;
      remember(path, text);
      const file: ProjectDocument = { path, languageId: place.languageId, text };
      const resident = projectOf(path, root, files).prepare(file);
      const at = document.before.length;
      if (isKnownAround(at, path, resident)) return;
      const guest = parseAlone(file, resident.program.getSourceFile(path)?.impliedNodeFormat);
      if (!seatGuest(guest, resident)) return;
      missingName(guest, resident, { start: at - lookAhead, end: at + lookAhead / 3 }, { undeclared: false, describedOnly: false });
      resident.looked += 1;
    },

    check(place) {
      const { path, root, files, document } = openPlace(place);
      const { before, after } = document;
      const text = place.text.replaceAll("\r\n", "\n");
      const file = (content: string): ProjectDocument => ({ path, languageId: place.languageId, text: content });
      const resident = document.whole ? projectOf(path, root, files).resident(path) : undefined;
      const inserted = parseAlone(
        file(before + text + after.slice(place.replaces)),
        resident?.program.getSourceFile(path)?.impliedNodeFormat,
      );
      if (faultsOf(inserted).length > 0) {
        const known = faultsOf(parseAlone(file(before + after)));
        const change = { before, text, replaces: place.replaces };
        if (breaksSyntax(change, (content) => parseAlone(file(content)), inserted, known)) return "broken";
      }
      if (!document.whole) return "passed";
      if (resident === undefined || !seatGuest(inserted, resident)) return "late";
      resident.looked += 1;
      const range = { start: before.length, end: before.length + text.length };
      const isTyped = place.languageId.startsWith("typescript");
      const rules = { undeclared: isTyped && resident.isComplete, describedOnly: !isTyped };
      return missingName(inserted, resident, range, rules) === undefined ? "passed" : "broken";
    },
  };
}
