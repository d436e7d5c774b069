import { realpath } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { holdsSecret, isMachineMade } from "#core/context/exclusions";
import type { Family } from "#core/context/languages";
import { type Observed, withObservation } from "#core/context/observations";
import type { Observation } from "#core/contracts/completion";
import type { Parsers } from "../../syntax/parser.ts";
import { createDefinitionIndex, type DefinitionIndex } from "./definition-index.ts";
import { createExclusions, type Exclusions } from "./exclusions.ts";
import { placeIn } from "./source-file.ts";

/** What is known of one workspace: what its files define and what the user did there. */
export interface Project {
  /** The index of a family; begins to read, or to look for changes, where that is due. `from` is the document it is for. */
  index(family: Family, from: string): DefinitionIndex | undefined;
  readonly observed: () => readonly Observed[];
  observe(observation: Observation): void;
  /** False for a file that has come under an ignore file since its text was taken. */
  isAllowed(path: string): boolean;
  dispose(): void;
}

/** What {@link createProject} needs. */
export interface ProjectOptions {
  /** The workspace folder as the client names it. */
  readonly folder: string;
  readonly parsers: Pick<Parsers, "parse">;
  /** What the user's settings exclude. */
  readonly isExcludedByUser: (path: string) => boolean;
  /** Paths whose text stands in prompts. */
  readonly inUse: () => Iterable<string>;
  readonly pauses?: Pauses | undefined;
}

/** Milliseconds between what is done in the background. */
export interface Pauses {
  /** Before files are read at all, so that the first suggestion comes undisturbed. */
  readonly first: number;
  /** Before they are looked at again. */
  readonly again: number;
  /** After an edit, when it has most likely been saved. */
  readonly afterEdit: number;
}

const usual: Pauses = { first: 500, again: 60_000, afterEdit: 3000 };
/** Milliseconds for which ignore files are believed. */
const exclusionsHold = 10_000;

/** Creates a {@link Project}. Everything that takes time happens in the background; what is not known yet is missing. */
export function createProject({ folder, parsers, isExcludedByUser, inUse, pauses = usual }: ProjectOptions): Project {
  const ending = new AbortController();
  const { signal } = ending;
  const indexes = new Map<Family, { readonly index: DefinitionIndex; due: number; busy: boolean }>();
  let root: string | undefined;
  let observed: readonly Observed[] = [];
  let excluded: ReadonlySet<string> = new Set();
  let exclusions: { readonly made: number; readonly rules: Exclusions } | undefined;
  /** One after the other: the newest edit is to be the newest. */
  let observing: Promise<unknown> = realpath(folder).then(
    (real) => {
      root = real;
    },
    () => undefined,
  );

  function rulesOf(real: string): Exclusions {
    if (exclusions === undefined || performance.now() - exclusions.made > exclusionsHold)
      exclusions = { made: performance.now(), rules: createExclusions(real, isExcludedByUser) };
    return exclusions.rules;
  }

  /** Runs in the background until the project is closed. */
  function inBackground(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      // Context is a help, never a condition: without it suggestions come as before.
      if (!signal.aborted) process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async function refresh(real: string, index: DefinitionIndex, from: string): Promise<void> {
    exclusions = undefined;
    const rules = rulesOf(real);
    await index.refresh(rules, from, signal);
    const paths = new Set([...observed.map(({ path }) => path), ...inUse()]);
    const now = new Set<string>();
    for (const path of paths) if (await rules.of(path, "file")) now.add(path);
    excluded = now;
    observed = observed.filter(({ path }) => !now.has(path));
  }

  async function take(observation: Observation): Promise<void> {
    if (root === undefined || holdsSecret(observation.text) || isMachineMade(observation.text)) return;
    const real = root;
    const rules = rulesOf(real);
    const path = await placeIn(real, observation.path);
    if (path === undefined || (await rules.of(path, "file"))) return;
    const { kind, text } = observation;
    observed = withObservation(observed, { kind, path, text });
    if (kind !== "edited") return;
    inBackground(async () => {
      await pause(pauses.afterEdit, undefined, { signal });
      for (const { index } of indexes.values()) await index.update(path, rulesOf(real), signal);
    });
  }

  return {
    index(family, from) {
      if (root === undefined) return undefined;
      const real = root;
      const known = indexes.get(family) ?? { index: createDefinitionIndex(real, family, parsers), due: 0, busy: false };
      indexes.set(family, known);
      if (!known.busy && performance.now() >= known.due) {
        known.busy = true;
        inBackground(async () => {
          try {
            if (known.due === 0) await pause(pauses.first, undefined, { signal });
            await refresh(real, known.index, from);
          } finally {
            known.busy = false;
            known.due = performance.now() + pauses.again;
          }
        });
      }
      return known.index;
    },
    observed: () => observed,
    observe(observation) {
      observing = observing.then(() => take(observation)).catch(() => undefined);
    },
    isAllowed: (path) => !excluded.has(path),
    dispose: () => ending.abort(),
  };
}
