import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "#core/base/errors";
import type { Recognised } from "#core/chat/about-project";
import type { Observation } from "#core/contracts/completion";
import type { Citation, ProjectFindings, ProjectPiece, ProjectQuestion, ProjectStatus, ProjectSymbol } from "#core/contracts/project";
import type { Settings } from "#core/settings/schema";
import { createMeanings, type MeaningsOptions } from "./meanings.ts";
import type { Scope } from "./project-index.ts";
import { createIndexThread, type IndexThread } from "./thread.ts";

/** What is known of the user's projects. */
export interface Project {
  find(question: ProjectQuestion): Promise<ProjectFindings>;
  symbols(about: { workspace: string; query: string; limit?: number; wait?: number }): Promise<ProjectSymbol[]>;
  map(about: {
    workspace: string;
    tokens?: number;
    mentioned?: readonly string[];
    open?: readonly string[];
    wait?: number;
  }): ReturnType<IndexThread["map"]>;
  notes(about: {
    workspace: string;
    path?: string | undefined;
    tokens?: number;
  }): Promise<{ pieces: ProjectPiece[]; leftOut: Omit<ProjectPiece, "text">[] }>;
  checkCitations(answer: { workspace: string; text: string; about?: string | undefined }): Promise<Citation[]>;
  /** What a question names that is in the workspace; nothing where no index is wanted. */
  recognise(about: { workspace: string; question: string; wait: number }): Promise<Recognised>;
  prepare(workspace: string): Promise<void>;
  status(workspace: string): Promise<ProjectStatus>;
  rebuild(workspace: string): Promise<ProjectStatus>;
  /** Notes what the user edits: the file is read again once it has most likely been saved, and counts as recent. */
  observe(observation: Observation): void;
  dispose(): Promise<void>;
}

/** What {@link createProject} needs. */
export interface ProjectOptions {
  /** The data folder: the indexes lie in a folder of their own there, and are of no value. */
  readonly folder: string;
  readonly settings: { current(workspace?: string): Settings };
  /** Files that earlier threads of a workspace were about which have to do with a question, the best first. */
  readonly earlier?: (workspace: string, question: string) => readonly string[];
  /** Answers what texts mean, where an embedding model is there; missing: nothing does. */
  readonly embedding?: Omit<MeaningsOptions, "thread">;
  /** Milliseconds after an edit. */
  readonly afterEdit?: number;
}

/** Files that were edited lately, for each workspace. */
const mostRecent = 20;
const nothing: ProjectStatus = { state: "off", files: 0, waiting: 0, places: 0, definitions: 0, skipped: 0, full: false, bytes: 0 };

/** Creates {@link Project}. Nothing is read before the first question. */
export function createProject({ folder, settings, earlier, embedding, afterEdit = 3000 }: ProjectOptions): Project {
  const thread = createIndexThread(join(folder, "project-index"));
  const meanings = embedding && createMeanings({ ...embedding, thread });
  const edited = new Map<string, string[]>();
  const ending = new AbortController();

  function isOn(workspace: string): boolean {
    return settings.current(workspace)["localcoder.project.index"];
  }

  /** Throws SWITCHED_OFF where the user wants no index. */
  function scopeOf(workspace: string): Scope {
    const current = settings.current(workspace);
    if (!isOn(workspace))
      throw new UserError(
        "SWITCHED_OFF",
        "The project index is switched off.",
        "Set localcoder.project.index to true to ask about the project.",
      );
    return { workspace, exclude: current["localcoder.completion.exclude"], repositories: current["localcoder.project.repositories"] };
  }

  return {
    // `async` so that a setting that forbids it fails as everything else does.
    async find({ workspace, question, tokens = 3000, recent = [], wait = 10_000 }) {
      const lately = [...new Set([...recent, ...(edited.get(workspace) ?? [])])];
      const scope = scopeOf(workspace);
      const meaning = await meanings?.of(question);
      meanings?.follow(scope);
      return thread.find(scope, { question, tokens, recent: lately, earlier: earlier?.(workspace, question) ?? [], wait, meaning });
    },
    async symbols({ workspace, query, limit = 20, wait = 10_000 }) {
      return thread.symbols(scopeOf(workspace), { query, limit, wait });
    },
    async map({ workspace, tokens = 500, mentioned = [], open = [], wait = 10_000 }) {
      return thread.map(scopeOf(workspace), { tokens, mentioned, open, wait });
    },
    notes: ({ workspace, path, tokens = 500 }) => thread.notes({ workspace, exclude: [], repositories: [] }, { path, tokens }),
    async checkCitations({ workspace, text, about }) {
      return thread.checkCitations(scopeOf(workspace), text, about);
    },
    async recognise({ workspace, question, wait }) {
      return isOn(workspace) ? thread.recognise(scopeOf(workspace), question, wait) : { files: [], names: [] };
    },
    async prepare(workspace) {
      if (!isOn(workspace)) return;
      await thread.prepare(scopeOf(workspace));
      meanings?.follow(scopeOf(workspace));
    },
    async status(workspace) {
      return isOn(workspace) ? thread.status(scopeOf(workspace)) : nothing;
    },
    async rebuild(workspace) {
      return thread.rebuild(scopeOf(workspace));
    },
    observe({ kind, workspace, path }) {
      if (kind !== "edited" || workspace === undefined || !isOn(workspace)) return;
      edited.set(workspace, [path, ...(edited.get(workspace) ?? []).filter((one) => one !== path)].slice(0, mostRecent));
      pause(afterEdit, undefined, { signal: ending.signal, ref: false })
        .then(() => thread.changed(scopeOf(workspace), path))
        .catch(() => {
          // Ended, or no such folder any more: the next question looks for changes by itself.
        });
    },
    async dispose() {
      ending.abort();
      meanings?.dispose();
      await thread.dispose();
    },
  };
}
