import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { createEmitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type {
  CatalogueEntry,
  Download,
  HubAccess,
  HubHead,
  ImportEvent,
  Machine,
  Model,
  ModelFile,
  ModelState,
} from "#core/contracts/models";
import { type MemoryOf, memoryBudget } from "#core/models/fit";
import { type Recommendation, recommend } from "#core/models/tiers";
import type { DataFolders } from "#core/settings/folders";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "../inference/host.ts";
import type { Network } from "../network/network.ts";
import type { Keyring } from "../secrets/secret.ts";
import type { Servers } from "../servers/servers.ts";
import { catalogue as shippedCatalogue } from "./catalogue.ts";
import { type Choice, createChoice, type FailedModel, type ModelPlaceOfUse } from "./choice.ts";
import type { FoundModel } from "./discover.ts";
import type { DownloadsOptions } from "./downloads.ts";
import { createFromHub } from "./from-hub.ts";
import { createGetting, type Get } from "./getting.ts";
import { readGraphics } from "./graphics.ts";
import { createHeaderCache } from "./header-cache.ts";
import { describeHead } from "./hub-head.ts";
import type { HubSearch } from "./hub-search.ts";
import { importModels } from "./import.ts";
import { latest } from "./latest.ts";
import { createLibrary } from "./library.ts";
import { type BackendsLook, describeMachine, lookAtBackends, memoryOf } from "./machine.ts";
import { createModelList } from "./model-list.ts";
import { modelStates } from "./model-states.ts";
import { createNamed } from "./named.ts";
import { modelOfEnvironment } from "./places.ts";
import { type Cores, coresForModels, readCores } from "./processor.ts";
import { readModel } from "./read-model.ts";
import { slowProblem, smallerModel } from "./smaller.ts";
import type { SpeedFile } from "./speed-file.ts";
import { createSpeeds, type Speeds, type SpeedsOptions } from "./speeds.ts";
import { type ModelTest, testModel } from "./test-load.ts";
import { createUseModels, type UseModels } from "./use-models.ts";

/** Models: what there is, what fits, getting one, and choosing it. */
export interface Models extends UseModels, Pick<Choice, "bySize" | "another" | "router">, Pick<Speeds, "slow" | "keepSpeed"> {
  /** With a glance the heads of new files are not waited for: their models are "reading". With a folder it says what serves there. */
  list(glance?: boolean, folder?: string): Promise<Model[]>;
  machine(): Promise<Machine>;
  /** Reads what a GGUF file says of itself; throws for one that is damaged or no model. */
  inspect(path: string): Promise<ModelFile>;
  readonly get: Get;
  readonly searchHub: HubSearch["repositories"];
  readonly hubFiles: HubSearch["files"];
  /** What a file of the hub is and takes, read from its head before it is downloaded. */
  hubHead(id: string, signal?: AbortSignal): Promise<HubHead>;
  pause(id: string): Promise<void>;
  discard(id: string): Promise<void>;
  downloads(signal?: AbortSignal): AsyncGenerator<Download[], void, void>;
  test(role: ModelRole, signal?: AbortSignal): Promise<ModelTest>;
  /** A model by its id or file as inference takes it; throws for one that cannot be read. */
  reference(id: string): Promise<ModelReference>;
  /** A model on this machine, by its id or file. */
  find(id: string): Promise<FoundModel>;
  /** Frees the memory of one model, or of all. */
  unload(id?: string): Promise<void>;
  states(folder?: string, signal?: AbortSignal): AsyncGenerator<ModelState[], void, void>;
  /** Copies models in from a file, a folder or a stick. */
  import(path: string, signal?: AbortSignal): AsyncGenerator<ImportEvent, void, void>;
  hub(): Promise<{ address: string; hosts: string[]; proxy?: string; access: HubAccess }>;
  setHubToken(token: string): Promise<HubAccess>;
  /** Goes on with the downloads that were wanted when an earlier engine ended. */
  resumeDownloads(): Promise<void>;
  /** The model that serves a role now; throws NO_MODEL with what can be done. */
  forRole(role: ModelRole, place?: ModelPlaceOfUse, failed?: FailedModel): Promise<ModelReference>;
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
  let cores: Cores = {};

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
  const coresKnown = readCores().then((found) => {
    cores = found;
  });
  const recovered = Promise.all([downloads.recover(), coresKnown]).then(() => undefined);
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
    cores: coresForModels(cores),
    limit: settings.current()["localcoder.inference.memory"] * 2 ** 20 || undefined,
  });
  const recommendations = (): Recommendation[] =>
    recommend(catalogue, memory(), contextSize(), settings.current()["localcoder.inference.keyValueType"]);

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
    head: fromHub.head,
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
    serving: choice.serving,
    rest: options.rest,
    smaller: (model, role) => smallerModel(model, role, { library, catalogue }),
  });

  const { list, listed } = createModelList({
    catalogue,
    settings,
    library,
    servers,
    downloads,
    recovered,
    choice,
    speeds,
    inference,
    recommendations,
    ownFolder,
  });

  const using = createUseModels({
    settings,
    library,
    servers,
    inference,
    choice,
    listed,
    find,
    ownFolder,
    memory: () => memoryOf(backends),
    changed: changed.emit,
  });

  return {
    ...using,
    list,
    find,
    reference: named.reference,
    forRole,
    bySize: choice.bySize,
    another: choice.another,
    router: choice.router,
    inspect: (path) => readModel(path),

    async machine() {
      backends = await lookAtBackends(() => inference.backends());
      const [found, graphics] = await Promise.all([library.refresh(), readGraphics(), coresKnown]);
      return describeMachine({
        folder: ownFolder(),
        found,
        speeds: await speeds.known(found.map(({ path }) => path)),
        look: backends,
        problems: [await library.problems(), await choice.problems(), (await speeds.problems()).map(slowProblem)].flat(),
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
    async hubHead(id, signal) {
      const entry = await fromHub.search.find(id, signal);
      if (!entry) throw new UserError("BAD_INPUT", `${id} is not the name of a file of the hub.`, "Write it as OWNER/NAME/FILE.gguf.");
      return describeHead(await fromHub.head(entry, signal), memory(), contextSize());
    },

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

    test: async (role, signal) => testModel(inference, await forRole(role), role, signal),
    unload: async (id) => inference.unload(id === undefined ? undefined : (await find(id)).path),

    slow: speeds.slow,
    keepSpeed: speeds.keepSpeed,
    states: (folder, signal) => latest(changed, () => modelStates(inference.current(), forRole, folder), signal),

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
