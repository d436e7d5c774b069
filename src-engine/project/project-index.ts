import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "#core/base/errors";
import type { Recognised } from "#core/chat/about-project";
import { isExcluded } from "#core/completion/exclusion";
import { estimateTokens } from "#core/context/budget";
import type { Citation, ProjectFindings, ProjectPiece, ProjectStatus, ProjectSymbol } from "#core/contracts/project";
import { checkCitations } from "#core/project/citations";
import { filesFirst, fitPieces } from "#core/project/fit";
import { renderMap } from "#core/project/map";
import { readQuestion } from "#core/project/question";
import type { Parsers } from "../syntax/parser.ts";
import { lookupIn } from "./cited.ts";
import { findPlaces, namedIn } from "./find.ts";
import { type Graph, readGraph } from "./graph.ts";
import { mapEntries } from "./map.ts";
import { notesFor } from "./notes.ts";
import { createOutlines } from "./outline.ts";
import { textOfPlace } from "./place-text.ts";
import { createRootIndex, type RootIndex } from "./root-index.ts";
import { removeStale } from "./storage.ts";
import { symbolsLike } from "./symbols.ts";
import { keepVectors, type Meaning, placesWithout } from "./vectors.ts";

/** A workspace with what the user's settings say of it. */
export interface Scope {
  readonly workspace: string;
  /** Patterns of files that are not read. */
  readonly exclude: readonly string[];
  /** Further folders that belong to it. */
  readonly repositories: readonly string[];
}

/** The indexes of all workspaces, each in a file of its own. Runs in a thread of its own. */
export interface ProjectIndex {
  find(
    scope: Scope,
    question: { question: string; tokens: number; recent: readonly string[]; earlier?: readonly string[]; wait: number; meaning?: Meaning },
  ): Promise<ProjectFindings>;
  symbols(scope: Scope, about: { query: string; limit: number; wait: number }): Promise<ProjectSymbol[]>;
  map(
    scope: Scope,
    about: { tokens: number; mentioned: readonly string[]; open: readonly string[]; wait: number },
  ): Promise<{ text: string; tokens: number; shown: number; files: number; complete: boolean }>;
  notes(
    scope: Scope,
    about: { path?: string | undefined; tokens: number },
  ): Promise<{ pieces: ProjectPiece[]; leftOut: Omit<ProjectPiece, "text">[] }>;
  checkCitations(scope: Scope, text: string, about?: string): Promise<Citation[]>;
  /** What a question names that is in the workspace, as far as that is known after so many milliseconds. */
  recognise(scope: Scope, question: string, wait: number): Promise<Recognised>;
  /** Texts that have no vector of this model yet; `reading` while files are read, after which there are others. */
  withoutVectors(
    scope: Scope,
    model: string,
    most: number,
  ): Promise<{ readonly reading: boolean; readonly places: readonly { root: string; version: number; place: number; text: string }[] }>;
  /** Keeps vectors of places that are as they were when their texts were given out. */
  keepVectors(
    scope: Scope,
    model: string,
    vectors: readonly { root: string; version: number; place: number; vector: readonly number[] }[],
  ): Promise<void>;
  /** Begins to look for changes. */
  prepare(scope: Scope): Promise<void>;
  /** Reads one file again that was changed just now; does nothing in a workspace that is not open. */
  changed(scope: Scope, path: string): Promise<void>;
  status(scope: Scope): Promise<ProjectStatus>;
  rebuild(scope: Scope): Promise<ProjectStatus>;
  close(): void;
}

interface OpenRoot {
  readonly index: RootIndex;
  exclude: readonly string[];
  graph?: { readonly version: number; readonly read: number; readonly graph: Graph };
}

/** A root as pieces name it: the workspace itself has no name. */
interface NamedRoot {
  readonly opened: OpenRoot;
  readonly name: string;
}

/** Indexes that are open at the same time. */
const mostOpen = 6;
/** Milliseconds for which who uses whom is believed when a question is asked. */
const graphHolds = 30_000;
/** Tokens of one place below which it says nothing. */
const leastShare = 50;
/** Tokens of a place that its vector is made of: embedding models read 512 at once, counted otherwise. */
const mostOfPlace = 300;
/** What a place of another repository counts beside one of the workspace. */
const elsewhere = 0.7;

/** Creates a {@link ProjectIndex}. @param folder where the index files lie; may be deleted at any time. */
export function createProjectIndex({ folder, parsers }: { readonly folder: string; readonly parsers: Parsers }): ProjectIndex {
  removeStale(folder);
  const outlines = createOutlines(parsers);
  /** By real path, the one used longest ago first. */
  const roots = new Map<string, OpenRoot>();

  function open(path: string, exclude: readonly string[]): OpenRoot {
    const root = realOf(path);
    const known = roots.get(root);
    if (known !== undefined) {
      // Another list of what is excluded: what is there is looked through again at once.
      if (known.exclude.join("\0") !== exclude.join("\0")) known.index.forgetWalk();
      known.exclude = exclude;
      roots.delete(root);
      roots.set(root, known);
      return known;
    }
    const opened: OpenRoot = {
      exclude,
      index: createRootIndex({
        root,
        file: join(folder, `${createHash("sha256").update(root).digest("hex").slice(0, 24)}.db`),
        outlines,
        isExcludedByUser: (name) => isExcluded(opened.exclude, { path: `${root}/${name}`, workspace: root }, process.platform),
      }),
    };
    roots.set(root, opened);
    for (const [oldest, { index }] of roots) {
      if (roots.size <= mostOpen) break;
      if (index.isBusy()) continue;
      index.close();
      roots.delete(oldest);
    }
    return opened;
  }

  /** The workspace and then the other repositories; one that is not there, or lies within another one, is left out. */
  function openAll({ workspace, exclude, repositories }: Scope): readonly NamedRoot[] {
    const own = { opened: open(workspace, exclude), name: "" };
    const others = repositories.flatMap((path) => {
      try {
        const opened = open(path, exclude);
        return opened.index.root === own.opened.index.root ? [] : [{ opened, name: basename(opened.index.root) }];
      } catch {
        return [];
      }
    });
    return [own, ...others];
  }

  /** Waits for changes to be read, but no longer than is wanted. What fails is tried again at the next question. */
  async function refreshed(all: readonly OpenRoot[], wait: number): Promise<void> {
    const refreshing = Promise.allSettled(all.map(({ index }) => index.refresh()));
    const ending = new AbortController();
    await Promise.race([refreshing, pause(wait, undefined, { signal: ending.signal }).catch(() => undefined)]);
    ending.abort();
  }

  /** The graph as it is, or as it was some milliseconds ago: in a large project it takes longer than an answer. */
  async function graphOf({ index }: OpenRoot, age: number): Promise<Graph> {
    const version = index.version();
    const known = roots.get(index.root);
    const read = known?.graph;
    if (read !== undefined && (read.version === version || performance.now() - read.read < age)) return read.graph;
    const graph = await index.use(readGraph);
    if (known !== undefined) known.graph = { version, read: performance.now(), graph };
    return graph;
  }

  async function statusOf({ index }: OpenRoot): Promise<ProjectStatus> {
    const status = index.status();
    const state = index.isBusy() ? "indexing" : status.updated === undefined ? "none" : "ready";
    return { state, ...status };
  }

  return {
    async find(scope, { question, tokens, recent, earlier = [], wait, meaning }) {
      const all = openAll(scope);
      await refreshed(opened(all), wait);
      const asked = readQuestion(question);
      const words = new Set(asked.terms.map(({ word }) => word));
      const share = Math.max(leastShare, Math.floor(tokens / filesFirst));
      const pieces: ProjectPiece[] = [];
      for (const { opened: one, name } of all) {
        const { index } = one;
        const graph = await graphOf(one, graphHolds);
        const places = await index.use((sqlite) =>
          findPlaces(sqlite, graph, asked, {
            recent: recent.map((path) => within(index.root, path)),
            earlier: earlier.map((path) => within(index.root, path)),
            meaning,
          }),
        );
        for (const place of places) {
          const text = await textOfPlace(index.root, place, share, words);
          if (text === undefined) continue;
          pieces.push({
            path: name === "" ? place.path : `${name}/${place.path}`,
            file: join(index.root, ...place.path.split("/")),
            ...text,
            tokens: estimateTokens(text.text),
            reason: name === "" ? place.reason : `${place.reason}; in ${name}`,
            score: place.score * (name === "" ? 1 : elsewhere),
          });
        }
      }
      pieces.sort((one, other) => other.score - one.score);
      const { taken, leftOut } = fitPieces(pieces, tokens);
      return {
        pieces: taken,
        leftOut: leftOut.map(({ text: _, ...rest }) => rest),
        complete: all.every(({ opened: { index } }) => index.complete()),
      };
    },
    async symbols(scope, { query, limit, wait }) {
      const own = open(scope.workspace, scope.exclude);
      await refreshed([own], wait);
      return own.index.use((sqlite) => symbolsLike(sqlite, own.index.root, query, limit));
    },
    async map(scope, { tokens, mentioned, open: inView, wait }) {
      const own = open(scope.workspace, scope.exclude);
      await refreshed([own], wait);
      const graph = await graphOf(own, 0);
      const entries = mapEntries(graph, { mentioned, open: inView.map((path) => within(own.index.root, path)) });
      const files = new Set([...graph.files.values()].filter(({ kind }) => kind === "code").map(({ path }) => path)).size;
      return { ...renderMap(entries, tokens, estimateTokens), files, complete: own.index.complete() };
    },
    async notes(scope, { path, tokens }) {
      const root = realOf(scope.workspace);
      const { pieces, leftOut } = await notesFor(root, path === undefined ? undefined : within(root, path), tokens);
      return { pieces: [...pieces], leftOut: [...leftOut] };
    },
    async checkCitations(scope, text, about) {
      const all = openAll(scope);
      await refreshed(opened(all), 10_000);
      return checkCitations(text, lookupIn(all.map(({ opened: { index }, name }) => ({ index, name }))), about);
    },
    async recognise(scope, question, wait) {
      const asked = readQuestion(question);
      if (asked.names.length + asked.paths.length === 0) return { files: [], names: [] };
      const own = open(scope.workspace, scope.exclude);
      await refreshed([own], wait);
      return own.index.use((sqlite) => namedIn(sqlite, asked));
    },
    async withoutVectors(scope, model, most) {
      for (const { index } of opened(openAll(scope))) {
        if (index.isBusy() || !index.complete()) return { reading: true, places: [] };
        const version = index.version();
        const found = await index.use((sqlite) => placesWithout(sqlite, model, most));
        if (found.length === 0) continue;
        const places = [];
        for (const place of found) {
          const text = await textOfPlace(index.root, place, mostOfPlace, new Set());
          places.push({ root: index.root, version, place: place.place, text: `${place.path}\n${text?.text ?? ""}` });
        }
        return { reading: false, places };
      }
      return { reading: false, places: [] };
    },
    async keepVectors(scope, model, vectors) {
      for (const { index } of opened(openAll(scope))) {
        const own = vectors.filter(({ root, version }) => root === index.root && version === index.version());
        if (own.length > 0) await index.use((sqlite) => keepVectors(sqlite, model, own));
      }
    },
    async prepare(scope) {
      void refreshed(opened(openAll(scope)), 0);
    },
    async changed(scope, path) {
      const root = realOf(scope.workspace);
      await roots.get(root)?.index.update(within(root, path));
    },
    async status(scope) {
      return statusOf(open(scope.workspace, scope.exclude));
    },
    async rebuild(scope) {
      const own = open(scope.workspace, scope.exclude);
      own.index.empty();
      void refreshed([own], 0);
      return statusOf(own);
    },
    close() {
      for (const { index } of roots.values()) index.close();
      roots.clear();
    },
  };
}

function opened(all: readonly NamedRoot[]): OpenRoot[] {
  return all.map((one) => one.opened);
}

/** Throws NOT_FOUND for a folder that is not there. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw new UserError("NOT_FOUND", `There is no folder ${path}.`, "Open a folder that is there.");
  }
}

/** A path as the index has it: from the root, with `/` between parts. */
function within(root: string, path: string): string {
  const place = path.replaceAll("\\", "/");
  const folder = `${root.replaceAll("\\", "/")}/`;
  return place.startsWith(folder) ? place.slice(folder.length) : place.replace(/^\.\//, "");
}
