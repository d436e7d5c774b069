import { join } from "node:path";
import type { CatalogueEntry } from "#core/contracts/models";
import { rolesOf } from "#core/models/model-file";
import type { DataFolders } from "#core/settings/folders";
import type { Settings } from "#core/settings/schema";
import type { Inference } from "../inference/host.ts";
import { createConnections } from "../network/connections.ts";
import type { Network } from "../network/network.ts";
import { proxyFor } from "../network/proxy.ts";
import type { Keyring } from "../secrets/secret.ts";
import { createDownloadQueue } from "./download-queue.ts";
import { createDownloads, type Downloads, type DownloadsOptions } from "./downloads.ts";
import { fileAddress, hubAddress, hubHosts } from "./hub.ts";
import { createHubHeads, type ReadHubHead } from "./hub-head.ts";
import { createHubSearch, type HubSearch } from "./hub-search.ts";
import { createHubToken, type HubToken } from "./hub-token.ts";
import { readModel } from "./read-model.ts";
import { testModel } from "./test-load.ts";

/** Everything that comes from the hub, over connections and with a token of its own. */
export interface FromHub {
  readonly downloads: Downloads;
  readonly search: HubSearch;
  readonly head: ReadHubHead;
  readonly token: HubToken;
  /** The hosts a download needs, which are permitted together, and the proxy that stands between. */
  place(): { readonly address: string; readonly hosts: string[]; readonly proxy?: string };
  dispose(): Promise<void>;
}

/** What {@link createFromHub} needs. */
export interface FromHubOptions {
  readonly folders: Pick<DataFolders, "data">;
  readonly settings: { current(): Settings };
  readonly network: Network;
  readonly inference: Inference;
  readonly keyring?: Keyring;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly catalogue: readonly CatalogueEntry[];
  ownFolder(): string;
  /** Told when a model is whole and in its place. */
  arrived(): void;
  readonly download?: Pick<DownloadsOptions, "freeBytes" | "wait" | "silence">;
}

/** Creates {@link FromHub}. */
export function createFromHub({ folders, settings, network, inference, env, catalogue, ...options }: FromHubOptions): FromHub {
  const hub = () => hubAddress(settings.current()["localcoder.models.hub"], env);
  const connections = createConnections({ purpose: "model-download", network, settings, env });
  const token = createHubToken({ file: join(folders.data, "hub-token.json"), env, keyring: options.keyring });
  const downloads = createDownloads({
    ...options.download,
    catalogue,
    network,
    connections,
    queue: createDownloadQueue(join(folders.data, "downloads.json")),
    limits() {
      const current = settings.current();
      return {
        atOnce: current["localcoder.models.downloadsAtOnce"],
        connections: current["localcoder.models.downloadConnections"],
        bytesPerSecond: current["localcoder.models.downloadLimit"] * 1e6,
      };
    },
    token: () => token.read(),
    folder: options.ownFolder,
    address: (entry) => fileAddress(hub(), entry),
    inspect: async (part, entry) => void (await readModel(part, entry.name)),
    async test(entry, path, signal) {
      options.arrived();
      const roles = entry.path === undefined ? entry.roles : rolesOf(await readModel(path));
      const [role] = roles;
      if (role) await testModel(inference, { id: entry.id, name: entry.name, path }, role, signal);
    },
  });
  return {
    downloads,
    search: createHubSearch({ address: hub, hosts: () => hubHosts(hub()), network, connections, token: token.read }),
    head: createHubHeads({ network, connections, address: (entry) => fileAddress(hub(), entry), token: token.read }),
    token,
    place() {
      const address = hub();
      const proxy = proxyFor(address, env, settings.current()["localcoder.network.proxy"]);
      return { address: address.href, hosts: [...hubHosts(address), ...(proxy ? [proxy.hostname] : [])], proxy: proxy?.host };
    },
    async dispose() {
      await downloads.dispose();
      connections.close();
    },
  };
}
