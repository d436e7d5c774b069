import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import type { CatalogueEntry, Machine } from "#core/contracts/models";
import type { Settings } from "#core/settings/schema";
import { discoverModels, type FoundModel, type Glance } from "./discover.ts";
import type { HeaderCache } from "./header-cache.ts";
import { modelPlaces, namedFolderProblems, type PlaceOptions } from "./places.ts";

/** The settings that choose a model. */
export const roleSettings = {
  completion: "localcoder.models.completion",
  code: "localcoder.models.code",
  general: "localcoder.models.general",
  router: "localcoder.models.router",
  embedding: "localcoder.models.embedding",
} as const;

/** The model files of this machine, remembered between looks. */
export interface Library {
  /** Looks again. */
  refresh(): Promise<readonly FoundModel[]>;
  /** Looks again and says at once what can be said before the heads of new files are read; that goes on. */
  glance(): Promise<Glance>;
  /** What the last look found, or a first look. */
  known(): Promise<readonly FoundModel[]>;
  /** Looks again unless the last look was a moment ago. */
  lookAgain(): Promise<readonly FoundModel[]>;
  /** A found file by catalogue id or path, looked for again when it has gone since the last look, was not there or could not be read. */
  find(idOrPath: string): Promise<FoundModel | undefined>;
  /** What is wrong with folders that somebody named. */
  problems(): Promise<Machine["problems"]>;
  /** Forgets the last look, because something changed. */
  forget(): void;
}

/** What {@link createLibrary} needs. */
export interface LibraryOptions extends Omit<PlaceOptions, "ownFolder" | "folders"> {
  readonly catalogue: readonly CatalogueEntry[];
  readonly cache: HeaderCache;
  readonly settings: { current(): Settings };
  ownFolder(): string;
  /** A file that is looked at as well, wherever it lies. */
  readonly forThisRun?: string;
}

const leastMilliseconds = 1000;

/** Opens the library. */
export function createLibrary(options: LibraryOptions): Library {
  let last: Promise<readonly FoundModel[]> | undefined;
  let running: Promise<readonly FoundModel[]> | undefined;
  let glance: Promise<Glance> = Promise.resolve({ found: [], unread: [] });
  let ended = 0;

  async function look(onGlance: (glance: Glance) => void): Promise<readonly FoundModel[]> {
    const settings = options.settings.current();
    const chosen = [
      ...Object.values(roleSettings).map((name) => settings[name]),
      ...Object.values(settings["localcoder.models.languages"]),
      ...Object.values(settings["localcoder.models.workspaces"]).flatMap(({ adapters: _, ...models }) => Object.values(models)),
      options.forThisRun ?? "",
    ];
    return discoverModels({
      places: await modelPlaces({ ...options, ownFolder: options.ownFolder(), folders: settings["localcoder.models.folders"] }),
      chosen: [...new Set(chosen)].filter((value) => isAbsolute(value)),
      catalogue: options.catalogue,
      cache: options.cache,
      onGlance,
    });
  }

  function refresh(): Promise<readonly FoundModel[]> {
    if (running) return running;
    let seen: (glance: Glance) => void = () => {};
    const glanced = new Promise<Glance>((resolve) => {
      seen = resolve;
    });
    const current = look(seen);
    // A look that fails before it saw anything ends the glance as well.
    glance = Promise.race([glanced, current.then(() => glanced)]);
    glance.catch(() => {});
    running = current;
    last = current;
    current
      .catch(() => {
        if (last === current) last = undefined;
      })
      .finally(() => {
        ended = Date.now();
        if (running === current) running = undefined;
      });
    return current;
  }

  const known = () => last ?? refresh();
  /** Every key asks for a model: where there is none, the disk is not searched for each of them. */
  const lookAgain = () => (Date.now() - ended < leastMilliseconds ? known() : refresh());
  const match = (models: readonly FoundModel[], idOrPath: string) =>
    models.find((model) => model.path === idOrPath) ??
    models.find((model) => model.entry?.id === idOrPath && model.file) ??
    models.find((model) => model.entry?.id === idOrPath);

  return {
    refresh,
    async glance() {
      void refresh();
      return glance;
    },
    known,
    lookAgain,
    async find(idOrPath) {
      const model = match(await known(), idOrPath);
      // What was not there, or could not be read, may have been put right since.
      if (!model || model.problem) return match(await lookAgain(), idOrPath);
      const there = await stat(model.path).catch(() => undefined);
      return there ? model : match(await refresh(), idOrPath);
    },
    problems: () => namedFolderProblems({ env: options.env, folders: options.settings.current()["localcoder.models.folders"] }),
    forget() {
      last = undefined;
      running = undefined;
      ended = 0;
    },
  };
}
