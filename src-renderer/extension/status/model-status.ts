import { createEmitter, type Emitter } from "#core/base/emitter";
import type { Download, FolderChoices, Model, ModelState } from "#core/contracts/models";
import { windowWorkspace } from "../documents.ts";
import type { Features } from "../features.ts";
import { follow } from "../follow.ts";

/** What the window knows of models, kept up to date by the engine's streams. */
export interface ModelStatus {
  /** Undefined before the engine was reached for the first time, "lost" while it is gone. */
  readonly states: () => readonly ModelState[] | "lost" | undefined;
  readonly downloads: () => readonly Download[];
  /** The last known list; empty before the first answer. */
  readonly models: () => readonly Model[];
  readonly names: () => ReadonlyMap<string, string>;
  /** What was chosen for the folder of this window alone; undefined without a folder, and before the first answer. */
  readonly folder: () => FolderChoices | undefined;
  /** Asks for the list of models anew. */
  readonly refresh: () => Promise<void>;
  /** The list of models or a download changed. */
  readonly changes: Emitter<void>;
  /** A state changed: while somebody types, several times a key. */
  readonly stateChanges: Emitter<void>;
}

/** Follows states and downloads for the life of the window. */
export function createModelStatus(features: Features): ModelStatus {
  const { engine, own, vscode } = features;
  const changes = createEmitter<void>();
  const stateChanges = createEmitter<void>();
  let states: readonly ModelState[] | "lost" | undefined;
  let downloads: readonly Download[] = [];
  let models: readonly Model[] = [];
  let names = new Map<string, string>();
  let choices: FolderChoices | undefined;
  let lastOutline = "";
  let lastUse = "";

  const refresh = async () => {
    const folder = windowWorkspace(vscode);
    try {
      choices = folder === undefined ? undefined : await engine.models.folderChoices({ folder });
      take(await engine.models.list({ glance: true, folder }));
      if (models.some(({ state }) => state === "reading")) take(await engine.models.list({ folder }));
    } catch {
      // The list is asked for again at the next change of a download or a state.
    }
  };

  function take(list: readonly Model[]): void {
    models = list;
    names = new Map(
      models.flatMap((model) => [[model.id, model.name] as const, ...(model.file ? [[model.file.path, model.name] as const] : [])]),
    );
    changes.emit();
  }

  own(
    follow(
      (signal) => engine.models.states({ folder: windowWorkspace(vscode) }, { signal }),
      (value) => {
        // The list says what is used and what is in memory; that does not change with each request a model is busy with.
        const use = value.map(({ role, model, state }) => `${role}:${model}:${state === "busy" ? "ready" : state}`).join();
        const first = typeof states !== "object";
        states = value;
        stateChanges.emit();
        if (first || use !== lastUse) void refresh();
        lastUse = use;
      },
      () => {
        states = "lost";
        stateChanges.emit();
      },
    ),
  );
  own(
    follow(
      (signal) => engine.models.downloads(undefined, { signal }),
      (value) => {
        downloads = value;
        // The list of models changes when a download begins, pauses or ends, not with each byte.
        const outline = value.map(({ id, state }) => `${id}:${state}`).join();
        if (outline !== lastOutline) void refresh();
        lastOutline = outline;
        changes.emit();
      },
    ),
  );
  own(vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("localcoder.models") && void refresh()));
  return {
    states: () => states,
    downloads: () => downloads,
    models: () => models,
    names: () => names,
    folder: () => choices,
    refresh,
    changes,
    stateChanges,
  };
}
