import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { createEmitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type {
  CatalogueEntry,
  Download,
  HubAccess,
  ImportEvent,
  Machine,
  Model,
  ModelFile,
  ModelState,
  SlowModel,
} from "#core/contracts/models";
import { adaptersFor } from "#core/models/adapter-file";
import { type MemoryOf, memoryBudget } from "#core/models/fit";
import { type Recommendation, recommend } from "#core/models/tiers";
import type { DataFolders } from "#core/settings/folders";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "../inference/host.ts";
import type { Network } from "../network/network.ts";
import type { Keyring } from "../secrets/secret.ts";
import { providerOf } from "../servers/served-inference.ts";
import type { ServedModel, Servers } from "../servers/servers.ts";
import { bytesOfAdapters, readAdapterFor } from "./adapters.ts";
import { catalogue as shippedCatalogue } from "./catalogue.ts";
import { type Choice, choosableRoles, createChoice, type FailedModel, type ModelPlaceOfUse } from "./choice.ts";
import type { FoundModel } from "./discover.ts";
import type { DownloadsOptions } from "./downloads.ts";
import { createFromHub } from "./from-hub.ts";
import { createGetting, type Get } from "./getting.ts";
import { readGraphics } from "./graphics.ts";
import { createHeaderCache } from "./header-cache.ts";
import type { HubSearch } from "./hub-search.ts";
import { importModels } from "./import.ts";
import { latest } from "./latest.ts";
import { createLibrary, roleSettings } from "./library.ts";
import { type BackendsLook, describeMachine, lookAtBackends, memoryOf } from "./machine.ts";
import { mergeModels, nameOf } from "./merge.ts";
import { createNamed } from "./named.ts";
import { filesOf, isOurs, refuseForeign } from "./own-files.ts";
import { modelOfEnvironment } from "./places.ts";
import { readCores } from "./processor.ts";
import { readModel } from "./read-model.ts";
import { rolesOnServer } from "./served.ts";
import { slowProblem, smallerModel } from "./smaller.ts";
import type { SpeedFile } from "./speed-file.ts";
import { createSpeeds, type SpeedsOptions } from "./speeds.ts";
import { type ModelTest, testModel } from "./test-load.ts";
import { readable, refuseTooLargeToUse, rolesToUse } from "./using.ts";

/** Models: what there is, what fits, getting one, and choosing it. */
export interface Models {
  /** With a glance the heads of new files are not waited for: their models are "reading". */
  list(glance?: boolean): Promise<Model[]>;
  machine(): Promise<Machine>;
  /** Reads what a GGUF file says of itself; throws for one that is damaged or no model. */
  inspect(path: string): Promise<ModelFile>;
  readonly get: Get;
  readonly searchHub: HubSearch["repositories"];
  readonly hubFiles: HubSearch["files"];
  pause(id: string): Promise<void>;
  discard(id: string): Promise<void>;
  downloads(signal?: AbortSignal): AsyncGenerator<Download[], void, void>;
  use(model: string, roles?: readonly ModelRole[]): Promise<Model>;
  test(role: ModelRole, signal?: AbortSignal): Promise<ModelTest>;
  /** A model by its id or file as inference takes it; throws for one that cannot be read. */
  reference(id: string): Promise<ModelReference>;
  /** The adapters a model is loaded with. */
  adapters(id: string, path: string): string[];
  /** Loads a model with other adapters from its next request on. Throws what is wrong with one. */
  setAdapters(id: string, files: readonly string[]): Promise<void>;
  /** A model on this machine, by its id or file. */
  find(id: string): Promise<FoundModel>;
  /** Frees the memory of one model, or of all. */
  unload(id?: string): Promise<void>;
  /** Lets go of a file of ours and answers its parts. */
  release(id: string): Promise<string[]>;
  remove(id: string): Promise<void>;
  /** Models that turned out too slow, each told once and to one listener. */
  slow(signal?: AbortSignal): AsyncGenerator<SlowModel, void, void>;
  states(signal?: AbortSignal): AsyncGenerator<ModelState[], void, void>;
  /** Copies models in from a file, a folder or a stick. */
  import(path: string, signal?: AbortSignal): AsyncGenerator<ImportEvent, void, void>;
  hub(): Promise<{ address: string; hosts: string[]; proxy?: string; access: HubAccess }>;
  setHubToken(token: string): Promise<HubAccess>;
  /** Goes on with the downloads that were wanted when an earlier engine ended. */
  resumeDownloads(): Promise<void>;
  /** The model that serves a role now; throws NO_MODEL with what can be done. */
  forRole(role: ModelRole, place?: ModelPlaceOfUse, failed?: FailedModel): Promise<ModelReference>;
  /** See {@link Choice.bySize}. */
  bySize: Choice["bySize"];
  /** See {@link Choice.another}. */
  another: Choice["another"];
  /** A model by its id or file, else the one in use; throws NO_FIM_TOKENS for one that cannot fill in. */
  forGhostText(id: string | undefined): Promise<ModelReference>;
  dispose(): Promise<void>;
}

/** The part of the settings service that models need. */
export interface ModelSettings {
  current(workspace?: string): Settings;
  write(change: { readonly name: string; readonly value?: unknown; readonly scope: "user" }): Promise<void>;
  readonly changes: { listen(listener: () => void): { dispose(): void } };
}

/** What {@link createModels} needs; those after `inference` are for tests. */
export interface ModelsOptions {
  readonly folders: Pick<DataFolders, "data" | "models" | "cache">;
  readonly settings: ModelSettings;
  readonly network: Network;
  readonly inference: Inference;
  readonly servers: Servers;
  readonly speeds: SpeedFile;
  readonly keyring?: Keyring;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
  readonly catalogue?: readonly CatalogueEntry[];
  readonly download?: Pick<DownloadsOptions, "freeBytes" | "wait" | "silence">;
  readonly rest?: SpeedsOptions["rest"];
}

/** Creates the models service of an engine. */
export function createModels(options: ModelsOptions): Models {
  const { settings, network, inference, servers, env = process.env, home = homedir(), catalogue = shippedCatalogue } = options;
  const ownFolder = () => {
    const folder = settings.current()["localcoder.models.folder"];
    return isAbsolute(folder) ? folder : options.folders.models;
  };
  const contextSize = () => settings.current()["localcoder.inference.contextSize"];
  const cache = createHeaderCache(join(options.folders.cache, "model-heads.json"));
  const forThisRun = modelOfEnvironment({ env, ownFolder: ownFolder() });
  const library = createLibrary({ env, platform: process.platform, home, catalogue, cache, settings, ownFolder, forThisRun });
  const changed = createEmitter<void>();
  let backends: BackendsLook | undefined;

  const fromHub = createFromHub({
    ...options,
    env,
    catalogue,
    ownFolder,
    arrived() {
      library.forget();
      changed.emit();
    },
  });
  const { downloads } = fromHub;
  const recovered = downloads.recover();
  const settingsChanges = settings.changes.listen(() => {
    library.forget();
    changed.emit();
    if (settings.current()["localcoder.network.offline"]) void leaveNetwork();
  });
  const inferenceChanges = inference.states.listen(() => changed.emit());
  const serverChanges = servers.changes.listen(() => changed.emit());

  /** Going offline ends connections that are open already, too. */
  async function leaveNetwork(): Promise<void> {
    for (const { id, state } of downloads.list()) if (state === "downloading" || state === "waiting") await downloads.pause(id);
  }

  const memory = (): MemoryOf => ({
    ...memoryOf(backends),
    limit: settings.current()["localcoder.inference.memory"] * 2 ** 20 || undefined,
  });
  const recommendations = (): Recommendation[] => recommend(catalogue, memory(), contextSize());

  const choice = createChoice({
    settings,
    library,
    servers,
    catalogue,
    recommendations,
    budget: () => memoryBudget(memory()),
    forThisRun,
  });
  const { forRole } = choice;
  const named = createNamed({ catalogue, library, cache, servers });
  const { find } = named;
  const getting = createGetting({
    catalogue,
    library,
    downloads,
    hubSearch: fromHub.search,
    network,
    hosts: () => fromHub.place().hosts,
    ownFolder,
    memory,
    recommendations,
  });
  const speeds = createSpeeds({
    kept: options.speeds,
    inference,
    forRole,
    rest: options.rest,
    smaller: (model, role) => smallerModel(model, role, { library, catalogue }),
  });

  /** What inference says of a role, else what would serve it. */
  async function states(): Promise<ModelState[]> {
    const current = inference.current();
    return Promise.all(
      choosableRoles.map(async (role): Promise<ModelState> => {
        const state = current.find((each) => each.role === role);
        if (state && state.state !== "unloaded" && state.state !== "no-model") return state;
        return forRole(role).then(
          (model) => ({ role, state: "unloaded", model: model.name, provider: providerOf(model) }),
          (error: unknown) => ({ role, state: "no-model", reason: error instanceof UserError ? error.message : undefined }),
        );
      }),
    );
  }

  async function list(glance = false): Promise<Model[]> {
    await recovered;
    const [{ found, unread }, served] = await Promise.all([
      glance ? library.glance() : library.refresh().then((all) => ({ found: all, unread: [] })),
      servers.list(),
    ]);
    return mergeModels({
      catalogue,
      found,
      unread,
      downloads: downloads.list(),
      servers: served,
      recommendations: recommendations(),
      // Who serves which role is known when all heads are.
      used: unread.length > 0 ? new Map() : await choice.used(),
      speeds: await speeds.known(found.map(({ path }) => path)),
      inMemory: inference.inMemory(),
      adapterBytes: await adapterBytes(found),
      deletable: new Set(found.filter((model) => isOurs(model, ownFolder())).map(({ path }) => path)),
    });
  }

  async function adapterBytes(found: readonly FoundModel[]): Promise<Map<string, number>> {
    const named = settings.current()["localcoder.models.adapters"];
    const sizes = found.map(async (model): Promise<[string, number]> => {
      const files = adaptersFor(named, { id: model.entry?.id ?? model.path, path: model.path });
      return [model.path, files.length > 0 ? await bytesOfAdapters(files) : 0];
    });
    return new Map((await Promise.all(sizes)).filter(([, bytes]) => bytes > 0));
  }

  /** The row of a model that was chosen just now. */
  async function listed(isIt: (model: Model) => boolean, name: string): Promise<Model> {
    const model = (await list()).find(isIt);
    if (model) return model;
    throw new UserError("NOT_FOUND", `${name} has gone while it was chosen.`, "Choose another model.");
  }

  async function useServed(served: ServedModel, asked: readonly ModelRole[] | undefined): Promise<Model> {
    for (const role of rolesOnServer(served, asked)) await settings.write({ name: roleSettings[role], value: served.id, scope: "user" });
    return listed((each) => each.id === served.id, served.model.name);
  }

  async function release(id: string): Promise<string[]> {
    const found = await find(id);
    refuseForeign(found, ownFolder());
    // A loaded model keeps its file open, which Windows would not let go.
    await inference.unload(found.path);
    for (const name of Object.values(roleSettings)) {
      const value = settings.current()[name];
      if (value === found.path || value === found.entry?.id) await settings.write({ name, value: null, scope: "user" });
    }
    library.forget();
    changed.emit();
    return filesOf(found);
  }

  return {
    list,
    find,
    reference: named.reference,
    adapters: (id, path) => [...adaptersFor(settings.current()["localcoder.models.adapters"], { id, path })],
    async setAdapters(id, files) {
      const found = readable(await find(id));
      for (const file of files) await readAdapterFor(found.file, file);
      const name = "localcoder.models.adapters";
      const { [id]: _before, [found.path]: _other, ...others } = settings.current()[name];
      await settings.write({ name, value: files.length > 0 ? { ...others, [id]: files } : others, scope: "user" });
    },
    forRole,
    bySize: choice.bySize,
    another: choice.another,
    inspect: (path) => readModel(path),

    async machine() {
      backends = await lookAtBackends(() => inference.backends());
      const [found, graphics, cores] = await Promise.all([library.refresh(), readGraphics(), readCores()]);
      return describeMachine({
        folder: ownFolder(),
        found,
        look: backends,
        choices: [...(await choice.problems()), ...(await speeds.problems()).map(slowProblem)],
        recommendations: recommendations(),
        graphics,
        cores,
      });
    },

    async *get(id, how, signal) {
      await recovered;
      yield* getting(id, how, signal);
    },
    searchHub: fromHub.search.repositories,
    hubFiles: fromHub.search.files,

    async pause(id) {
      await recovered;
      await downloads.pause(id);
    },
    async discard(id) {
      await recovered;
      await downloads.discard(id);
    },

    async *import(path, signal) {
      yield* importModels({ path, folder: ownFolder(), catalogue, signal, freeBytes: options.download?.freeBytes });
      library.forget();
      changed.emit();
    },
    hub: async () => ({ ...fromHub.place(), access: await fromHub.token.access() }),
    setHubToken: fromHub.token.write,

    async resumeDownloads() {
      await recovered;
      if (!settings.current()["localcoder.network.offline"]) downloads.resume();
    },

    async *downloads(signal) {
      await recovered;
      yield* latest(downloads.changes, () => downloads.list(), signal);
    },

    async use(id, roles) {
      // A role in the place of a model: its model is shared.
      if (id in roleSettings && roles !== undefined) {
        for (const role of roles) await settings.write({ name: roleSettings[role], value: role === id ? null : id, scope: "user" });
        const shared = await forRole(id as ModelRole);
        return listed((model) => model.id === shared.id, shared.name);
      }
      const served = await servers.find(id);
      if (served) return useServed(served, roles);
      const found = readable(await find(id));
      const chosenFor = rolesToUse(found, roles);
      refuseTooLargeToUse(found, memoryOf(backends));
      inference.forgive(found.path);
      for (const role of chosenFor) {
        await settings.write({ name: roleSettings[role], value: found.entry?.id ?? found.path, scope: "user" });
      }
      library.forget();
      return listed((each) => each.file?.path === found.path || each.id === found.entry?.id, nameOf(found));
    },

    test: async (role, signal) => testModel(inference, await forRole(role), role, signal),
    unload: async (id) => inference.unload(id === undefined ? undefined : (await find(id)).path),

    release,

    async remove(id) {
      for (const part of await release(id)) await rm(part, { force: true });
      library.forget();
      changed.emit();
    },

    slow: speeds.slow,
    states: (signal) => latest(changed, states, signal),

    forGhostText: async (id) => (id === undefined ? forRole("completion") : named.forGhostText(id)),

    async dispose() {
      settingsChanges.dispose();
      inferenceChanges.dispose();
      serverChanges.dispose();
      speeds.dispose();
      await fromHub.dispose();
    },
  };
}
