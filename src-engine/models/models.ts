import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
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
import { rolesOfModel } from "#core/models/choose";
import { type MemoryOf, memoryBudget, memoryNeed } from "#core/models/fit";
import { formatMemory } from "#core/models/format";
import { clearlySmaller, nextSmaller, type Recommendation, recommend } from "#core/models/tiers";
import type { DataFolders } from "#core/settings/folders";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "../inference/host.ts";
import { createConnections } from "../network/connections.ts";
import type { Network } from "../network/network.ts";
import { proxyFor } from "../network/proxy.ts";
import { providerOf } from "../servers/served-inference.ts";
import type { ServedModel, Servers } from "../servers/servers.ts";
import { catalogue as shippedCatalogue } from "./catalogue.ts";
import { type Choice, choosableRoles, createChoice, type FailedModel, type ModelPlaceOfUse } from "./choice.ts";
import type { FoundModel } from "./discover.ts";
import { createDownloadQueue } from "./download-queue.ts";
import { createDownloads, type DownloadsOptions } from "./downloads.ts";
import { readGraphics } from "./graphics.ts";
import { createHeaderCache } from "./header-cache.ts";
import { fileAddress, hubAddress, hubHosts } from "./hub.ts";
import { createHubToken, type Keyring } from "./hub-token.ts";
import { importModels } from "./import.ts";
import { latest } from "./latest.ts";
import { createLibrary, roleSettings } from "./library.ts";
import { type BackendsLook, describeMachine, lookAtBackends, memoryOf } from "./machine.ts";
import { mergeModels, nameOf } from "./merge.ts";
import { modelOfEnvironment } from "./places.ts";
import { readCores } from "./processor.ts";
import { readModel } from "./read-model.ts";
import { cannotFillIn, rolesOnServer, servedReference, suitsNoRole } from "./served.ts";
import { createSpeeds, type SpeedsOptions } from "./speeds.ts";
import { type ModelTest, testModel } from "./test-load.ts";

/** Models: what there is, what fits, getting one, and choosing it. */
export interface Models {
  /** With a glance the heads of new files are not waited for: their models are "reading". */
  list(glance?: boolean): Promise<Model[]>;
  machine(): Promise<Machine>;
  /** Reads what a GGUF file says of itself; throws for one that is damaged or no model. */
  inspect(path: string): Promise<ModelFile>;
  /** Starts or resumes a download and follows it until it is done, failed or paused. Leaving the stream does not stop it. */
  get(
    id: string,
    /** `anyway`: also a model that has no room here. */
    how: { readonly acceptLicence: boolean; readonly anyway?: boolean },
    signal?: AbortSignal,
  ): AsyncGenerator<Download, void, void>;
  pause(id: string): Promise<void>;
  discard(id: string): Promise<void>;
  downloads(signal?: AbortSignal): AsyncGenerator<Download[], void, void>;
  use(model: string, roles?: readonly ModelRole[]): Promise<Model>;
  test(role: ModelRole, signal?: AbortSignal): Promise<ModelTest>;
  /** A model by its id or file as inference takes it; throws for one that cannot be read. */
  reference(id: string): Promise<ModelReference>;
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
  readonly keyring?: Keyring;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
  readonly catalogue?: readonly CatalogueEntry[];
  readonly download?: Pick<DownloadsOptions, "freeBytes" | "wait" | "silence">;
  readonly rest?: SpeedsOptions["rest"];
}

/** Tokens of context without which a model is of no use. */
const leastContext = 2048;

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

  const hub = () => hubAddress(settings.current()["localcoder.models.hub"], env);
  const connections = createConnections({ purpose: "model-download", network, env });
  const token = createHubToken({ file: join(options.folders.data, "hub-token.json"), env, keyring: options.keyring });
  /** The hosts a download needs, which are permitted together, and the proxy that stands between. */
  const hubPlace = () => {
    const address = hub();
    const proxy = proxyFor(address, env);
    return { address: address.href, hosts: [...hubHosts(address), ...(proxy ? [proxy.hostname] : [])], proxy: proxy?.host };
  };
  const downloads = createDownloads({
    ...options.download,
    catalogue,
    network,
    connections,
    queue: createDownloadQueue(join(options.folders.data, "downloads.json")),
    limits() {
      const current = settings.current();
      return {
        atOnce: current["localcoder.models.downloadsAtOnce"],
        connections: current["localcoder.models.downloadConnections"],
        bytesPerSecond: current["localcoder.models.downloadLimit"] * 1e6,
      };
    },
    token: () => token.read(),
    folder: ownFolder,
    address: (entry) => fileAddress(hub(), entry),
    inspect: async (part, entry) => void (await readModel(part, entry.name)),
    async test(entry, path, signal) {
      library.forget();
      changed.emit();
      const role = entry.roles.find((each) => each !== "router" && each !== "embedding");
      if (role) await testModel(inference, { id: entry.id, name: entry.name, path }, role, signal);
    },
  });
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
  const speeds = createSpeeds({
    file: join(options.folders.cache, "model-speeds.json"),
    inference,
    forRole,
    rest: options.rest,
    async smaller({ id, path }, role) {
      if (role !== "completion" && role !== "code" && role !== "general") return undefined;
      const parameters = (await library.find(path))?.file?.parameters;
      const here = smallerHere(await library.known(), role, parameters);
      if (here) return { id: here.entry?.id ?? here.path, name: nameOf(here), bytes: here.bytes, present: true };
      const entry = nextSmaller(catalogue, role, { id, parameters });
      return entry && { id: entry.id, name: entry.name, bytes: entry.bytes, present: false };
    },
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
      deletable: new Set(found.filter(isOurs).map(({ path }) => path)),
    });
  }

  /** The row of a model that was chosen just now. */
  async function listed(isIt: (model: Model) => boolean, name: string): Promise<Model> {
    const model = (await list()).find(isIt);
    if (model) return model;
    throw new UserError("NOT_FOUND", `${name} has gone while it was chosen.`, "Choose another model.");
  }

  async function find(id: string): Promise<FoundModel> {
    const found = await library.find(id);
    if (found) return found;
    const entry = catalogue.find((each) => each.id === id);
    if (entry) throw new UserError("NO_MODEL", `${entry.name} is not on this machine yet.`, "Download it first.");
    if (!isAbsolute(id)) {
      throw new UserError("NOT_FOUND", `There is no model called ${id}.`, "The list of models shows their names.");
    }
    const file = await cache.read(id);
    return { path: id, source: "chosen", title: basename(id), bytes: file.bytes, file };
  }

  async function useServed(served: ServedModel, asked: readonly ModelRole[] | undefined): Promise<Model> {
    for (const role of rolesOnServer(served, asked)) await settings.write({ name: roleSettings[role], value: served.id, scope: "user" });
    return listed((each) => each.id === served.id, served.model.name);
  }

  /** A download of many gigabytes that could never be used is worth a word before it begins. */
  function refuseTooLarge(entry: CatalogueEntry): void {
    const need = memoryNeed(entry, leastContext);
    const there = memory();
    if (need <= memoryBudget(there)) return;
    // Who wants a large one wants answers more than ghost text.
    const instead = recommendations().findLast(({ role }) => entry.roles.includes(role))?.entry;
    throw new UserError(
      "MODEL_DOES_NOT_FIT",
      `${entry.name} takes at least ${formatMemory(need)} of memory, and models may take ${formatMemory(memoryBudget(there))} of this machine's ${formatMemory(there.total)}.`,
      instead ? `${instead.name} is what fits best here.` : "Choose a smaller model.",
    );
  }

  const isOurs = ({ source, path }: Pick<FoundModel, "source" | "path">) => {
    const inside = relative(ownFolder(), path);
    return source === "localcoder" && !inside.startsWith("..") && !isAbsolute(inside);
  };

  async function release(id: string): Promise<string[]> {
    const found = await find(id);
    if (!isOurs(found)) {
      throw new UserError(
        "NO_PERMISSION",
        `${nameOf(found)} belongs to another program or place, so it is not deleted.`,
        `It lies at ${dirname(found.path)}.`,
      );
    }
    // A loaded model keeps its file open, which Windows would not let go.
    await inference.unload(found.path);
    for (const name of Object.values(roleSettings)) {
      const value = settings.current()[name];
      if (value === found.path || value === found.entry?.id) await settings.write({ name, value: null, scope: "user" });
    }
    library.forget();
    changed.emit();
    const parts = found.file?.parts ?? [found.path];
    return [...parts, ...parts.map((part) => `${part}.sha256`).filter((path) => existsSync(path))];
  }

  return {
    list,
    find,
    async reference(id) {
      const served = await servers.find(id);
      if (served) return servedReference(served);
      const found = await find(id);
      if (found.file) return { id: found.entry?.id ?? found.path, name: nameOf(found), path: found.path };
      throw new UserError(found.problem.code, found.problem.message, found.problem.hint);
    },
    forRole,
    bySize: choice.bySize,
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

    async *get(id, { acceptLicence, anyway = false }, signal) {
      await recovered;
      const entry = catalogue.find((each) => each.id === id);
      if (!entry)
        throw new UserError("NOT_FOUND", `There is no model called ${id} in the catalogue.`, "The list of models shows their names.");
      const present = await library.find(id);
      if (present?.file) {
        yield { id, state: "done", received: present.bytes, bytes: present.bytes, speed: 0, secondsLeft: 0, path: present.path };
        return;
      }
      if (!acceptLicence) {
        throw new UserError(
          "BAD_INPUT",
          `${entry.name} comes under the licence ${entry.licence.name}, which must be accepted first.`,
          `Read it at ${entry.licence.url}, then say yes.`,
        );
      }
      if (!anyway && !downloads.list().some((each) => each.id === id)) refuseTooLarge(entry);
      // Asking for the download is the permission for the hosts it comes from.
      for (const host of hubPlace().hosts) network.allow(host, "model-download");
      downloads.start(entry);
      const state = () => downloads.list().find((each) => each.id === id);
      for await (const download of latest(downloads.changes, state, signal)) {
        // It was discarded.
        if (!download) return;
        yield download;
        if (download.state === "done" || download.state === "failed" || download.state === "paused") return;
      }
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
    hub: async () => ({ ...hubPlace(), access: await token.access() }),
    setHubToken: (text) => token.write(text),

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
      const found = await find(id);
      if (!found.file) throw new UserError(found.problem.code, found.problem.message, found.problem.hint);
      const chosenFor = rolesToUse({ ...found, file: found.file }, roles);
      const need = memoryNeed(found.file, leastContext);
      const { total, gpu } = memoryOf(backends);
      if (need > Math.max(total, ...gpu.map((each) => each.memory ?? 0))) {
        throw new UserError(
          "MODEL_DOES_NOT_FIT",
          `${nameOf(found)} takes about ${formatMemory(need)} of memory, and this machine has ${formatMemory(total)}.`,
          "Choose a smaller model.",
        );
      }
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

    async forGhostText(id) {
      if (id === undefined) return forRole("completion");
      const served = await servers.find(id);
      if (served) {
        rolesOnServer(served, ["completion"]);
        return servedReference(served);
      }
      const found = await find(id);
      if (!found.file) throw new UserError(found.problem.code, found.problem.message, found.problem.hint);
      rolesToUse({ ...found, file: found.file }, ["completion"]);
      return { id: found.entry?.id ?? found.path, name: nameOf(found), path: found.path };
    },

    async dispose() {
      settingsChanges.dispose();
      inferenceChanges.dispose();
      serverChanges.dispose();
      speeds.dispose();
      await downloads.dispose();
      connections.close();
    },
  };
}

/** The roles a model is to be chosen for, checked: ghost text needs tokens for filling in the middle. */
function rolesToUse(model: FoundModel & { file: ModelFile }, asked: readonly ModelRole[] | undefined): ModelRole[] {
  const suited = rolesOfModel(model);
  const embeds = suited.includes("embedding");
  // A model of vectors writes nothing, and one that writes gives no vectors; the router may be any that writes.
  const roles = (asked ?? suited).filter((role) => (role === "embedding") === embeds);
  if (asked?.includes("completion") && !model.file.fillInTheMiddle) {
    throw cannotFillIn(nameOf(model));
  }
  const usable = roles.filter((role) => role !== "completion" || model.file.fillInTheMiddle);
  if (usable.length > 0) return usable;
  throw suitsNoRole(nameOf(model));
}

/** The largest model on this machine that suits the role and is clearly smaller. */
function smallerHere(found: readonly FoundModel[], role: ModelRole, parameters: number | undefined): FoundModel | undefined {
  if (parameters === undefined) return undefined;
  const sizeOf = (model: FoundModel) => model.file?.parameters ?? Number.POSITIVE_INFINITY;
  const suits = (model: FoundModel) =>
    model.file !== undefined && !model.entry?.listedOnly && rolesOfModel({ file: model.file, entry: model.entry }).includes(role);
  return [...found]
    .filter((model) => suits(model) && sizeOf(model) <= parameters * clearlySmaller)
    .sort((one, other) => sizeOf(other) - sizeOf(one))[0];
}

function slowProblem({ reason, smaller }: SlowModel): Machine["problems"][number] {
  return {
    message: reason,
    hint: smaller.present
      ? `${smaller.name} is smaller and on this machine: use it.`
      : `${smaller.name} is smaller and faster: download it.`,
  };
}
