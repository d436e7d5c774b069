import { type Definition, definitionChunk, type LocatedDefinition, memberChunk } from "./definition.ts";
import type { Reach } from "./languages.ts";
import type { Neighbourhood } from "./neighbourhood.ts";
import { type Observed, observedChunks } from "./observations.ts";
import { type Chunk, cutChunk, type RingLimits } from "./ring.ts";

/** An import whose files are known. */
export interface ResolvedImport {
  readonly paths: readonly string[];
  readonly names: readonly string[];
}

/** What is known of the project, to be asked without waiting. */
export interface Knowledge {
  readonly observed: readonly Observed[];
  readonly imports: readonly ResolvedImport[];
  readonly reach: Reach;
  /** Definitions of that name, or with a member of that name. */
  named(name: string): readonly LocatedDefinition[];
  /** What a file defines. */
  in(path: string): readonly Definition[];
}

/** Names near the cursor that are looked up. */
const mostNames = 60;
/** Definitions of one imported file that are offered where nothing says which of them are used. */
const mostOfFile = 6;
/** A name that is defined in more files than this says nothing. */
const mostFiles = 2;

/** What could stand in a ring, in the order of its worth: edits, definitions of what is named, of what is imported, views, copies. */
export function candidatesFor(place: Neighbourhood, knowledge: Knowledge, limits: RingLimits): readonly Chunk[] {
  const fitting = (chunk: Chunk): Chunk => ({ ...chunk, text: cutChunk(chunk.text, limits) });
  return [
    ...observedChunks(knowledge.observed, "edited").map(fitting),
    ...namedDefinitions(place, knowledge, limits),
    ...importedDefinitions(knowledge, limits),
    ...observedChunks(knowledge.observed, "visible").map(fitting),
    ...observedChunks(knowledge.observed, "copied").map(fitting),
  ];
}

function namedDefinitions(place: Neighbourhood, { named, imports, reach }: Knowledge, limits: RingLimits): Chunk[] {
  const imported = new Set(imports.flatMap(({ paths }) => paths));
  const meant = (name: string, found: readonly LocatedDefinition[]) =>
    likely(found, { place, imported, reach, isClose: place.close.has(name) });
  return place.names.slice(0, mostNames).flatMap((name) => {
    const found = named(name);
    if (found.length === 0) return [];
    const own = found.filter(({ definition }) => definition.name === name);
    if (own.length > 0) return meant(name, own).map((located) => definitionChunk(located, limits));
    return meant(name, found).map((located) => memberChunk(located, name, limits));
  });
}

/**
 * Of several definitions of a name those that are meant: in imported files and the document itself, else as far as names reach in the
 * language. Further away only for what is named right at the cursor, as what it belongs to may not be imported by name.
 */
function likely(
  found: readonly LocatedDefinition[],
  { place, imported, reach, isClose }: { place: Neighbourhood; imported: ReadonlySet<string>; reach: Reach; isClose: boolean },
): readonly LocatedDefinition[] {
  const named = found.filter((located) => located.path === place.path || (imported.has(located.path) && isOffered(located)));
  if (named.length > 0) return named.slice(0, mostFiles);
  const others = found.filter((located) => isOffered(located) && (!isTest(located.path) || isTest(place.path)));
  const beside = reach === "imports" ? [] : others.filter(({ path }) => folderOf(path) === folderOf(place.path));
  if (beside.length > 0) return beside.slice(0, mostFiles);
  const files = new Set(others.map(({ path }) => path)).size;
  if (reach === "project" && files <= mostFiles) return others.slice(0, mostFiles);
  return isClose && files === 1 ? others.slice(0, mostFiles) : [];
}

/** False for what other files cannot name. */
function isOffered({ path, definition: { name, text } }: LocatedDefinition): boolean {
  if (/\.[cm]?tsx?$/.test(path)) return /^(?:@[^\n]*\n)*(?:export|declare)\b/.test(text) || path.endsWith(".d.ts");
  if (path.endsWith(".rs")) return /^(?:pub|impl|macro_rules)\b/.test(text);
  if (/\.pyi?$/.test(path)) return !name.startsWith("_");
  return true;
}

/** What tests define is nobody else's. */
function isTest(path: string): boolean {
  return /(^|[/._-])(tests?|specs?|__tests__|fixtures?)([/._-]|$)/i.test(path);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function importedDefinitions({ imports, in: definitionsIn }: Knowledge, limits: RingLimits): Chunk[] {
  return imports.flatMap(({ paths, names }) =>
    paths.flatMap((path) => {
      const all = definitionsIn(path).filter((definition) => isOffered({ path, definition }));
      const named = all.filter(({ name }) => names.includes(name));
      const offered = named.length > 0 ? named : all.slice(0, mostOfFile);
      return offered.map((definition) => definitionChunk({ path, definition }, limits));
    }),
  );
}
