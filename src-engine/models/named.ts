import { basename, isAbsolute } from "node:path";
import { UserError } from "#core/base/errors";
import type { CatalogueEntry } from "#core/contracts/models";
import type { ModelReference } from "../inference/host.ts";
import type { Servers } from "../servers/servers.ts";
import type { FoundModel } from "./discover.ts";
import type { HeaderCache } from "./header-cache.ts";
import type { Library } from "./library.ts";
import { referenceOf } from "./merge.ts";
import { rolesOnServer, servedReference } from "./served.ts";
import { readable, rolesToUse } from "./using.ts";

/** Models by the names that people and settings have for them. */
export interface Named {
  /** A model on this machine, by its id or file, wherever the file lies. Throws for one that is not here. */
  find(id: string): Promise<FoundModel>;
  /** A model by its id or file, or of a server, as inference takes it; throws for one that cannot be read. */
  reference(id: string): Promise<ModelReference>;
  /** The same; throws NO_FIM_TOKENS for one that cannot fill in. */
  forGhostText(id: string): Promise<ModelReference>;
}

/** Creates {@link Named}. */
export function createNamed({
  catalogue,
  library,
  cache,
  servers,
}: {
  readonly catalogue: readonly CatalogueEntry[];
  readonly library: Pick<Library, "find">;
  readonly cache: HeaderCache;
  readonly servers: Pick<Servers, "find">;
}): Named {
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

  return {
    find,
    async reference(id) {
      const served = await servers.find(id);
      return served ? servedReference(served) : referenceOf(readable(await find(id)));
    },
    async forGhostText(id) {
      const served = await servers.find(id);
      if (served) {
        rolesOnServer(served, ["completion"]);
        return servedReference(served);
      }
      const found = readable(await find(id));
      rolesToUse(found, ["completion"]);
      return referenceOf(found);
    },
  };
}
