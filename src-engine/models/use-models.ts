import { rm } from "node:fs/promises";
import type { ModelRole } from "#core/contracts/common";
import type { Model } from "#core/contracts/models";
import type { MemoryOf } from "#core/models/fit";
import type { Inference } from "../inference/host.ts";
import type { ServedModel, Servers } from "../servers/servers.ts";
import { readAdapterFor } from "./adapters.ts";
import type { Choice } from "./choice.ts";
import type { FoundModel } from "./discover.ts";
import { type Library, roleSettings } from "./library.ts";
import { nameOf } from "./merge.ts";
import type { ModelList } from "./model-list.ts";
import type { ModelSettings } from "./models.ts";
import { filesOf, refuseForeign } from "./own-files.ts";
import { rolesOnServer } from "./served.ts";
import { readable, refuseTooLargeToUse, rolesToUse } from "./using.ts";

/** What a user decides about the models that are there: what they are for, what changes them, and which go. */
export interface UseModels {
  use(model: string, roles?: readonly ModelRole[]): Promise<Model>;
  /** The adapters a model is loaded with. */
  adapters(id: string, path: string): string[];
  /** Loads a model with other adapters from its next request on. Throws what is wrong with one. */
  setAdapters(id: string, files: readonly string[]): Promise<void>;
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
  const adapterSetting = "localcoder.models.adapters";

  function changed(): void {
    library.forget();
    options.changed();
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
    changed();
    return filesOf(found);
  }

  return {
    async use(id, roles) {
      // A role in the place of a model: its model is shared.
      if (id in roleSettings && roles !== undefined) {
        for (const role of roles) await settings.write({ name: roleSettings[role], value: role === id ? null : id, scope: "user" });
        const shared = await choice.forRole(id as ModelRole);
        return listed((model) => model.id === shared.id, shared.name);
      }
      const served = await servers.find(id);
      if (served) return useServed(served, roles);
      const found = readable(await find(id));
      const chosenFor = rolesToUse(found, roles);
      refuseTooLargeToUse(found, memory());
      inference.forgive(found.path);
      for (const role of chosenFor) {
        await settings.write({ name: roleSettings[role], value: found.entry?.id ?? found.path, scope: "user" });
      }
      library.forget();
      return listed((each) => each.file?.path === found.path || each.id === found.entry?.id, nameOf(found));
    },

    // Those of one use alone are left to settings.json: here a model has one list.
    adapters(id, path) {
      const { [id]: byId, [path]: byPath } = settings.current()[adapterSetting];
      return [...(byId ?? byPath ?? [])];
    },

    async setAdapters(id, files) {
      const found = readable(await find(id));
      for (const file of files) await readAdapterFor(found.file, file);
      const { [id]: _before, [found.path]: _other, ...others } = settings.current()[adapterSetting];
      await settings.write({ name: adapterSetting, value: files.length > 0 ? { ...others, [id]: files } : others, scope: "user" });
    },

    release,

    async remove(id) {
      for (const part of await release(id)) await rm(part, { force: true });
      changed();
    },
  };
}
