import { UserError } from "#core/base/errors";
import type { CatalogueEntry, Model } from "#core/contracts/models";
import { adaptersFor } from "#core/models/adapter-file";
import type { Recommendation } from "#core/models/tiers";
import type { Settings } from "#core/settings/schema";
import type { Inference } from "../inference/host.ts";
import type { Servers } from "../servers/servers.ts";
import { bytesOfAdapters } from "./adapters.ts";
import type { Choice } from "./choice.ts";
import type { FoundModel } from "./discover.ts";
import type { Downloads } from "./downloads.ts";
import { folderChoices } from "./folder-choices.ts";
import type { Library } from "./library.ts";
import { mergeModels } from "./merge.ts";
import { isOurs } from "./own-files.ts";
import type { Speeds } from "./speeds.ts";

/** The models as users see them, in their order. */
export interface ModelList {
  /** With a glance the heads of new files are not waited for: their models are "reading". With a folder it says what serves there. */
  list(glance?: boolean, folder?: string): Promise<Model[]>;
  /** The row of a model that was chosen just now. */
  listed(isIt: (model: Model) => boolean, name: string, folder?: string): Promise<Model>;
}

/** What {@link createModelList} needs. */
export interface ModelListOptions {
  readonly catalogue: readonly CatalogueEntry[];
  readonly settings: { current(workspace?: string): Settings };
  readonly library: Pick<Library, "glance" | "refresh">;
  readonly servers: Pick<Servers, "list">;
  readonly downloads: Pick<Downloads, "list">;
  /** Settled when downloads of an earlier run are known. */
  readonly recovered: Promise<void>;
  readonly choice: Pick<Choice, "used">;
  readonly speeds: Pick<Speeds, "known">;
  readonly inference: Pick<Inference, "inMemory">;
  recommendations(): readonly Recommendation[];
  ownFolder(): string;
}

/** Creates the {@link ModelList}. */
export function createModelList(options: ModelListOptions): ModelList {
  const { catalogue, settings, library, servers, downloads, recovered, choice, speeds, inference, recommendations, ownFolder } = options;

  async function adapterBytes(found: readonly FoundModel[], folder: string | undefined): Promise<Map<string, number>> {
    const named = settings.current(folder)["localcoder.models.adapters"];
    const sizes = found.map(async (model): Promise<[string, number]> => {
      const files = adaptersFor(named, { id: model.entry?.id ?? model.path, path: model.path });
      return [model.path, files.length > 0 ? await bytesOfAdapters(files) : 0];
    });
    return new Map((await Promise.all(sizes)).filter(([, bytes]) => bytes > 0));
  }

  async function list(glance = false, folder?: string): Promise<Model[]> {
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
      used: unread.length > 0 ? new Map() : await choice.used({ workspace: folder }),
      inFolder: folder === undefined ? [] : (await folderChoices(settings, folder)).models.map(({ role }) => role),
      speeds: await speeds.known(found.map(({ path }) => path)),
      inMemory: inference.inMemory(),
      adapterBytes: await adapterBytes(found, folder),
      deletable: new Set(found.filter((model) => isOurs(model, ownFolder())).map(({ path }) => path)),
    });
  }

  return {
    list,
    async listed(isIt, name, folder) {
      const model = (await list(false, folder)).find(isIt);
      if (model) return model;
      throw new UserError("NOT_FOUND", `${name} has gone while it was chosen.`, "Choose another model.");
    },
  };
}
