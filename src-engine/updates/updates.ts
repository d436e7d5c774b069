import { text } from "node:stream/consumers";
import { implement } from "@orpc/server";
import { UserError } from "#core/base/errors";
import type { NetworkPermit } from "#core/contracts/network";
import { release, type UpdateCheck, updatesContract } from "#core/contracts/updates";
import type { Settings } from "#core/settings/schema";
import { isSafeAddress } from "../models/hub.ts";
import { createConnections } from "../network/connections.ts";
import type { Network } from "../network/network.ts";

/** Looks for newer versions. */
export interface Updates {
  check(permit: NetworkPermit, signal?: AbortSignal): Promise<UpdateCheck>;
  dispose(): void;
}

/** What {@link createUpdates} needs. */
export interface UpdatesOptions {
  readonly version: string;
  readonly settings: { current(): Settings };
  readonly network: Network;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const mostCharacters = 200_000;
const silence = 30_000;

/** Creates {@link Updates}. */
export function createUpdates({ version, settings, network, env }: UpdatesOptions): Updates {
  const connections = createConnections({ purpose: "update-check", network, settings, env });

  async function ask(address: URL, permit: NetworkPermit, signal: AbortSignal | undefined): Promise<string> {
    const host = address.hostname;
    const decided = network.permissions().some((each) => each.host === host && each.purpose === "update-check");
    if (!decided && permit === false) {
      throw new UserError(
        "NO_PERMISSION",
        `${address.href} would be asked for the newest version.`,
        "Nothing is sent but this request: no version, no identifier. The network page lists it, and takes a permission back.",
      );
    }
    if (permit === "once") network.permitOnce(host, "update-check");
    else if (!decided) network.allow(host, "update-check");
    const verdict = network.check({
      host,
      port: Number(address.port) || (address.protocol === "https:" ? 443 : 80),
      purpose: "update-check",
    });
    if (!verdict.allowed)
      throw new UserError("NETWORK_REFUSED", `${host} cannot be asked. ${verdict.reason}`, "The network page permits hosts.");
    const response = await connections.request(address, { headers: { accept: "application/json" }, signal, silence });
    if (response.statusCode !== 200) {
      response.destroy();
      throw new UserError("SERVER_FAILED", `${host} answered ${response.statusCode} in place of a release.`, "Try again later.");
    }
    return text(response);
  }

  return {
    async check(permit, signal) {
      const current = settings.current();
      if (current["localcoder.updates.mode"] === "disabled")
        throw new UserError("SWITCHED_OFF", "Looking for newer versions is off.", "Set localcoder.updates.mode to ask to be able to.");
      const address = releaseAddress(current["localcoder.updates.address"]);
      const answer = await network
        .occasion(() => ask(address, permit, signal))
        .catch((error: unknown) => {
          throw error instanceof UserError ? error : unreachable(address, error);
        });
      const newest = release.safeParse(answer.length > mostCharacters ? undefined : parsed(answer)).data;
      if (newest === undefined)
        throw new UserError(
          "SERVER_FAILED",
          `${address.hostname} sent something that is no release.`,
          "Is that the address of the releases?",
        );
      return { address: address.href, current: version, isNewer: isNewer(newest.version, version), newest };
    },
    dispose: connections.close,
  };
}

/** True when a version comes after another; what stands behind its numbers (a preview) counts nothing. */
export function isNewer(version: string, than: string): boolean {
  const [one = [], other = []] = [version, than].map((each) => (each.split("-")[0] ?? "").split(".").map(Number));
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function releaseAddress(text: string): URL {
  if (text === "")
    throw new UserError("NOT_FOUND", "No address of releases is set, so there is nobody to ask.", "Set localcoder.updates.address.");
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (!address || !isSafeAddress(address))
    throw new UserError("BAD_INPUT", `${text} is not a safe address.`, "Set localcoder.updates.address to one with https.");
  return address;
}

function unreachable(address: URL, error: unknown): UserError {
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  return new UserError(
    "SERVER_UNREACHABLE",
    `${address.hostname} cannot be asked${code}.`,
    "Look whether this machine is online, and try again.",
  );
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}

/** Newer versions as their contract. */
export function updatesRouter(updates: Updates) {
  const contract = implement(updatesContract);
  return contract.router({ check: contract.check.handler(({ input, signal }) => updates.check(input.permit, signal)) });
}
