import dgram from "node:dgram";
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";
import { app, type Session } from "electron";
import type { NetworkAttempt } from "#core/contracts/network";
import { closedRules, decideNetwork, networkAttempt } from "#core/network/decide";
import { isLoopback } from "#core/network/hosts";

/** Told about every refused attempt. */
export type ReportAttempt = (attempt: NetworkAttempt) => void;

/** Schemes that never leave the machine. Everything the window needs comes over these. */
const localSchemes = new Set(["app:", "blob:", "data:", "about:", "devtools:"]);

/** Switches off what Chromium does by itself in the background. Must run before the application is ready. */
export function silenceChromium(): void {
  const { commandLine } = app;
  for (const name of [
    "disable-background-networking",
    "disable-component-update",
    "disable-domain-reliability",
    "disable-sync",
    "no-pings",
  ]) {
    commandLine.appendSwitch(name);
  }
  // Without the last of the features below, a page that opens a call makes the system join a group of the local network.
  commandLine.appendSwitch("force-webrtc-ip-handling-policy", "disable_non_proxied_udp");
  // A second lock behind the session's gate: no name and no address but this machine's leads anywhere.
  commandLine.appendSwitch("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]");
  commandLine.appendSwitch(
    "disable-features",
    "AutofillServerCommunication,CertificateTransparencyComponentUpdater,MediaRouter,OptimizationHints,SpareRendererForSitePerProcess,Translate,WebRtcHideLocalIpsWithMdns",
  );
}

/** Lets a session load nothing but our own pages, grants it no permission, and reports what it refused. */
export function guardSession(session: Session, report: ReportAttempt): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    const url = new URL(details.url);
    const local = localSchemes.has(url.protocol);
    if (!local) report(refusedRequest(url));
    answer({ cancel: !local });
  });
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(isGranted(permission)));
  session.setPermissionCheckHandler((_contents, permission) => isGranted(permission));
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on("will-download", (event) => event.preventDefault());
}

/** Of all permissions, the editor needs the clipboard, full screen, and storage that is not thrown away. */
function isGranted(permission: string): boolean {
  return ["clipboard-read", "clipboard-sanitized-write", "fullscreen", "persistent-storage", "window-management"].includes(permission);
}

function refusedRequest(url: URL): NetworkAttempt {
  const port = url.port === "" ? undefined : Number(url.port);
  const request = { host: url.hostname, port, purpose: "unknown" } as const;
  const verdict = { allowed: false, local: false, reason: "Windows may not use the network." };
  return networkAttempt("window", request, verdict, Date.now());
}

/** Guards the sockets of the main process itself, which has no reason to open any, nor to look up a name or send a datagram. */
export function guardSockets(report: ReportAttempt): void {
  const refuse = (host: string): Error => {
    const request = { host, purpose: "unknown" } as const;
    const verdict = { allowed: false, local: false, reason: "Nobody asked for it." };
    report(networkAttempt("main", request, verdict, Date.now()));
    return new Error(`${host} may not be reached: ${verdict.reason}`);
  };
  for (const target of [dns, dns.Resolver.prototype]) {
    replaceAll(target, lookups, (original, self, parameters) => {
      const host = String(parameters[0] ?? "");
      if (isLoopback(host)) return original.apply(self, parameters);
      const error = refuse(host);
      const callback = parameters.at(-1);
      if (typeof callback === "function") process.nextTick(() => callback(error));
    });
  }
  for (const target of [dns.promises, dns.promises.Resolver.prototype]) {
    replaceAll(target, lookups, async (original, self, parameters) => {
      const host = String(parameters[0] ?? "");
      if (isLoopback(host)) return original.apply(self, parameters);
      throw refuse(host);
    });
  }
  replaceAll(dgram.Socket.prototype, /^(send|connect)$/, (_original, _self, parameters) => {
    throw refuse(String(parameters.find((each) => typeof each === "string") ?? "a datagram"));
  });
  syncBuiltinESMExports();
  const connect = Socket.prototype.connect as (...parameters: unknown[]) => Socket;
  Socket.prototype.connect = function (this: Socket, ...parameters: unknown[]): Socket {
    const target = targetOf(parameters);
    if (target) {
      const request = { ...target, purpose: "unknown" } as const;
      const verdict = decideNetwork(request, closedRules);
      if (!verdict.allowed) {
        report(networkAttempt("main", request, verdict, Date.now()));
        return this.destroy(new Error(`${request.host} may not be reached: ${verdict.reason}`));
      }
    }
    return connect.apply(this, parameters);
  } as typeof Socket.prototype.connect;
}

/** All functions that ask for names and addresses. */
const lookups = /^(lookup|lookupService|resolve.*|reverse)$/;

type AnyFunction = (...parameters: unknown[]) => unknown;

/** Replaces the functions of an object whose names match. */
function replaceAll(target: object, names: RegExp, run: (original: AnyFunction, self: unknown, parameters: unknown[]) => unknown): void {
  const holder = target as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(holder).filter((each) => names.test(each))) {
    const original = holder[name] as AnyFunction;
    if (typeof original !== "function") continue;
    holder[name] = function (this: unknown, ...parameters: unknown[]) {
      return run(original, this, parameters);
    };
  }
}

/** The host and port of a call of `connect`, in any of its forms; nothing for a path, which stays on the machine. */
function targetOf(parameters: readonly unknown[]): { host: string; port: number } | undefined {
  const first: unknown = Array.isArray(parameters[0]) ? parameters[0][0] : parameters[0];
  if (typeof first === "object" && first !== null) {
    const { host, port, path } = first as { host?: string; port?: number; path?: string };
    return path === undefined ? { host: host ?? "localhost", port: Number(port) } : undefined;
  }
  const port = Number(first);
  if (Number.isNaN(port)) return undefined;
  return { host: typeof parameters[1] === "string" ? parameters[1] : "localhost", port };
}
