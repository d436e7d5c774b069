import type { FileKind } from "#core/project/files";
import type { Question, Term } from "#core/project/question";
import { type Evidence, type Posting, rank } from "#core/project/ranking";
import type { Sqlite } from "../sessions/sqlite.ts";
import { type Graph, neighboursOf } from "./graph.ts";
import { type Meaning, similarPlaces } from "./vectors.ts";

/** A place of one root that may answer a question. Lines count from 0, the last one included. */
export interface FoundPlace {
  readonly path: string;
  readonly first: number;
  readonly last: number;
  readonly score: number;
  readonly reason: string;
}

/** Columns of the words of a place: path, names of what it defines, comments and strings, code. */
const columns = "2.0, 4.0, 1.0, 1.0";
const mostPostings = 3000;
const mostPlaces = 60;
/** Places near in meaning that are looked at: the next ones are near to everything. */
const mostSimilar = 30;
/** Places of one file: a long one would else leave no room for others. */
const mostOfOneFile = 6;
/** Files that define a name; a name that more of them define says little. */
const mostDefiners = 8;

/** What is known from elsewhere: files by their paths from the root, those first that count most. */
export interface Known {
  /** The user had to do with them lately. */
  readonly recent: readonly string[];
  /** Earlier threads with words of the question were about them. */
  readonly earlier: readonly string[];
  /** What the question means; missing without an embedding model. */
  readonly meaning?: Meaning | undefined;
}

/** What an index knows about a question. The graph may be a little older: files it does not know have no neighbours yet. */
export function evidenceFor(sqlite: Sqlite, graph: Graph, question: Question, { recent, earlier, meaning }: Known): Evidence {
  const files = filesOf(sqlite);
  const byPath = new Map([...files].map(([id, { path }]) => [path, id]));
  return {
    postings: question.terms.map((term) => ({ term, postings: postingsOf(sqlite, term) })),
    kinds: new Map([...files].map(([id, { kind }]) => [id, kind])),
    defining: definingPlaces(sqlite, question.names),
    similar: meaning === undefined ? [] : similarPlaces(sqlite, meaning, mostSimilar),
    mentioned: [...files].filter(([, { path }]) => isMentioned(path, question.paths)).map(([id]) => id),
    recent: recent.flatMap((path) => byPath.get(path) ?? []),
    earlier: earlier.flatMap((path) => byPath.get(path) ?? []),
    central: graph.central,
    neighbours: (file) => neighboursOf(graph, file),
    about: question.about,
  };
}

/** Places of an index that may answer a question, the best first. */
export function findPlaces(sqlite: Sqlite, graph: Graph, question: Question, known: Known): FoundPlace[] {
  const evidence = evidenceFor(sqlite, graph, question, known);
  const { postings, mentioned } = evidence;
  const near = new Set(evidence.similar.map(({ place }) => place));
  const found = spread(fillUp(sqlite, rank(evidence).places, mentioned));
  const rows = sqlite.prepare("SELECT path, first, last, places.names FROM places JOIN files ON files.id = file WHERE places.id = ?");
  return found.flatMap(({ place, file, score }) => {
    const row = rows.get(place) as { path: string; first: number; last: number; names: string } | undefined;
    if (row === undefined) return [];
    const names = row.names.split("\n").filter(Boolean);
    const reason = reasonFor({
      asked: names.find((name) => question.names.includes(name)),
      names,
      words: postings.filter(({ postings: all }) => all.some((posting) => posting.place === place)).map(({ term }) => term.word),
      isMentioned: mentioned.includes(file),
      isNear: near.has(place),
      isRecent: evidence.recent.includes(file),
      isEarlier: evidence.earlier.includes(file),
    });
    return [{ path: row.path, first: row.first, last: row.last, score, reason }];
  });
}

/** The files of an index that a question names, and the names it has that the index defines, those of few files first. */
export function namedIn(sqlite: Sqlite, { names, paths }: Pick<Question, "names" | "paths">): { files: string[]; names: string[] } {
  const rows = sqlite.prepare("SELECT path FROM files WHERE skipped = 0").pluck().all() as string[];
  const definers = sqlite.prepare("SELECT count(DISTINCT file) FROM definitions WHERE name = ?").pluck();
  const known = names
    .map((name) => ({ name, count: Number(definers.get(name)) }))
    .filter(({ count }) => count > 0 && count <= mostDefiners)
    .sort((one, other) => one.count - other.count);
  return { files: paths.length === 0 ? [] : rows.filter((path) => isMentioned(path, paths)), names: known.map(({ name }) => name) };
}

function spread<P extends { file: number }>(places: readonly P[]): P[] {
  const taken = new Map<number, number>();
  const chosen: P[] = [];
  for (const place of places) {
    if (chosen.length >= mostPlaces) break;
    const count = (taken.get(place.file) ?? 0) + 1;
    taken.set(place.file, count);
    if (count <= mostOfOneFile) chosen.push(place);
  }
  return chosen;
}

/** A file that is named is shown even where none of its words were asked for. */
function fillUp<P extends { place: number; file: number; score: number }>(
  sqlite: Sqlite,
  places: readonly P[],
  mentioned: readonly number[],
) {
  const there = new Set(places.map(({ file }) => file));
  const missing = mentioned.filter((file) => !there.has(file));
  const first = sqlite.prepare("SELECT id FROM places WHERE file = ? ORDER BY first LIMIT 1").pluck();
  const best = places[0]?.score ?? 1;
  const added = missing.flatMap((file) => {
    const place = first.get(file) as number | undefined;
    return place === undefined ? [] : [{ place, file, score: best }];
  });
  return [...added, ...places];
}

function filesOf(sqlite: Sqlite): Map<number, { readonly path: string; readonly kind: FileKind }> {
  const rows = sqlite.prepare("SELECT id, path, kind FROM files WHERE skipped = 0").all() as { id: number; path: string; kind: FileKind }[];
  return new Map(rows.map(({ id, path, kind }) => [id, { path, kind }]));
}

function postingsOf(sqlite: Sqlite, { word }: Term): Posting[] {
  return sqlite
    .prepare(
      `SELECT words.rowid AS place, places.file AS file, -bm25(words, ${columns}) AS score, -bm25(words, 1.0, 1.0, 0.0, 0.0) AS named
       FROM words JOIN places ON places.id = words.rowid WHERE words MATCH ? ORDER BY score DESC LIMIT ${mostPostings}`,
    )
    .all(`"${word.replaceAll('"', "")}"`) as Posting[];
}

function definingPlaces(sqlite: Sqlite, names: readonly string[]): { place: number; file: number }[] {
  const statement = sqlite.prepare(
    `SELECT places.id AS place, places.file AS file FROM definitions JOIN files ON files.id = definitions.file
     JOIN places ON places.file = definitions.file AND places.first <= definitions.first AND places.last >= definitions.first
     WHERE definitions.name = ? ORDER BY files.kind = 'code' DESC, definitions.last - definitions.first DESC LIMIT ?`,
  );
  return names
    .map((name) => statement.all(name, mostDefiners + 1) as { place: number; file: number }[])
    .filter((found) => found.length <= mostDefiners)
    .sort((one, other) => one.length - other.length)
    .flat();
}

/** True for a file that a question names: by its path, the end of it, or a folder above it. */
function isMentioned(path: string, named: readonly string[]): boolean {
  return named.some(
    (name) => path === name || path.endsWith(`/${name}`) || (name.includes("/") && path.startsWith(`${name.replace(/\/$/, "")}/`)),
  );
}

function reasonFor(about: {
  readonly asked: string | undefined;
  readonly names: readonly string[];
  readonly words: readonly string[];
  readonly isMentioned: boolean;
  readonly isNear: boolean;
  readonly isRecent: boolean;
  readonly isEarlier: boolean;
}): string {
  const { asked, names, words, isMentioned: mentioned, isNear, isRecent, isEarlier } = about;
  const parts = [
    mentioned && "named in the question",
    asked !== undefined ? `defines ${asked}` : names.length > 0 && `has ${names.slice(0, 2).join(", ")}`,
    words.length > 0 && `words: ${words.slice(0, 5).join(", ")}`,
    isNear && "near in meaning",
    isRecent && "worked on lately",
    isEarlier && "an earlier thread was about it",
  ];
  return parts.filter(Boolean).join("; ");
}
