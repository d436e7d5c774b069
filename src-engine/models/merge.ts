import type { ModelRole } from "#core/contracts/common";
import type { CatalogueEntry, Download, Model, ModelSpeed } from "#core/contracts/models";
import type { ModelServer } from "#core/contracts/servers";
import { rolesOfModel } from "#core/models/choose";
import { explain, type Recommendation } from "#core/models/tiers";
import type { ModelReference } from "../inference/host.ts";
import type { FoundModel, UnreadModel } from "./discover.ts";

/** Puts catalogue, disk, downloads and choices together into what the user sees: recommended first, then what is here, then the rest. */
export function mergeModels(options: {
  readonly catalogue: readonly CatalogueEntry[];
  readonly found: readonly FoundModel[];
  /** Files whose heads are still to be read. */
  readonly unread: readonly UnreadModel[];
  readonly downloads: readonly Download[];
  readonly servers: readonly ModelServer[];
  readonly recommendations: readonly Recommendation[];
  /** Roles by the path of the model that serves them now. */
  readonly used: ReadonlyMap<string, readonly ModelRole[]>;
  /** Roles whose model was chosen for the folder that is asked for alone. */
  readonly inFolder: readonly ModelRole[];
  /** Measured speeds by path. */
  readonly speeds: ReadonlyMap<string, ModelSpeed>;
  /** Bytes that models in memory take, by path. */
  readonly inMemory: ReadonlyMap<string, number>;
  /** Bytes of the adapters of models that have some, by path. */
  readonly adapterBytes: ReadonlyMap<string, number>;
  /** Paths of files that are ours to delete. */
  readonly deletable: ReadonlySet<string>;
}): Model[] {
  const { catalogue, found, unread, downloads, servers, recommendations, used, inFolder, speeds, inMemory, adapterBytes, deletable } =
    options;
  const ofFile = (path: string) => ({
    speed: speeds.get(path),
    inMemory: inMemory.get(path),
    adapterBytes: adapterBytes.get(path),
    deletable: deletable.has(path),
  });
  const entries = catalogue.map((entry): Model => {
    const here = found.find((model) => model.entry?.id === entry.id);
    const reading = here ? undefined : unread.find((model) => model.entry?.id === entry.id);
    const recommended = recommendations.filter((each) => each.entry.id === entry.id);
    const usedFor = [...(here ? (used.get(here.path) ?? []) : [])];
    const reason = explain(recommended, usedFor);
    return {
      id: entry.id,
      name: entry.name,
      catalogue: entry,
      file: here?.file,
      source: (here ?? reading)?.source ?? "catalogue",
      state: here ? "ready" : reading ? "reading" : downloadState(downloads.find((download) => download.id === entry.id)),
      roles: [...entry.roles],
      used: usedFor,
      recommended: reason !== undefined,
      recommendedFor: recommended.length > 0 ? recommended.map(({ role }) => role) : undefined,
      reason,
      smaller: recommended[0]?.smaller,
      bigger: recommended[0]?.bigger,
      ...(here && ofFile(here.path)),
    };
  });
  // A second copy of a catalogue model, in another place, is not worth a row of its own.
  const others = found.filter((model) => model.entry === undefined);
  const coming = unread.filter((model) => model.entry === undefined);
  const all = [
    ...entries,
    ...coming.map(describeUnread),
    ...downloads.filter(({ id, state }) => state !== "done" && !catalogue.some((entry) => entry.id === id)).map(describeComing),
    ...others.map((model) => ({ ...describeOther(model, used), ...ofFile(model.path) })),
    ...servers.flatMap((server) => describeServed(server, used)),
  ];
  const rank = (model: Model) => (model.used.length > 0 ? 0 : model.recommended ? 1 : model.state === "available" ? 3 : 2);
  return all
    .map((model, index) => ({ model, index }))
    .sort((one, other) => rank(one.model) - rank(other.model) || one.index - other.index)
    .map(({ model }) => {
      const own = model.used.filter((role) => inFolder.includes(role));
      return own.length > 0 ? { ...model, usedInFolder: own } : model;
    });
}

/** A file of the hub on its way; when it is here, it is found as any other. */
function describeComing(download: Download): Model {
  const { id, name = id, bytes } = download;
  return { id, name, source: "hub", state: downloadState(download), bytes, roles: [], used: [], recommended: false };
}

function describeUnread({ path, source, title, bytes }: UnreadModel): Model {
  return { id: path, name: title, source, state: "reading", bytes, roles: [], used: [], recommended: false };
}

function describeOther(model: FoundModel, used: ReadonlyMap<string, readonly ModelRole[]>): Model {
  const common = { id: model.path, source: model.source, used: [...(used.get(model.path) ?? [])], recommended: false };
  if (!model.file) {
    return { ...common, name: model.title, state: "damaged", roles: [], reason: model.problem.message };
  }
  return {
    ...common,
    name: nameOf(model),
    file: model.file,
    state: "ready",
    roles: rolesOfModel({ file: model.file, entry: model.entry }),
  };
}

function describeServed({ address, title, place, models }: ModelServer, used: ReadonlyMap<string, readonly ModelRole[]>): Model[] {
  return models.map(({ id, name, bytes, chats, fillsIn }) => ({
    id,
    name,
    source: "server",
    server: { address, title, place, bytes },
    state: "ready",
    roles: [...(fillsIn ? (["completion"] as const) : []), ...(chats ? (["code", "general"] as const) : [])],
    used: [...(used.get(id) ?? [])],
    recommended: false,
  }));
}

/** A found model as inference takes it. */
export function referenceOf(model: FoundModel): ModelReference {
  return { id: model.entry?.id ?? model.path, name: nameOf(model), path: model.file?.path ?? model.path };
}

/** What a found model is called: as in the catalogue, as its own tool calls it, or as its file says. */
export function nameOf(model: FoundModel): string {
  return model.entry?.name ?? (model.source === "ollama" || model.source === "jan" ? model.title : (model.file?.name ?? model.title));
}

function downloadState(download: Download | undefined): Model["state"] {
  switch (download?.state) {
    case "paused":
      return "paused";
    case "waiting":
    case "downloading":
    case "verifying":
    case "testing":
      return "downloading";
    case "failed":
      return download.received > 0 ? "paused" : "available";
    default:
      return "available";
  }
}
