import type { NetworkAttempt, NetworkPermission, NetworkPurpose } from "../contracts/network.ts";
import { isLoopback, normaliseHost } from "./hosts.ts";

/** A wish to reach a host. */
export interface NetworkRequest {
  readonly host: string;
  readonly port?: number;
  readonly purpose: NetworkPurpose;
}

/** What the user decided. */
export interface NetworkRules {
  readonly permissions: readonly (Pick<NetworkPermission, "host" | "purpose"> & { readonly verdict?: "allowed" | "once" | "never" })[];
  /** Refuses whatever was permitted. */
  readonly offline: boolean;
}

/** The answer to a {@link NetworkRequest}. `local` requests stay on this machine. */
export interface NetworkVerdict {
  readonly allowed: boolean;
  readonly local: boolean;
  readonly reason: string;
}

/** Rules of a process that knows nothing of the user's permissions: this machine only. */
export const closedRules: NetworkRules = { permissions: [], offline: false };

/** Decides whether a host may be reached: this machine always, others only with a permission for host and purpose. */
export function decideNetwork(request: NetworkRequest, rules: NetworkRules): NetworkVerdict {
  const host = normaliseHost(request.host);
  if (isLoopback(host)) return { allowed: true, local: true, reason: "It is this machine." };
  if (host === "") return { allowed: false, local: false, reason: "No host was named." };
  if (rules.offline) return { allowed: false, local: false, reason: "Offline is switched on in the settings." };
  const decided = rules.permissions.filter(
    (permission) => permission.purpose === request.purpose && permission.purpose !== "unknown" && hostMatches(host, permission.host),
  );
  const purpose = purposeNames[request.purpose];
  if (decided.some(({ verdict }) => verdict === "never"))
    return { allowed: false, local: false, reason: `You said never for ${host} and ${purpose}.` };
  if (decided.some(({ verdict }) => verdict !== "once"))
    return { allowed: true, local: false, reason: `You permitted ${host} for ${purpose}.` };
  if (decided.length > 0) return { allowed: true, local: false, reason: `You permitted ${host} once for ${purpose}.` };
  return {
    allowed: false,
    local: false,
    reason: request.purpose === "unknown" ? "Nobody asked for it." : `${host} is not permitted for ${purpose}.`,
  };
}

/** True where a request is refused only because nobody decided about its host yet: then a person can be asked. */
export function isUndecided(request: NetworkRequest, rules: NetworkRules): boolean {
  if (rules.offline || request.purpose === "unknown" || request.purpose === "loopback") return false;
  const host = normaliseHost(request.host);
  if (host === "" || isLoopback(host)) return false;
  return !rules.permissions.some(({ host: named, purpose }) => purpose === request.purpose && hostMatches(host, named));
}

/** How purposes are called in sentences. */
export const purposeNames: Readonly<Record<NetworkPurpose, string>> = {
  "model-download": "model downloads",
  "model-server": "a model server",
  "update-check": "a look for a newer version",
  git: "Git",
  loopback: "this machine",
  unknown: "anything",
};

/** True when a permitted host (a name, an address, or `*.name` for everything below a name) covers this host. */
export function hostMatches(host: string, permitted: string): boolean {
  if (permitted.startsWith("*.")) return normaliseHost(host).endsWith(`.${normaliseHost(permitted.slice(2))}`);
  return normaliseHost(host) === normaliseHost(permitted);
}

/** The row of the ledger for a decided request. */
export function networkAttempt(process: string, request: NetworkRequest, verdict: NetworkVerdict, time: number): NetworkAttempt {
  return {
    time,
    process,
    host: normaliseHost(request.host),
    port: request.port,
    purpose: request.purpose,
    allowed: verdict.allowed,
    reason: verdict.reason,
  };
}

/** True when the ledger gets a row: everything that would leave this machine, and what declared a purpose. */
export function isWorthRecording(request: NetworkRequest, verdict: NetworkVerdict): boolean {
  return !verdict.local || (request.purpose !== "unknown" && request.purpose !== "loopback");
}
