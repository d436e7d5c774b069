import type { Disposable } from "#core/base/disposable";
import { createEmitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import type { LedgerCheck, NetworkAttempt, NetworkPermission, NetworkPurpose } from "#core/contracts/network";
import { decideNetwork, type NetworkRequest, type NetworkRules, type NetworkVerdict, networkAttempt } from "#core/network/decide";
import { isLoopback, normaliseHost } from "#core/network/hosts";
import type { Settings } from "#core/settings/schema";
import type { Sqlite } from "../sessions/sqlite.ts";
import { installNetworkGate, type NetworkAuthority, withPurpose } from "./gate.ts";
import { memoryLedger, sqliteLedger } from "./ledger.ts";

/** The ledger, the permissions and the gate of this process. */
export interface Network extends Disposable {
  /** The newest first. */
  attempts(limit?: number): NetworkAttempt[];
  /** Looks whether the ledger is as it was written. */
  verify(): LedgerCheck;
  watch(signal?: AbortSignal): AsyncGenerator<NetworkAttempt, void, void>;
  /** Takes over what the gate of another process decided. */
  report(attempt: NetworkAttempt): void;
  permissions(): NetworkPermission[];
  /** Permits a host, or `*.name` for everything below a name, for one purpose. */
  allow(host: string, purpose: NetworkPurpose): void;
  revoke(host: string, purpose: NetworkPurpose): void;
  /** Decides without connecting; a refusal is recorded, because the gate will never see it. */
  check(request: NetworkRequest): NetworkVerdict;
  /** Records what the gate cannot see: where a proxy was asked to go. */
  note(request: NetworkRequest, reason: string): void;
  /** The rules as they are now, for handing to the gates of other processes. */
  rules(): NetworkRules;
  /** Runs with a declared purpose: connections below it are judged and recorded under it. */
  run<T>(purpose: NetworkPurpose, run: () => T): T;
}

/** What {@link createNetwork} needs. Without a database the ledger lasts as long as the process. */
export interface NetworkOptions {
  readonly database?: { readonly sqlite: Sqlite };
  /** The name of this process in the ledger. */
  readonly processName: string;
  readonly settings: { current(): Pick<Settings, "localcoder.network.offline"> };
}

/** Creates the network service and closes this process with its gate. */
export function createNetwork({ database, processName, settings }: NetworkOptions): Network {
  const ledger = database ? sqliteLedger(database.sqlite) : memoryLedger();
  const added = createEmitter<NetworkAttempt>();
  let permissions = ledger.permissions();

  const rules = (): NetworkRules => ({ permissions, offline: settings.current()["localcoder.network.offline"] });
  const report = (attempt: NetworkAttempt) => {
    // Other processes name hosts as some page or program did, at any length.
    const { process, host, reason } = attempt;
    const row = { ...attempt, process: process.slice(0, 50), host: host.slice(0, 255), reason: reason.slice(0, 500) };
    ledger.add(row);
    added.emit(row);
  };
  const authority: NetworkAuthority = { process: processName, rules, record: report };
  const gate = installNetworkGate(authority);

  return {
    attempts: (limit = 1000) => ledger.attempts(limit),
    verify: () => ledger.verify(),
    watch: (signal) => added.stream(signal),
    report,
    permissions: () => [...permissions],
    allow(host, purpose) {
      const name = permittedHost(host);
      if (purpose === "unknown" || purpose === "loopback") {
        throw new UserError("BAD_INPUT", "A permission is for a purpose: model downloads or a model server.", "Choose one of the two.");
      }
      ledger.allow({ host: name, purpose, granted: Date.now() });
      permissions = ledger.permissions();
    },
    revoke(host, purpose) {
      ledger.revoke(host, purpose);
      ledger.revoke(normaliseHost(host), purpose);
      permissions = ledger.permissions();
    },
    check(request) {
      const verdict = decideNetwork(request, rules());
      if (!verdict.allowed) report(networkAttempt(processName, request, verdict, Date.now()));
      return verdict;
    },
    note: (request, reason) => report(networkAttempt(processName, request, { allowed: true, local: false, reason }, Date.now())),
    rules,
    run: (purpose, run) => withPurpose(purpose, run, authority),
    dispose: gate.dispose,
  };
}

/** A host as it is kept; a star stands for everything below a name of at least two parts. */
function permittedHost(host: string): string {
  const star = host.startsWith("*.");
  const name = normaliseHost(star ? host.slice(2) : host);
  if (!/^[a-z0-9_:.-]{1,253}$/.test(name) || (star && (!name.includes(".") || isLoopback(name)))) {
    throw new UserError("BAD_INPUT", `${host} is not the name of a host.`, "Write a name like models.example.com, or *.example.com.");
  }
  return star ? `*.${name}` : name;
}
