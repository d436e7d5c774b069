import { dirname } from "node:path/posix";
import type ts from "typescript-language-service";
import type { Diagnosis, Place, SuggestionPlace, Verdict } from "../place.ts";
import { configurationOf } from "./configuration.ts";
import { errorsOf, newDiagnostic } from "./diagnose.ts";
import { openDocument } from "./document.ts";
import { createFiles, type Files } from "./files.ts";
import { parseAlone, seatGuest } from "./guest.ts";
import { scriptPath } from "./languages.ts";
import { openLibraries } from "./libraries.ts";
import { missingName, type NameRules, type Range } from "./names.ts";
import { createProject, type Project, type ProjectDocument, type Resident } from "./project.ts";
import { breaksSyntax, faultsOf } from "./syntax.ts";

/** The checks of TypeScript and JavaScript, as they run in a thread of their own. */
export interface Session {
  /** Reads what a check of this document will need: seconds the first time, next to nothing later. */
  warm(place: Place): void;
  /** Checks a suggestion with what is there; a document not yet warmed is looked at for its syntax alone. */
  check(place: SuggestionPlace): Verdict;
  /** What the compiler says of the document with the text in it and did not say before; undefined where it says nothing, or nothing is known. */
  diagnose(place: SuggestionPlace): Diagnosis | undefined;
  /** What the compiler says is wrong in the document; nothing where it knows too little. */
  errors(place: Place): readonly Diagnosis[];
}

/** Configurations whose programs are kept, documents whose unsaved text is, and folders. */
const most = { projects: 2, documents: 16, roots: 4 } as const;
/** Characters around the cursor whose types are looked up before a suggestion needs them. */
const lookAhead = 3_000;
/** Milliseconds for which a configuration is taken to be as it was. */
const restful = 30_000;
/** Characters of source that one project holds beside the library: each takes some 15 bytes of memory as a tree. */
const mostSource = 20_000_000;

interface NameQuestion {
  readonly file: ts.SourceFile;
  readonly range: Range;
  readonly rules: NameRules;
}

/** Creates a {@link Session}. */
export function createSession(mostText = mostSource): Session {
  const libraries = openLibraries();
  const unsavedTexts = new Map<string, { readonly text: string; readonly version: number; readonly at: number }>();
  const projects = new Map<string, Project>();
  const filesOf = new Map<string, Files>();
  const configurations = new Map<string, { readonly key: string; readonly at: number }>();
  let versions = 0;
  let around: { readonly at: number; readonly path: string; readonly resident: Resident } | undefined;

  function unsaved(path: string, files: Files) {
    const found = unsavedTexts.get(path);
    // Once saved, or changed by somebody else, the disk is right.
    return found !== undefined && files.changed(path) <= found.at ? found : undefined;
  }

  function remember(path: string, text: string): void {
    if (unsavedTexts.get(path)?.text === text) return;
    keepNewest(unsavedTexts, path, { text, version: -++versions, at: Date.now() }, most.documents);
  }

  /** The project of a document, with its configuration read anew now and then. */
  function projectOf(path: string, root: string, files: Files): Project {
    const known = configurations.get(path);
    const open = known && Date.now() - known.at < restful ? projects.get(known.key) : undefined;
    if (open !== undefined) return open;
    const configuration = configurationOf(path, root, files);
    const key = `${configuration.key}\n${JSON.stringify(configuration.options)}`;
    const project = projects.get(key) ?? createProject(configuration, root, files, libraries, (other) => unsaved(other, files), mostText);
    keepNewest(configurations, path, { key, at: Date.now() }, most.documents);
    keepNewest(projects, key, project, most.projects);
    return project;
  }

  /** The project of a document that was warmed. */
  function openProject(path: string): Project | undefined {
    return projects.get(configurations.get(path)?.key ?? "");
  }

  /** Asks the checker about a document; one that fails in the middle of something may be wrong from then on, and is given up. */
  function missingIn(project: Project, resident: Resident, { file, range, rules }: NameQuestion): string | undefined {
    resident.looked += file.text.length;
    try {
      return missingName(file, resident, range, rules);
    } catch (error) {
      project.forget();
      throw error;
    }
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
    keepNewest(filesOf, root, files, most.roots);
    return { path, root, files, document: openDocument(place, files.read(path)) };
  }

  /** Looks at a whole document among all that it needs; undefined where what the compiler says would say nothing. */
  function withWhole<Result>(
    place: Place,
    look: (document: ProjectDocument, resident: Resident, parts: { readonly before: string; readonly after: string }) => Result,
  ): Result | undefined {
    const { path, root, files, document } = openPlace(place);
    // Without types, or without all that is declared, most of what is said is about what was not read.
    if (!document.whole || !place.languageId.startsWith("typescript")) return undefined;
    const original: ProjectDocument = { path, languageId: place.languageId, text: document.before + document.after };
    remember(path, original.text);
    const project = projectOf(path, root, files);
    const resident = project.prepare(original);
    if (!resident.isComplete) return undefined;
    try {
      return look(original, resident, document);
    } finally {
      // A whole document was looked at in the place of another: the checker is not asked again.
      project.forget();
    }
  }

  return {
    diagnose: (place) =>
      withWhole(place, (original, resident, { before, after }) => {
        const changed = { ...original, text: before + place.text.replaceAll("\r\n", "\n") + after.slice(place.replaces) };
        return newDiagnostic(original, changed, resident);
      }),

    errors: (place) => withWhole(place, errorsOf) ?? [],

    warm(place) {
      const { path, root, files, document } = openPlace(place);
      const text = document.before + document.after;
      if (!document.whole) return;
      remember(path, text);
      const file: ProjectDocument = { path, languageId: place.languageId, text };
      const project = projectOf(path, root, files);
      const resident = project.prepare(file);
      const at = document.before.length;
      if (isKnownAround(at, path, resident)) return;
      const guest = parseAlone(file, resident.program.getSourceFile(path)?.impliedNodeFormat);
      if (!seatGuest(guest, resident)) return;
      const range = { start: at - lookAhead, end: at + lookAhead / 3 };
      missingIn(project, resident, { file: guest, range, rules: { undeclared: false, describedOnly: false } });
    },

    check(place) {
      const { path, document } = openPlace(place);
      const { before, after } = document;
      const text = place.text.replaceAll("\r\n", "\n");
      const file = (content: string): ProjectDocument => ({ path, languageId: place.languageId, text: content });
      const project = document.whole ? openProject(path) : undefined;
      const resident = project?.resident(path);
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
      if (project === undefined || resident === undefined || !seatGuest(inserted, resident)) return "late";
      const range = { start: before.length, end: before.length + text.length };
      const isTyped = place.languageId.startsWith("typescript");
      const rules = { undeclared: isTyped && resident.isComplete, describedOnly: !isTyped };
      return missingIn(project, resident, { file: inserted, range, rules }) === undefined ? "passed" : "broken";
    },
  };
}

/** Keeps an entry as the newest of so many. */
function keepNewest<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const old of map.keys()) if (map.size > most) map.delete(old);
}
