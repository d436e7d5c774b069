import { isExcluded } from "#core/completion/exclusion";
import { promptPath } from "#core/completion/window";
import { candidatesFor } from "#core/context/candidates";
import { importsOf, resolveImport } from "#core/context/imports";
import { familyOf, reachOf } from "#core/context/languages";
import { lineOf, neighbourhoodOf } from "#core/context/neighbourhood";
import { type Chunk, chunksOf, nextRing, ringLimits } from "#core/context/ring";
import type { Observation } from "#core/contracts/completion";
import type { ContextChunk } from "#core/contracts/inference";
import type { Settings } from "#core/settings/schema";
import type { Parsers } from "../../syntax/parser.ts";
import type { DefinitionIndex } from "./definition-index.ts";
import { createProject, type Pauses, type Project } from "./project.ts";

/** A cursor for which text of other places is wanted. */
export interface ContextPlace {
  readonly path: string;
  readonly languageId: string;
  readonly workspace?: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
  /** True where a graphics card reads the prompt, which then may be longer. */
  readonly graphics: boolean;
  /** While it rests nobody waits: the moment for context to change. */
  readonly cursor: "typing" | "resting";
}

/** Text of other places of a project that helps a suggestion. */
export interface ProjectContext {
  /** Notes what the user did. Nothing of files outside of the workspace or excluded from it is kept. */
  observe(observation: Observation): void;
  /**
   * What is known by now, without waiting. It stays the same, byte for byte, while one types in one place, and grows at its end
   * when the cursor has gone elsewhere or rests.
   */
  chunksFor(place: ContextPlace): readonly ContextChunk[];
  dispose(): void;
}

/** What {@link createProjectContext} needs. */
export interface ProjectContextOptions {
  readonly parsers: Pick<Parsers, "parse">;
  readonly settings: { current(workspace?: string): Settings };
  /** Other pauses than the usual ones, for tests. */
  readonly pauses?: Pauses;
}

/** What a document has been given, and where its cursor was then. */
interface DocumentRing {
  readonly ring: readonly Chunk[];
  readonly chunks: readonly ContextChunk[];
  readonly line: number;
}

interface OpenProject {
  readonly project: Project;
  /** By path, the one used longest ago first. */
  readonly rings: Map<string, DocumentRing>;
}

const mostProjects = 3;
const mostRings = 20;
/** Lines a cursor may go before another context is looked for while somebody types. */
const sameNeighbourhood = 20;
const none: readonly ContextChunk[] = [];

/** Creates {@link ProjectContext}. Nothing is read before a workspace is first asked for. */
export function createProjectContext({ parsers, settings, pauses }: ProjectContextOptions): ProjectContext {
  const projects = new Map<string, OpenProject>();

  function isOn(workspace: string): boolean {
    if (settings.current(workspace)["localcoder.completion.context"]) return true;
    close(workspace);
    return false;
  }

  function projectOf(workspace: string): OpenProject {
    const rings = projects.get(workspace)?.rings ?? new Map<string, DocumentRing>();
    const opened = projects.get(workspace) ?? {
      rings,
      project: createProject({
        folder: workspace,
        parsers,
        pauses,
        isExcludedByUser: (path) =>
          isExcluded(
            settings.current(workspace)["localcoder.completion.exclude"],
            { path: `${workspace}/${path}`, workspace },
            process.platform,
          ),
        inUse: () => [...rings.values()].flatMap(({ ring }) => ring.map(sourceOf)),
      }),
    };
    projects.delete(workspace);
    projects.set(workspace, opened);
    for (const oldest of projects.keys()) if (projects.size > mostProjects) close(oldest);
    return opened;
  }

  function close(workspace: string): void {
    projects.get(workspace)?.project.dispose();
    projects.delete(workspace);
  }

  return {
    observe(observation) {
      const { workspace } = observation;
      // A path elsewhere is not even looked at.
      if (workspace === undefined || !isInWorkspace(observation.path, workspace)) return;
      if (isOn(workspace)) projectOf(workspace).project.observe(observation);
    },

    chunksFor(place) {
      const { workspace, languageId } = place;
      if (workspace === undefined || !isOn(workspace)) return none;
      if (!isInWorkspace(place.path, workspace)) return none;
      const path = promptPath(place.path, workspace);
      const { project, rings } = projectOf(workspace);
      const family = familyOf(languageId);
      const index = family === undefined ? undefined : project.index(family, path);
      const before = rings.get(path);
      const now = before === undefined || isDue(before, place, project) ? select(place, path, project, index, before) : before;
      rings.delete(path);
      rings.set(path, now);
      for (const oldest of rings.keys()) if (rings.size > mostRings) rings.delete(oldest);
      return now.chunks;
    },

    dispose() {
      for (const workspace of [...projects.keys()]) close(workspace);
    },
  };
}

function sourceOf({ from, path }: Chunk): string {
  return from ?? path;
}

/** As the client names them; where links really lead is looked at before anything is read. */
function isInWorkspace(path: string, workspace: string): boolean {
  const root = workspace.replaceAll("\\", "/").replace(/\/+$/, "");
  return path.replaceAll("\\", "/").startsWith(`${root}/`);
}

/** True when another context may be given: after a jump, while the cursor rests, where there was none, and when a file was excluded. */
function isDue(before: DocumentRing, { prefix, cursor }: ContextPlace, { isAllowed }: Project): boolean {
  if (!before.ring.every((chunk) => isAllowed(sourceOf(chunk)))) return true;
  if (before.ring.length === 0 || cursor === "resting") return true;
  return Math.abs(lineOf(prefix) - before.line) > sameNeighbourhood;
}

function select(
  { prefix, suffix, languageId, graphics }: ContextPlace,
  path: string,
  project: Project,
  index: DefinitionIndex | undefined,
  before: DocumentRing | undefined,
): DocumentRing {
  const limits = ringLimits[graphics ? "gpu" : "cpu"];
  const place = neighbourhoodOf(path, prefix, suffix);
  const imports =
    index === undefined
      ? []
      : importsOf(languageId, prefix).map(({ module, names }) => ({ names, paths: resolveImport(languageId, path, module, index.files) }));
  const candidates = candidatesFor(
    place,
    {
      observed: project.observed(),
      imports,
      reach: reachOf(languageId),
      named: (name) => index?.named(name) ?? [],
      in: (file) => index?.in(file) ?? [],
    },
    limits,
  );
  const held = before?.ring.filter((chunk) => project.isAllowed(sourceOf(chunk))) ?? [];
  const ring = nextRing(held, candidates, place, limits);
  return { ring, chunks: chunksOf(ring), line: lineOf(prefix) };
}
