import type { FileKind } from "./files.ts";
import { fuse, ranked } from "./fusion.ts";
import type { Term } from "./question.ts";

/** A place that holds a word. */
export interface Posting {
  readonly place: number;
  readonly file: number;
  /** BM25 with all columns, and with path and names of definitions alone. */
  readonly score: number;
  readonly named: number;
}

/** All that is known about which files and places answer a question. */
export interface Evidence {
  readonly postings: readonly { readonly term: Term; readonly postings: readonly Posting[] }[];
  readonly kinds: ReadonlyMap<number, FileKind>;
  /** Places that define a name the question has, the rarest name first. */
  readonly defining: readonly { readonly place: number; readonly file: number }[];
  /** Places that mean nearly the same, the nearest first; none without an embedding model. */
  readonly similar: readonly { readonly place: number; readonly file: number }[];
  /** Files the question names, and those the user had to do with lately, the latest first. */
  readonly mentioned: readonly number[];
  readonly recent: readonly number[];
  /** Files that earlier threads with words of the question were about, the best first. */
  readonly earlier: readonly number[];
  /** Files that others use most. */
  readonly central: readonly number[];
  /** Files that define what a file uses, those first that say most. */
  readonly neighbours: (file: number) => readonly number[];
  readonly about: { readonly tests: boolean; readonly prose: boolean };
}

/** How much each order counts, and what a file has to be to count in full. Found by bench/retrieval. */
export interface RankingWeights {
  readonly place: number;
  readonly coverage: number;
  readonly named: number;
  readonly defining: number;
  readonly similar: number;
  readonly mentioned: number;
  readonly recent: number;
  readonly earlier: number;
  readonly central: number;
  readonly neighbours: number;
  /** See {@link fuse}. */
  readonly flattening: number;
  /** What a file of each kind counts where the question does not ask for that kind. */
  readonly kinds: Readonly<Record<FileKind, number>>;
}

/** See bench/retrieval for how they were found. */
export const usualWeights: RankingWeights = {
  place: 1,
  coverage: 1,
  named: 0.6,
  defining: 1.5,
  // Not found by the bench, which few questions were asked of with vectors. Less than the words, which all were.
  similar: 0.7,
  mentioned: 3,
  recent: 0.3,
  earlier: 0.3,
  central: 0.15,
  neighbours: 0.15,
  flattening: 10,
  kinds: { code: 1, test: 0.5, prose: 0.5, data: 0.5 },
};

/** The order of files and of the places in them. */
export interface Ranking {
  /** Files with their scores, the best first. */
  readonly files: readonly { readonly file: number; readonly score: number }[];
  /** Places with their file's and their own score, the best first. */
  readonly places: readonly { readonly place: number; readonly file: number; readonly score: number }[];
}

/** Files whose neighbours are looked at. */
const startingPoints = 3;

/** Orders files and places by what is known. */
export function rank(evidence: Evidence, weights: RankingWeights = usualWeights): Ranking {
  const { postings, kinds, defining, similar, mentioned, recent, earlier, central, neighbours, about } = evidence;
  const fileOf = new Map<number, number>();
  const places = new Map<number, number>();
  const coverage = new Map<number, number>();
  const named = new Map<number, number>();
  for (const { term, postings: found } of postings) {
    const best = new Map<number, { score: number; named: number }>();
    for (const { place, file, score, named: name } of found) {
      fileOf.set(place, file);
      add(places, place, score * term.weight);
      const so = best.get(file);
      best.set(file, { score: Math.max(score, so?.score ?? 0), named: Math.max(name, so?.named ?? 0) });
    }
    for (const [file, { score, named: name }] of best) {
      add(coverage, file, score * term.weight);
      add(named, file, name * term.weight);
    }
  }
  const placeOrder = ranked(places);
  const bestPlaces = unique(placeOrder.map((place) => fileOf.get(place) as number));
  const orders = [
    { weight: weights.place, ids: bestPlaces },
    { weight: weights.coverage, ids: ranked(coverage) },
    { weight: weights.named, ids: ranked(named) },
    { weight: weights.defining, ids: unique(defining.map(({ file }) => file)) },
    { weight: weights.similar, ids: unique(similar.map(({ file }) => file)) },
    { weight: weights.mentioned, ids: mentioned },
    { weight: weights.recent, ids: recent },
    { weight: weights.earlier, ids: earlier },
    { weight: weights.central, ids: central.filter((file) => coverage.has(file)) },
  ];
  const share = (file: number) => shareOf(kinds.get(file) ?? "data", weights, about);
  const first = scaled(fuse(orders, weights.flattening), share);
  // What the best use may be what was meant, where it has any of the words.
  const around = ranked(first)
    .slice(0, startingPoints)
    .map((file) => ({ weight: weights.neighbours, ids: neighbours(file).filter((one) => coverage.has(one)) }));
  const files = scaled(fuse([...orders, ...around], weights.flattening), share);
  const fileOrder = ranked(files).map((file) => ({ file, score: files.get(file) as number }));

  // Within a file the words decide, and what defines a name that was asked for comes before what only uses it.
  const highest = places.get(placeOrder[0] ?? -1) ?? 1;
  const own = new Map([...places].map(([place, score]) => [place, score / highest]));
  for (const { place, file } of defining) {
    fileOf.set(place, file);
    add(own, place, 0.5);
  }
  for (const { place, file } of similar) {
    fileOf.set(place, file);
    add(own, place, 0.3);
  }
  const scored = [...own].map(([place, score]) => {
    const file = fileOf.get(place) as number;
    return { place, file, score: (files.get(file) ?? 0) * (1 + score) };
  });
  return { files: fileOrder, places: scored.sort((one, other) => other.score - one.score || one.place - other.place) };
}

function scaled(scores: ReadonlyMap<number, number>, share: (file: number) => number): Map<number, number> {
  return new Map([...scores].map(([file, score]) => [file, score * share(file)]));
}

function shareOf(kind: FileKind, { kinds }: RankingWeights, about: Evidence["about"]): number {
  if ((kind === "test" && about.tests) || (kind === "prose" && about.prose)) return 1;
  return kinds[kind];
}

function add(scores: Map<number, number>, id: number, score: number): void {
  scores.set(id, (scores.get(id) ?? 0) + score);
}

function unique(ids: readonly number[]): number[] {
  return [...new Set(ids)];
}
