import type { Disposable } from "#core/base/disposable";
import { createEmitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import type {
  LedgerCheck,
  NetworkAnswer,
  NetworkAttempt,
  NetworkPermission,
  NetworkPurpose,
  NetworkQuestion,
} from "#core/contracts/network";
import {
  decideNetwork,
  hostMatches,
  isUndecided,
  type NetworkRequest,
  type NetworkRules,
  type NetworkVerdict,
  networkAttempt,
  purposeNames,
} from "#core/network/decide";
import { isLoopback, normaliseHost } from "#core/network/hosts";
import type { Settings } from "#core/settings/schema";
import type { Sqlite } from "../sessions/sqlite.ts";
import { installNetworkGate, type NetworkAuthority, permitOnce, rulesHere, type TellBytes, withOccasion, withPurpose } from "./gate.ts";
import { memoryLedger, sqliteLedger } from "./ledger.ts";
import { createQuestions } from "./questions.ts";

/** The ledger, the permissions and the gate of this process. */
export interface Network extends Disposable {
  /** The newest first. */
  attempts(limit?: number): NetworkAttempt[];
  /** All of them, the newest first, in pieces that a message holds. */
  everything(): AsyncGenerator<NetworkAttempt[], void, void>;
  /** Looks whether the ledger is as it was written. */
  verify(): LedgerCheck;
  watch(signal?: AbortSignal): AsyncGenerator<NetworkAttempt, void, void>;
  /** Takes over what the gate of another process decided. */
  report(attempt: NetworkAttempt): void;
  permissions(): NetworkPermission[];
  /** Permits a host, or `*.name` for everything below a name, for one purpose. Throws NETWORK_REFUSED where the user said never. */
  allow(host: string, purpose: NetworkPurpose): void;
  /** Refuses a host for one purpose, without asking, until that is revoked. */
  forbid(host: string, purpose: NetworkPurpose): void;
  revoke(host: string, purpose: NetworkPurpose): void;
  /** Decides without connecting; a refusal is recorded, because the gate will never see it. */
  check(request: NetworkRequest): NetworkVerdict;
  /** Like {@link check}, but where nobody decided about the host yet, whoever sits at a window is asked, and this waits for the answer. */
  ask(request: NetworkRequest, signal?: AbortSignal): Promise<NetworkVerdict>;
  /** Runs something that a host may be permitted for once: that permission ends with it. */
  occasion<T>(run: () => T): T;
  /** Permits a host for the {@link occasion} that goes on. */
  permitOnce(host: string, purpose: NetworkPurpose): void;
  /** What {@link ask} wants to know, for windows. */
  questions(signal?: AbortSignal): AsyncGenerator<NetworkQuestion, void, void>;
  answer(id: number, answer: NetworkAnswer): void;
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
  /** Told about each attempt, for the log. */
  readonly onAttempt?: (attempt: NetworkAttempt) => void;
}

/** Rows of the ledger that are sent at once. */
const pieceRows = 1000;

/** Creates the network service and closes this process with its gate. */
export function createNetwork({ database, processName, settings, onAttempt = () => {} }: NetworkOptions): Network {
  const ledger = database ? sqliteLedger(database.sqlite) : memoryLedger();
  const added = createEmitter<NetworkAttempt>();
  const questions = createQuestions();
  let permissions = ledger.permissions();
  let disposed = false;

  const rules = (): NetworkRules => ({ permissions, offline: settings.current()["localcoder.network.offline"] });
  const record = (attempt: NetworkAttempt): TellBytes => {
    // Other processes name hosts as some page or program did, at any length.
    const { process, host, reason } = attempt;
    const row = { ...attempt, process: process.slice(0, 50), host: host.slice(0, 255), reason: reason.slice(0, 500) };
    const id = ledger.add(row);
    added.emit({ ...row, id });
    onAttempt(row);
    return (sent, received) => {
      // Connections may end after the database was closed.
      if (disposed) return;
      ledger.moved(id, sent, received);
      added.emit({ ...row, id, sent, received });
    };
  };
  const report = (attempt: NetworkAttempt) => void record(attempt);
  const authority: NetworkAuthority = { process: processName, rules, record };
  const gate = installNetworkGate(authority);

  function decide(host: string, purpose: NetworkPurpose, verdict: NetworkPermission["verdict"]): void {
    if (purpose === "unknown" || purpose === "loopback") {
      throw new UserError("BAD_INPUT", "A permission is for a purpose: model downloads or a model server.", "Choose one of the two.");
    }
    ledger.decide({ host: permittedHost(host), purpose, granted: Date.now(), verdict });
    permissions = ledger.permissions();
  }

  function allow(host: string, purpose: NetworkPurpose): void {
    const never = permissions.some((each) => each.verdict === "never" && each.purpose === purpose && hostMatches(host, each.host));
    if (never) {
      throw new UserError(
        "NETWORK_REFUSED",
        `You said never for ${normaliseHost(host)} and ${purposeNames[purpose]}.`,
        "The network page takes that back.",
      );
    }
    decide(host, purpose, "allowed");
  }

  function check(request: NetworkRequest): NetworkVerdict {
    const verdict = decideNetwork(request, rulesHere(rules()));
    if (!verdict.allowed) report(networkAttempt(processName, request, verdict, Date.now()));
    return verdict;
  }

  return {
    attempts: (limit = 1000) => ledger.attempts(limit),
    async *everything() {
      for (let piece = ledger.attempts(pieceRows); piece.length > 0; piece = ledger.attempts(pieceRows, piece.at(-1)?.id)) yield piece;
    },
    verify: () => ledger.verify(),
    watch: (signal) => added.stream(signal),
    report,
    permissions: () => [...permissions],
    allow,
    forbid: (host, purpose) => decide(host, purpose, "never"),
    revoke(host, purpose) {
      ledger.revoke(host, purpose);
      ledger.revoke(normaliseHost(host), purpose);
      permissions = ledger.permissions();
    },
    check,
    async ask(request, signal) {
      if (!isUndecided(request, rulesHere(rules()))) return check(request);
      const host = normaliseHost(request.host);
      const answer = await questions.ask({ ...request, host }, signal);
      if (answer === "once") permitOnce(host, request.purpose);
      if (answer === "always") allow(host, request.purpose);
      if (answer === "never") decide(host, request.purpose, "never");
      return check(request);
    },
    occasion: withOccasion,
    permitOnce,
    questions: questions.watch,
    answer: questions.answer,
    note: (request, reason) => report(networkAttempt(processName, request, { allowed: true, local: false, reason }, Date.now())),
    rules,
    run: (purpose, run) => withPurpose(purpose, run, authority),
    dispose() {
      disposed = true;
      gate.dispose();
    },
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
