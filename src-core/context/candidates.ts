import { type Definition, definitionChunk, type LocatedDefinition, memberChunk } from "./definition.ts";
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

function namedDefinitions(place: Neighbourhood, { named, imports }: Knowledge, limits: RingLimits): Chunk[] {
  const imported = new Set(imports.flatMap(({ paths }) => paths));
  return place.names.slice(0, mostNames).flatMap((name) => {
    const found = named(name);
    const own = likely(
      found.filter(({ definition }) => definition.name === name),
      place,
      imported,
    );
    if (own.length > 0) return own.map((located) => definitionChunk(located, limits));
    const members = likely(found, place, imported);
    return members.length > mostFiles ? [] : members.map((located) => memberChunk(located, name, limits));
  });
}

/** Of several definitions of a name those that are meant: in imported files, else in the same folder, else the only ones there are. */
function likely(found: readonly LocatedDefinition[], { path }: Neighbourhood, imported: ReadonlySet<string>): readonly LocatedDefinition[] {
  if (found.length === 0) return found;
  const from = (isIn: (path: string) => boolean) => found.filter((located) => isIn(located.path));
  const own = from((other) => other === path);
  const there = from((other) => imported.has(other));
  if (there.length > 0 || own.length > 0) return [...there, ...own].slice(0, mostFiles);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const beside = from((other) => other.slice(0, other.lastIndexOf("/") + 1) === folder);
  const some = beside.length > 0 ? beside : found;
  return new Set(some.map((located) => located.path)).size <= mostFiles ? some.slice(0, mostFiles) : [];
}

function importedDefinitions({ imports, in: definitionsIn }: Knowledge, limits: RingLimits): Chunk[] {
  return imports.flatMap(({ paths, names }) =>
    paths.flatMap((path) => {
      const all = definitionsIn(path);
      const named = all.filter(({ name }) => names.includes(name));
      const offered = named.length > 0 ? named : all.slice(0, mostOfFile);
      return offered.map((definition) => definitionChunk({ path, definition }, limits));
    }),
  );
}
