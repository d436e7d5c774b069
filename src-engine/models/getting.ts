import { join } from "node:path";
import { describeError, UserError } from "#core/base/errors";
import type { CatalogueEntry, Download, Downloadable, ModelFile } from "#core/contracts/models";
import { type MemoryOf, memoryBudget, memoryNeed } from "#core/models/fit";
import { formatMemory } from "#core/models/format";
import type { Recommendation } from "#core/models/tiers";
import type { Network } from "../network/network.ts";
import type { FoundModel } from "./discover.ts";
import type { Downloads } from "./downloads.ts";
import type { ReadHubHead } from "./hub-head.ts";
import type { HubSearch } from "./hub-search.ts";
import { latest } from "./latest.ts";
import type { Library } from "./library.ts";

/** How a model is asked for. */
export interface HowToGet {
  readonly acceptLicence: boolean;
  /** Also a model that has no room here. */
  readonly anyway?: boolean;
}

/** What {@link createGetting} needs. */
export interface GettingOptions {
  readonly catalogue: readonly CatalogueEntry[];
  readonly library: Pick<Library, "find">;
  readonly downloads: Downloads;
  readonly hubSearch: Pick<HubSearch, "find">;
  readonly head: ReadHubHead;
  readonly network: Pick<Network, "allow">;
  /** The hosts a download needs, which are permitted together. */
  hosts(): readonly string[];
  ownFolder(): string;
  memory(): MemoryOf;
  recommendations(): readonly Recommendation[];
}

/** Tokens of context without which a model is of no use. */
export const leastContext = 2048;

/** Starts or resumes a download and follows it until it is done, failed or paused. Leaving the stream does not stop it. */
export type Get = (id: string, how: HowToGet, signal?: AbortSignal) => AsyncGenerator<Download, void, void>;

/** Creates a {@link Get}: what is asked before a download begins is asked here. */
export function createGetting(options: GettingOptions): Get {
  const { catalogue, library, downloads, hubSearch, head, network, memory, recommendations } = options;

  async function find(id: string, signal: AbortSignal | undefined): Promise<Downloadable> {
    const entry = catalogue.find((each) => each.id === id) ?? downloads.entry(id) ?? (await hubSearch.find(id, signal));
    if (entry) return entry;
    throw new UserError("NOT_FOUND", `There is no model called ${id} in the catalogue.`, "The list of models shows their names.");
  }

  /** The file where it is here already. */
  async function present(entry: Downloadable): Promise<FoundModel | undefined> {
    const found = await library.find(entry.path === undefined ? entry.id : join(options.ownFolder(), entry.file));
    return found?.file && (entry.path === undefined || found.bytes === entry.bytes) ? found : undefined;
  }

  /** A download of many gigabytes that could never be used is worth a word before it begins. */
  function refuseTooLarge(entry: Downloadable, head?: ModelFile): void {
    // What the hub has is known by its size alone until its head is read.
    const need = memoryNeed(catalogue.find(({ id }) => id === entry.id) ?? head ?? { bytes: entry.bytes }, leastContext);
    const there = memory();
    if (need <= memoryBudget(there)) return;
    // Who wants a large one wants answers more than ghost text.
    const instead = recommendations().findLast(({ role }) => entry.roles.length === 0 || entry.roles.includes(role))?.entry;
    throw new UserError(
      "MODEL_DOES_NOT_FIT",
      `${entry.name} takes at least ${formatMemory(need)} of memory, and models may take ${formatMemory(memoryBudget(there))} of this machine's ${formatMemory(there.total)}.`,
      instead ? `${instead.name} is what fits best here.` : "Choose a smaller model.",
    );
  }

  /** What the hub has beside the catalogue is looked at before gigabytes of it come; undefined where that could not be done. */
  async function readHead(entry: Downloadable, signal: AbortSignal | undefined): Promise<ModelFile | undefined> {
    try {
      return await head(entry, signal);
    } catch (error) {
      const { code } = describeError(error);
      // The download itself says better why the hub does not answer, and tries again.
      if (code !== "MODEL_FILE_DAMAGED" && code !== "MODEL_VOCABULARY_ONLY") return undefined;
      throw error;
    }
  }

  function refuseWithoutLicence(entry: Downloadable): void {
    const listed = catalogue.find(({ id }) => id === entry.id)?.licence;
    throw new UserError(
      "BAD_INPUT",
      listed
        ? `${entry.name} comes under the licence ${listed.name}, which must be accepted first.`
        : `${entry.name} comes under the licence that its repository ${entry.repository} names, which must be accepted first.`,
      listed ? `Read it at ${listed.url}, then say yes.` : "Read it at the hub, then say yes.",
    );
  }

  return async function* (id, { acceptLicence, anyway = false }, signal) {
    const entry = await find(id, signal);
    const here = await present(entry);
    if (here) {
      const { bytes, path } = here;
      yield { id, name: entry.name, state: "done", received: bytes, bytes, speed: 0, secondsLeft: 0, path };
      return;
    }
    if (!acceptLicence) refuseWithoutLicence(entry);
    const isNew = !downloads.list().some((each) => each.id === id);
    if (!anyway && isNew) refuseTooLarge(entry);
    // Asking for the download is the permission for the hosts it comes from.
    for (const host of options.hosts()) network.allow(host, "model-download");
    if (!anyway && isNew && entry.path !== undefined) refuseTooLarge(entry, await readHead(entry, signal));
    downloads.start(entry);
    const state = () => downloads.list().find((each) => each.id === id);
    for await (const download of latest(downloads.changes, state, signal)) {
      // It was discarded.
      if (!download) return;
      yield download;
      if (download.state === "done" || download.state === "failed" || download.state === "paused") return;
    }
  };
}
