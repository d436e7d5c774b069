import type { IncomingMessage } from "node:http";
import { UserError } from "#core/base/errors";
import type { Downloadable, HubFiles, HubRepository } from "#core/contracts/models";
import type { NetworkPermit } from "#core/contracts/network";
import { isRepositoryName, type RepositoryFiles, readFiles, readHubId, readRepositories } from "#core/models/hub-answers";
import { normaliseHost } from "#core/network/hosts";
import type { Connections } from "../network/connections.ts";
import type { Network } from "../network/network.ts";
import { connectionFailure, connectionReason, PassingFailure, statusFailure } from "./request.ts";

/** Models of the hub that the catalogue does not have. The hub is asked only with a permission for its host. */
export interface HubSearch {
  /** Repositories with GGUF files that have all the words, the most downloaded first. */
  repositories(text: string, permit: NetworkPermit, signal?: AbortSignal): Promise<HubRepository[]>;
  files(repository: string, permit: NetworkPermit, signal?: AbortSignal): Promise<HubFiles>;
  /** A file by its id, OWNER/NAME/FILE.gguf; undefined for ids of other models. */
  find(id: string, signal?: AbortSignal): Promise<Downloadable | undefined>;
}

/** What {@link createHubSearch} needs. */
export interface HubSearchOptions {
  address(): URL;
  readonly network: Pick<Network, "check" | "allow" | "permissions" | "occasion" | "permitOnce">;
  readonly connections: Connections;
  /** The hub and where it keeps its files, which are permitted together. */
  hosts(): readonly string[];
  /** What the user signs in with at the hub. */
  token(): Promise<string | undefined>;
}

const mostBytes = 16_000_000;
const mostFound = 30;
const silence = 30_000;
/** What messages call an answer. */
const title = "the list of models";

/** Creates the {@link HubSearch}. */
export function createHubSearch({ address, hosts, network, connections, token }: HubSearchOptions): HubSearch {
  function ask<T>(...parameters: Parameters<typeof askNow<T>>): Promise<T> {
    return network.occasion(() => askNow(...parameters));
  }

  async function askNow<T>(
    path: string,
    permit: NetworkPermit,
    signal: AbortSignal | undefined,
    read: (answer: unknown, hub: string) => T,
  ): Promise<T> {
    const hub = address();
    permitted(hub, permit);
    const signIn = await token();
    const headers = { accept: "application/json", "user-agent": "LocalCoder", ...(signIn && { authorization: `Bearer ${signIn}` }) };
    let text: string;
    try {
      const response = await connections.request(new URL(path, hub), { headers, signal, silence });
      text = await wholeText(response);
      const { statusCode = 0 } = response;
      if (statusCode !== 200) throw statusFailure(statusCode, response.headers, title, signIn !== undefined);
    } catch (error) {
      // Nobody tries a search again by itself.
      if (error instanceof PassingFailure) throw error.error;
      const failure = connectionFailure(error, title, hub.hostname);
      throw failure instanceof PassingFailure ? notAsked(hub, error) : failure;
    }
    try {
      return read(JSON.parse(text), hub.href);
    } catch {
      throw noSearch(hub);
    }
  }

  function permitted(hub: URL, permit: NetworkPermit): void {
    const host = normaliseHost(hub.hostname);
    const known = network.permissions().some((each) => each.host === host && each.purpose === "model-download");
    if (!known && permit === false) {
      throw new UserError(
        "NO_PERMISSION",
        `${hosts().join(", ")} would be asked for models. That tells the words you search for and the files you look at, and nothing else.`,
        "Say that you permit it; the network page lists every connection, and takes the permission back.",
      );
    }
    if (permit === "once") network.permitOnce(host, "model-download");
    else if (!known) for (const each of hosts()) network.allow(each, "model-download");
    const port = Number(hub.port) || (hub.protocol === "https:" ? 443 : 80);
    const verdict = network.check({ host: hub.hostname, port, purpose: "model-download" });
    if (verdict.allowed) return;
    throw new UserError(
      "NETWORK_REFUSED",
      `The hub cannot be asked. ${verdict.reason}`,
      "Permit the host on the network page, or switch offline off in the settings, and try again.",
    );
  }

  function repositoryFiles(repository: string, permit: NetworkPermit, signal: AbortSignal | undefined): Promise<RepositoryFiles> {
    if (!isRepositoryName(repository))
      throw new UserError("BAD_INPUT", `${repository} is not the name of a repository.`, "Write it as OWNER/NAME.");
    return ask(`api/models/${repository}?blobs=true`, permit, signal, readFiles);
  }

  return {
    async repositories(text, permit, signal) {
      const query = new URLSearchParams({ search: text, filter: "gguf", sort: "downloads", direction: "-1", limit: String(mostFound) });
      return ask(`api/models?${query}`, permit, signal, readRepositories);
    },
    async files(repository, permit, signal) {
      const { files, leftOut } = await repositoryFiles(repository, permit, signal);
      return { files: [...files], leftOut };
    },
    async find(id, signal) {
      const wanted = readHubId(id);
      if (!wanted) return undefined;
      // Asking for a download by this name is the permission to ask for it.
      const { downloadable } = await repositoryFiles(wanted.repository, true, signal);
      const found = downloadable.find((each) => each.id === id);
      if (found) return found;
      throw new UserError(
        "NOT_FOUND",
        `${wanted.repository} has no file ${wanted.path} that could be downloaded by itself.`,
        "Look at its files: a model in several parts is downloaded in a browser and chosen here.",
      );
    },
  };
}

async function wholeText(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > mostBytes) {
      response.destroy();
      throw new UserError("DOWNLOAD_FAILED", "The hub sent more than a list of models has.", "Search for other words.");
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function notAsked(hub: URL, error: unknown): UserError {
  return new UserError(
    "DOWNLOAD_FAILED",
    `The hub at ${hub.host} could not be asked, because ${connectionReason(error)}.`,
    "Try again, or choose from the catalogue, which needs no connection.",
  );
}

function noSearch(hub: URL): UserError {
  return new UserError(
    "UNSUPPORTED",
    `The hub at ${hub.host} cannot be searched from here: it sent something that is no list of models.`,
    "A mirror may serve files only. Choose from the catalogue, or get the file in a browser and choose it here.",
  );
}
