import { ranked } from "#core/project/fusion";
import { type Edge, pageRank } from "#core/project/page-rank";
import type { Sqlite } from "../sessions/sqlite.ts";

/** A definition in the graph of a project. */
export interface GraphDefinition {
  readonly file: number;
  readonly name: string;
  readonly within: string;
  /** From 1. */
  readonly line: number;
  readonly signature: string;
}

/** Who uses what of whom in a project. */
export interface Graph {
  readonly files: ReadonlyMap<number, { readonly path: string; readonly kind: string }>;
  readonly definitions: readonly GraphDefinition[];
  /** How often each file uses names that are defined in the project. */
  readonly uses: ReadonlyMap<number, ReadonlyMap<string, number>>;
  /** The files that define a name. */
  readonly definers: ReadonlyMap<string, ReadonlySet<number>>;
  /** Files in the order in which others use them. */
  readonly central: readonly number[];
}

/** What makes some uses say more than others. */
export interface GraphInterest {
  /** Names the user spoke of. */
  readonly mentioned?: ReadonlySet<string>;
  /** Files in the conversation. */
  readonly open?: ReadonlySet<number>;
}

/** Reads the graph from an index. What other files cannot name is left out. */
export function readGraph(sqlite: Sqlite): Graph {
  const rows = sqlite.prepare("SELECT id, path, kind, names FROM files WHERE skipped = 0").all() as {
    id: number;
    path: string;
    kind: string;
    names: string;
  }[];
  const definitions = sqlite
    .prepare("SELECT file, name, within, first + 1 AS line, signature FROM definitions WHERE hidden = 0 ORDER BY file, first")
    .all() as GraphDefinition[];
  const definers = new Map<string, Set<number>>();
  for (const { name, file } of definitions) {
    const files = definers.get(name) ?? new Set();
    files.add(file);
    definers.set(name, files);
  }
  const uses = new Map(rows.map(({ id, names }) => [id, usesIn(names, definers)]));
  const graph = { files: new Map(rows.map(({ id, path, kind }) => [id, { path, kind }])), definitions, uses, definers, central: [] };
  return { ...graph, central: ranked(centralityOf(graph)) };
}

function usesIn(names: string, definers: ReadonlyMap<string, unknown>): Map<string, number> {
  const uses = new Map<string, number>();
  for (const line of names.split("\n")) {
    const [name = "", count] = line.split(" ");
    if (definers.has(name)) uses.set(name, Number(count));
  }
  return uses;
}

/** The edges between files, each with the name it is for, weighted as aider's repository map does. */
export function* edgesOf(
  { uses, definers }: Graph,
  { mentioned, open }: GraphInterest = {},
): Generator<Edge<number> & { readonly name: string }> {
  for (const [from, names] of uses) {
    for (const [name, count] of names) {
      const files = definers.get(name);
      if (files === undefined) continue;
      let weight = Math.sqrt(count);
      if (mentioned?.has(name)) weight *= 10;
      if (name.length >= 8 && /[a-z][A-Z]|[a-zA-Z]_[a-zA-Z]/.test(name)) weight *= 10;
      if (name.startsWith("_")) weight *= 0.1;
      if (files.size > mostDefiners) continue;
      if (files.size > 5) weight *= 0.1;
      if (open?.has(from)) weight *= 50;
      for (const to of files) if (to !== from) yield { from, to, weight: weight / files.size, name };
    }
  }
}

/** Files that define a name beyond which it is everybody's, such as main. */
const mostDefiners = 20;
const mostNeighbours = 10;
/** Files that define a name beyond which using it says nothing about which of them is meant. */
const fewDefiners = 3;

/** The files that define what a file uses, those first that define most of it. */
export function neighboursOf({ uses, definers }: Graph, file: number): number[] {
  const scores = new Map<number, number>();
  for (const [name, count] of uses.get(file) ?? []) {
    const files = definers.get(name);
    if (files === undefined || files.size > fewDefiners) continue;
    for (const other of files) if (other !== file) scores.set(other, (scores.get(other) ?? 0) + Math.sqrt(count) / files.size);
  }
  return ranked(scores).slice(0, mostNeighbours);
}

/** How much each file is used by the others. */
export function centralityOf(graph: Graph, interest: GraphInterest = {}, start?: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  return pageRank([...graph.files.keys()], edgesOf(graph, interest), start);
}
