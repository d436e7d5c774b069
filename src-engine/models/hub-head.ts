import { UserError } from "#core/base/errors";
import type { Downloadable, HubHead, ModelFile } from "#core/contracts/models";
import { contextUse } from "#core/models/context-use";
import { type MemoryOf, memoryBudget, memoryNeed } from "#core/models/fit";
import { readGgufHeader } from "#core/models/gguf";
import { describeModelFile, rolesOf } from "#core/models/model-file";
import type { Connections } from "../network/connections.ts";
import type { Network } from "../network/network.ts";
import { type DownloadNetwork, openFile, PassingFailure } from "./request.ts";

/** What {@link createHubHeads} needs. */
export interface HubHeadsOptions {
  readonly network: Pick<Network, "check" | "occasion">;
  readonly connections: Connections;
  address(entry: Downloadable): URL;
  token(): Promise<string | undefined>;
}

/** Reads the head of a file that lies at the hub: some megabytes of it, in place of all. Throws what is wrong with the file, or why it could not be looked at. */
export type ReadHubHead = (entry: Downloadable, signal?: AbortSignal) => Promise<ModelFile>;

/** Bytes that are asked for at once: most heads are a few megabytes of vocabulary. */
const blockBytes = 2 * 2 ** 20;
/** A head that takes longer holds up whoever waits for it. */
const longest = 15_000;
const silence = 10_000;

/** Creates a {@link ReadHubHead}. */
export function createHubHeads({ network, connections, address, token }: HubHeadsOptions): ReadHubHead {
  // A look before a download asks nobody: where a host was not permitted, the file is not looked at.
  const permitted: DownloadNetwork = { ask: async (request) => network.check(request), occasion: network.occasion };

  async function block(entry: Downloadable, from: number, signal: AbortSignal): Promise<Buffer> {
    const end = Math.min(from + blockBytes, entry.bytes);
    const opened = await openFile({
      address: address(entry),
      title: entry.name,
      range: [from, end],
      network: permitted,
      connections,
      token: await token(),
      signal,
      silence,
    });
    try {
      // Some servers give nothing but whole files: the beginning of one can be used, later parts cannot be had.
      if (opened.range[0] !== from) {
        throw new UserError(
          "UNSUPPORTED",
          `The hub gives no parts of ${entry.name}, so its head cannot be looked at.`,
          "It is looked at when it is here.",
        );
      }
      const pieces: Buffer[] = [];
      let length = 0;
      for await (const piece of opened.body as AsyncIterable<Buffer>) {
        pieces.push(piece);
        length += piece.length;
        if (length >= end - from) break;
      }
      return Buffer.concat(pieces);
    } finally {
      opened.body.destroy();
    }
  }

  /** What was read is not read again when the download begins; a change at the hub is another revision. */
  const known = new Map<string, ModelFile>();

  return async (entry, asked) => {
    const key = `${entry.id}@${entry.revision}`;
    const before = known.get(key);
    if (before) return before;
    return network.occasion(async () => {
      const signal = AbortSignal.any([AbortSignal.timeout(longest), ...(asked ? [asked] : [])]);
      let held = Buffer.alloc(0);
      let from = 0;
      const source = {
        name: entry.name,
        size: entry.bytes,
        async read(offset: number, length: number): Promise<Uint8Array> {
          if (offset < from || offset + length > from + held.length) {
            held = Buffer.from(await block(entry, offset, signal));
            from = offset;
          }
          return held.subarray(offset - from, offset - from + length);
        },
      };
      try {
        const header = await readGgufHeader(source);
        const file = describeModelFile({ paths: [entry.file], bytes: entry.bytes, title: entry.name, label: entry.name }, [header]);
        known.set(key, file);
        return file;
      } catch (error) {
        throw error instanceof PassingFailure ? error.error : error;
      }
    });
  };
}

/** What the head of a file means on this machine, before the file is here. */
export function describeHead(file: ModelFile, memory: MemoryOf, contextSize: number): HubHead {
  const { architecture, parameters, quantisation, contextLength } = file;
  const roles = rolesOf(file);
  const graphics = memory.gpu.length > 0;
  // As it would be opened for the greatest of what it suits.
  const use = contextUse(roles.at(-1) ?? "general", contextSize, graphics);
  const needed = Math.round(memoryNeed(file, [use]));
  const budget = memoryBudget(memory);
  return {
    ...{ architecture, parameters, quantisation, contextLength, roles, budget },
    memory: needed,
    contextSize: Math.min(use.size, contextLength ?? use.size),
    fits: needed <= budget,
  };
}
