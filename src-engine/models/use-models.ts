import { rm } from "node:fs/promises";
import type { ModelRole } from "#core/contracts/common";
import type { AdapterList, FolderChoices, Model } from "#core/contracts/models";
import type { MemoryOf } from "#core/models/fit";
import type { Inference } from "../inference/host.ts";
import type { ServedModel, Servers } from "../servers/servers.ts";
import { type AdapterChoice, adapterLists, writeAdapterList } from "./adapter-lists.ts";
import { readAdapterFor } from "./adapters.ts";
import type { Choice } from "./choice.ts";
import type { FoundModel } from "./discover.ts";
import { folderChoices, leaveFolderChoice, writeChoice } from "./folder-choices.ts";
import { type Library, roleSettings } from "./library.ts";
import { nameOf } from "./merge.ts";
import type { ModelList } from "./model-list.ts";
import type { ModelSettings } from "./models.ts";
import { filesOf, refuseForeign } from "./own-files.ts";
import { rolesOnServer } from "./served.ts";
import { readable, refuseTooLargeToUse, rolesToUse } from "./using.ts";

/** What a user decides about the models that are there: what they are for, what changes them, and which go. */
export interface UseModels {
  /** With a folder for that and all below it alone. */
  use(model: string, roles?: readonly ModelRole[], folder?: string): Promise<Model>;
  /** What was chosen for a folder, or for one around it, alone. */
  folderChoices(folder: string): Promise<FolderChoices>;
  leaveFolderChoice(folder: string, role?: ModelRole): Promise<void>;
  /** The adapters that settings tell of a model. */
  adapters(id: string): Promise<AdapterList[]>;
  /** Loads a model with other adapters from its next request on. Throws what is wrong with one. */
  setAdapters(id: string, list: AdapterChoice): Promise<void>;
  /** Lets go of a file of ours and answers its parts. */
  release(id: string): Promise<string[]>;
  remove(id: string): Promise<void>;
}

/** What {@link createUseModels} needs. */
export interface UseModelsOptions {
  readonly settings: ModelSettings;
  readonly library: Pick<Library, "forget">;
  readonly servers: Pick<Servers, "find">;
  readonly inference: Pick<Inference, "forgive" | "unload">;
  readonly choice: Pick<Choice, "forRole">;
  readonly listed: ModelList["listed"];
  find(id: string): Promise<FoundModel>;
  memory(): MemoryOf;
  ownFolder(): string;
  /** Told where files or their use changed. */
  changed(): void;
}

/** Creates {@link UseModels}. */
export function createUseModels(options: UseModelsOptions): UseModels {
  const { settings, library, servers, inference, choice, listed, find, memory, ownFolder } = options;

  function changed(): void {
    library.forget();
    options.changed();
  }

  async function useServed(served: ServedModel, asked: readonly ModelRole[] | undefined, folder: string | undefined): Promise<Model> {
    await writeChoice(settings, rolesOnServer(served, asked), served.id, folder);
    return listed((each) => each.id === served.id, served.model.name, folder);
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
    changed();
    return filesOf(found);
  }

  return {
    async use(id, roles, folder) {
      // A role in the place of a model: its model is shared.
      if (id in roleSettings && roles !== undefined) {
        for (const role of roles) await writeChoice(settings, [role], role === id ? null : id, folder);
        const shared = await choice.forRole(id as ModelRole, { workspace: folder });
        return listed((model) => model.id === shared.id, shared.name, folder);
      }
      const served = await servers.find(id);
      if (served) return useServed(served, roles, folder);
      const found = readable(await find(id));
      const chosenFor = rolesToUse(found, roles);
      refuseTooLargeToUse(found, memory());
      inference.forgive(found.path);
      await writeChoice(settings, chosenFor, found.entry?.id ?? found.path, folder);
      library.forget();
      return listed((each) => each.file?.path === found.path || each.id === found.entry?.id, nameOf(found), folder);
    },

    folderChoices: (folder) => folderChoices(settings, folder),
    leaveFolderChoice: (folder, role) => leaveFolderChoice(settings, folder, role),

    adapters: async (id) => adapterLists(settings, await find(id)),

    async setAdapters(id, list) {
      const found = readable(await find(id));
      for (const file of list.files) await readAdapterFor(found.file, file);
      await writeAdapterList(settings, found, list);
    },

    release,

    async remove(id) {
      for (const part of await release(id)) await rm(part, { force: true });
      changed();
    },
  };
}
