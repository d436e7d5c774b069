import { AsyncLocalStorage } from "node:async_hooks";
import dgram from "node:dgram";
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { type Disposable, toDisposable } from "#core/base/disposable";
import { UserError } from "#core/base/errors";
import type { NetworkAttempt, NetworkPurpose } from "#core/contracts/network";
import { closedRules, decideNetwork, isWorthRecording, type NetworkRules, networkAttempt } from "#core/network/decide";
import { isLoopbackName } from "#core/network/hosts";

/** Who decides and who is told: the ledger in the engine, a report to the engine elsewhere. */
export interface NetworkAuthority {
  /** The name of this process in the ledger. */
  readonly process: string;
  rules(): NetworkRules;
  /** Takes the attempt down; what it gives back is told how many bytes went over the connection so far. */
  record(attempt: NetworkAttempt): TellBytes | undefined;
}

/** Is told how many bytes have gone out and come in since a connection was opened. */
export type TellBytes = (sent: number, received: number) => void;

interface Scope {
  readonly purpose: NetworkPurpose;
  readonly authority?: NetworkAuthority;
  /** What the user permitted for as long as this lasts. */
  readonly occasion?: Occasion;
}

type Occasion = Set<{ readonly host: string; readonly purpose: NetworkPurpose; readonly verdict: "once" }>;

const scopes = new AsyncLocalStorage<Scope>();
const authorities: NetworkAuthority[] = [];
let restore: (() => void) | undefined;
/** The host of the connection being opened right now: net looks its name up at once, and that is the same attempt. */
let connecting: string | undefined;

/**
 * Closes this process: TCP, UDP and name resolution reach this machine only, unless the authority's rules permit host and purpose.
 * Unix sockets and named pipes pass. Refused connections fail with NETWORK_REFUSED before a name is looked up.
 * Without an authority everything but this machine is refused. Disposing withdraws this authority, and the last one opens the process.
 */
export function installNetworkGate(authority: NetworkAuthority): Disposable {
  authorities.push(authority);
  restore ??= patch();
  return toDisposable(() => {
    authorities.splice(authorities.indexOf(authority), 1);
    if (authorities.length > 0) return;
    restore?.();
    restore = undefined;
  });
}

/** Runs with a declared purpose, which everything asynchronous below it inherits; `authority` decides instead of the process's own. */
export function withPurpose<T>(purpose: NetworkPurpose, run: () => T, authority?: NetworkAuthority): T {
  return scopes.run({ ...scopes.getStore(), purpose, authority }, run);
}

/** Runs something that the user may permit hosts for once: what is permitted below it ends with it. */
export function withOccasion<T>(run: () => T): T {
  return scopes.run({ purpose: "unknown", ...scopes.getStore(), occasion: new Set() }, run);
}

/** Permits a host for the {@link withOccasion} that goes on; without one nothing is permitted. */
export function permitOnce(host: string, purpose: NetworkPurpose): void {
  scopes.getStore()?.occasion?.add({ host, purpose, verdict: "once" });
}

/** The rules with what was permitted for what goes on now. */
export function rulesHere(rules: NetworkRules): NetworkRules {
  const occasion = scopes.getStore()?.occasion;
  return occasion === undefined || occasion.size === 0 ? rules : { ...rules, permissions: [...rules.permissions, ...occasion] };
}

/** Decides and records one attempt. Ports and hosts are as the caller of Node's API named them. */
function judge(host: string, port?: number): { readonly error?: UserError; readonly tell?: TellBytes | undefined } {
  const scope = scopes.getStore();
  const authority = scope?.authority ?? authorities.at(-1);
  const request = { host, port, purpose: scope?.purpose ?? ("unknown" as const) };
  const verdict = decideNetwork(request, rulesHere(authority?.rules() ?? closedRules));
  const tell =
    authority && isWorthRecording(request, verdict)
      ? authority.record(networkAttempt(authority.process, request, verdict, Date.now()))
      : undefined;
  if (verdict.allowed) return { tell };
  return {
    error: new UserError(
      "NETWORK_REFUSED",
      `The connection to ${host} was refused. ${verdict.reason}`,
      "The network page lists each attempt, and hosts can be permitted there.",
    ),
  };
}

/** Like {@link judge}, where nothing is transferred that could be counted. */
function refuse(host: string, port?: number): UserError | undefined {
  return judge(host, port).error;
}

/** How often the bytes of an open connection are told, in milliseconds. */
const tellEvery = 2000;

/** Tells the bytes of a connection while it lasts and when it ends. */
function countBytes(socket: net.Socket, tell: TellBytes): void {
  let told = 0;
  const look = () => {
    const total = socket.bytesWritten + socket.bytesRead;
    if (total !== told) tell(socket.bytesWritten, socket.bytesRead);
    told = total;
  };
  const timer = setInterval(look, tellEvery).unref();
  socket.once("close", () => {
    clearInterval(timer);
    look();
  });
}

/** Like {@link refuse}, for a name to be looked up; an address needs no name server. */
function refuseName(host: string): UserError | undefined {
  return host === "" || host === connecting || net.isIP(host) !== 0 ? undefined : refuse(host);
}

function patch(): () => void {
  const undo = [patchConnect(), patchDatagrams(), patchNames()];
  // Named imports of node:dns in other modules see the patched functions only after this.
  syncBuiltinESMExports();
  return () => {
    for (const step of undo) step();
    syncBuiltinESMExports();
  };
}

type Any = (this: unknown, ...parameters: unknown[]) => unknown;

/** Replaces a function of an object and returns what puts the old one back. */
function replace(target: object, name: string, make: (original: Any) => Any): () => void {
  const holder = target as Record<string, Any>;
  const original = holder[name];
  if (typeof original !== "function") return () => {};
  holder[name] = make(original);
  return () => {
    holder[name] = original;
  };
}

interface ConnectOptions {
  path?: string | null;
  host?: string;
  port?: number | string;
  lookup?: unknown;
}

/** net.connect, tls, http, https, http2 and fetch all come through here; the arguments may be an array that net has put in order. */
function connectOptions(parameters: readonly unknown[]): ConnectOptions {
  const first = Array.isArray(parameters[0]) ? parameters[0][0] : parameters[0];
  if (typeof first === "object" && first !== null) return first as ConnectOptions;
  if (typeof first === "number" || (typeof first === "string" && /^\d+$/.test(first))) {
    return { port: Number(first), host: typeof parameters[1] === "string" ? parameters[1] : undefined };
  }
  return { path: String(first) };
}

/** The other machine a path leads to: on Windows a named pipe may lie anywhere on the network. */
function pipeHost(path: string): string | undefined {
  return process.platform === "win32" ? /^[\\/]{2}([^\\/.?][^\\/]*)[\\/]/.exec(path)?.[1] : undefined;
}

function patchConnect(): () => void {
  return replace(net.Socket.prototype, "connect", (original) => {
    return function (this: unknown, ...parameters) {
      const socket = this as net.Socket;
      const options = connectOptions(parameters);
      const host = options.path ? pipeHost(options.path) : options.host || "localhost";
      if (host === undefined) return original.apply(socket, parameters);
      const { error, tell } = judge(host, Number(options.port) || undefined);
      if (error) {
        process.nextTick(() => socket.destroy(error));
        return socket;
      }
      if (tell) countBytes(socket, tell);
      connecting = host;
      try {
        return original.apply(socket, parameters);
      } finally {
        connecting = undefined;
      }
    };
  });
}

function patchDatagrams(): () => void {
  const undo = [
    replace(dgram.Socket.prototype, "connect", (original) => {
      return function (this: unknown, ...parameters) {
        const host = typeof parameters[1] === "string" ? parameters[1] : "localhost";
        const error = refuse(host, Number(parameters[0]) || undefined);
        if (error) throw error;
        return original.apply(this, parameters);
      };
    }),
    replace(dgram.Socket.prototype, "send", (original) => {
      return function (this: unknown, ...parameters) {
        const target = datagramTarget(parameters);
        // A connected socket names no target: connect has decided for it.
        const error = target && refuse(target.host, target.port);
        if (!error) return original.apply(this, parameters);
        const callback = parameters.at(-1);
        if (typeof callback !== "function") throw error;
        process.nextTick(() => callback(error));
      };
    }),
  ];
  return () => {
    for (const step of undo) step();
  };
}

/** send(message, [offset, length,] port [, host] [, callback]); numbers before the host end with the port. */
function datagramTarget(parameters: readonly unknown[]): { host: string; port?: number } | undefined {
  const rest = parameters.slice(1).filter((parameter) => typeof parameter !== "function");
  const host = rest.find((parameter) => typeof parameter === "string" && !/^\d+$/.test(parameter));
  const numbers = rest.filter((parameter) => typeof parameter === "number" || (typeof parameter === "string" && /^\d+$/.test(parameter)));
  if (typeof host === "string") return { host, port: Number(numbers.at(-1)) || undefined };
  return numbers.length === 1 || numbers.length === 3 ? { host: "localhost", port: Number(numbers.at(-1)) } : undefined;
}

/** A lookup tells a name server what is being looked for, so it is decided like a connection; localhost is answered without a resolver. */
function patchNames(): () => void {
  const resolves = [
    ...["resolve", "resolve4", "resolve6", "resolveAny", "resolveCaa", "resolveCname", "resolveMx", "resolveNaptr", "resolveNs"],
    ...["resolvePtr", "resolveSoa", "resolveSrv", "resolveTlsa", "resolveTxt", "reverse", "lookupService"],
  ];
  const undo: (() => void)[] = [
    replace(dns, "lookup", (original) => {
      return function (this: unknown, ...parameters) {
        const host = String(parameters[0] ?? "");
        const callback = parameters.at(-1) as Any;
        if (isLoopbackName(host)) return answerLoopback(parameters[1], (answer) => callback(null, ...answer));
        const error = refuseName(host);
        if (!error) return original.apply(this, parameters);
        process.nextTick(() => callback(error));
      };
    }),
    replace(dns.promises, "lookup", (original) => {
      return async function (this: unknown, ...parameters) {
        const host = String(parameters[0] ?? "");
        if (isLoopbackName(host)) {
          return new Promise((resolve) =>
            answerLoopback(parameters[1], (answer) => resolve(answer.length === 1 ? answer[0] : { address: answer[0], family: answer[1] })),
          );
        }
        const error = refuseName(host);
        if (error) throw error;
        return original.apply(this, parameters);
      };
    }),
  ];
  for (const target of [dns, dns.Resolver.prototype]) {
    for (const name of resolves) {
      undo.push(
        replace(target, name, (original) => {
          return function (this: unknown, ...parameters) {
            const error = refuse(String(parameters[0] ?? ""));
            if (!error) return original.apply(this, parameters);
            const callback = parameters.at(-1) as Any;
            process.nextTick(() => callback(error));
          };
        }),
      );
    }
  }
  for (const target of [dns.promises, dns.promises.Resolver.prototype]) {
    for (const name of resolves) {
      undo.push(
        replace(target, name, (original) => {
          return async function (this: unknown, ...parameters) {
            const error = refuse(String(parameters[0] ?? ""));
            if (error) throw error;
            return original.apply(this, parameters);
          };
        }),
      );
    }
  }
  return () => {
    for (const step of undo) step();
  };
}

/** The addresses of this machine in the form that dns.lookup gives: one (address, family), or the list when `all` is asked for. */
function answerLoopback(options: unknown, answer: (values: unknown[]) => void): void {
  const asked = typeof options === "number" ? { family: options } : ((options ?? {}) as { family?: number | string; all?: boolean });
  const family = asked.family === "IPv6" ? 6 : asked.family === "IPv4" ? 4 : asked.family;
  const addresses = [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ].filter((entry) => !family || entry.family === family);
  process.nextTick(() => answer(asked.all ? [addresses] : [addresses[0]?.address, addresses[0]?.family]));
}
