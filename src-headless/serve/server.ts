import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { describeError, UserError } from "#core/base/errors";
import { toWireError } from "#core/transport/errors";
import { serveRouter } from "#core/transport/serve";
import { webSocketWire } from "#core/transport/wire";
import { httpApi } from "#engine/http-api";
import type { Engine } from "#engine/open";
import { version } from "#engine/version";
import { createBrowserHost } from "./browser-host.ts";
import { serveFile } from "./files.ts";
import { createGatekeeper } from "./gatekeeper.ts";
import { createLlamaServer } from "./llama-server.ts";
import type { Sharing } from "./sharing.ts";
import { signInPage, signInPolicy } from "./sign-in-page.ts";

/** A running server. */
export interface Server {
  /** Opens the workbench in one browser; its invitation is good once. */
  readonly url: string;
  /** For programs that use the HTTP interface. */
  readonly token: string;
  close(): Promise<void>;
}

/** What {@link startServer} needs. */
export interface ServerOptions {
  readonly engine: Engine;
  /** An address of this machine only, unless the server is shared. */
  readonly host: string;
  /** 0 takes one that is free. */
  readonly port: number;
  /** The token of programs, where it is to be the same each time; made up otherwise. */
  readonly token?: string;
  /** The folder of the built window. */
  readonly window: string;
  /** The query of the printed address: what the first tab shows. */
  readonly query: string;
  readonly onUnexpected: (error: unknown) => void;
  /** What lets other machines in: encrypted, with a password. */
  readonly sharing?: Sharing;
  /** Told the address of a machine that signed in with the password, or tried to. */
  readonly onSignIn?: (address: string, accepted: boolean) => void;
}

const loopback = ["127.0.0.1", "localhost", "[::1]"];

/** Connections of other machines at once: many more than one person's tabs, fewer than a process may have files open. */
const mostConnections = 256;

/** The largest body of the form with the password, in bytes. */
const maximumForm = 4096;

/** The largest WebSocket message taken, in bytes: a file that the editor saves has to fit. */
const maximumMessage = 256 * 1024 * 1024;

/** Serves the workbench, the contract over WebSocket and the HTTP interface, on this machine unless it is shared. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { engine, host, port, token, window, query, onUnexpected, sharing, onSignIn = () => {} } = options;
  const http = sharing === undefined ? createServer() : createSecureServer({ cert: sharing.certificate, key: sharing.key });
  if (sharing !== undefined) http.maxConnections = mostConnections;
  http.listen(port, host);
  try {
    await once(http, "listening");
  } catch (error) {
    throw listenError(error, host, port);
  }
  const { port: actualPort } = http.address() as AddressInfo;
  const scheme = sharing === undefined ? "http" : "https";
  const name = bracketed(sharing?.name ?? host);
  const gatekeeper = createGatekeeper({
    scheme,
    port: actualPort,
    isNamed: (given) => given === name || loopback.includes(given) || sharing?.isNamed(given.replace(/^\[|\]$/g, "")) === true,
    ...(token !== undefined && { token }),
    ...(sharing !== undefined && { password: sharing.password }),
  });
  const desktop = createBrowserHost(engine.folders, engine.run.settingsFile);
  const apiClient = engine.attach();
  const api = httpApi(apiClient.router, { prefix: "/api", title: "LocalCoder", version, onUnexpected });
  const llama = createLlamaServer(apiClient.client);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maximumMessage, perMessageDeflate: false });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = addressOf(request);
    gatekeeper.checkSource(request);
    const invitation = searchParams.get("token");
    if (pathname === "/" && invitation !== null) {
      const cookie = gatekeeper.accept(invitation);
      if (cookie !== undefined) response.setHeader("set-cookie", cookie);
      // Where the cookie is there already, an invitation that is used up does no harm.
      else gatekeeper.checkIdentity(request);
      searchParams.delete("token");
      const rest = searchParams.toString();
      // Out of the address bar and the history: an address is easily shown around.
      response.writeHead(303, { location: rest === "" ? "/" : `/?${rest}`, "cache-control": "no-store", "referrer-policy": "no-referrer" });
      response.end();
      return;
    }
    if (sharing !== undefined && pathname === "/sign-in" && request.method === "POST") return signIn(request, response);
    if (sharing !== undefined && pathname === "/" && request.method === "GET" && !isKnown(request)) return sendSignIn(request, response);
    // Browsers ask for the worker of webviews without cookies; there is nothing in it that is not in our sources.
    if (!/^\/assets\/service-worker-[\w-]+\.js$/.test(pathname)) gatekeeper.checkIdentity(request);
    if (llama.has(pathname)) return llama.handle(pathname, request, response);
    if (pathname === "/api/openapi.json" && request.method === "GET") return sendJson(response, 200, await api.document());
    if (pathname.startsWith("/api/")) {
      if (await api.handle(request, response)) return;
    } else if (request.method === "GET" || request.method === "HEAD") {
      if (await serveFile(window, pathname, request, response)) return;
    }
    throw nothingAt(pathname);
  }

  function isKnown(request: IncomingMessage): boolean {
    try {
      gatekeeper.checkIdentity(request);
      return true;
    } catch {
      return false;
    }
  }

  async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = request.socket.remoteAddress ?? "";
    const form = new URLSearchParams(await readForm(request));
    try {
      const cookie = gatekeeper.signIn(form.get("password") ?? "", address);
      onSignIn(address, true);
      response.writeHead(303, { location: `/${addressOf(request).search}`, "set-cookie": cookie, "cache-control": "no-store" }).end();
    } catch (error) {
      onSignIn(address, false);
      sendSignIn(request, response, error);
    }
  }

  function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const wire = toWireError(error);
    if (wire.code === "INTERNAL") onUnexpected(error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (llama.has(pathOf(request))) {
      llama.refuse(response, wire);
      return;
    }
    const { message, hint } = describeError(wire);
    if ((request.headers.accept ?? "").includes("text/html")) {
      response.writeHead(wire.status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
      response.end(hint === undefined ? message : `${message}\n${hint}`);
    } else sendJson(response, wire.status, wire.toJSON());
  }

  http.on("request", (request, response) => {
    answer(request, response).catch((error) => refuse(request, response, error));
  });
  http.on("upgrade", (request, socket, head) => {
    try {
      gatekeeper.checkSource(request);
      gatekeeper.checkIdentity(request);
      const { pathname, search } = addressOf(request);
      if (pathname !== "/rpc/engine" && pathname !== "/rpc/desktop") throw nothingAt(pathname);
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        // A message that is too large ends the connection with code 1009; the page connects again.
        webSocket.on("error", () => {});
        const wire = webSocketWire(webSocket as unknown as Parameters<typeof webSocketWire>[0]);
        if (pathname === "/rpc/desktop") serveRouter(desktop.router(search), wire, { onUnexpected });
        else {
          const client = engine.attach();
          wire.onClose(() => void client.dispose());
          serveRouter(client.router, wire, { onUnexpected });
        }
      });
    } catch (error) {
      refuseUpgrade(socket, error);
    }
  });

  const separator = query === "" ? "?" : "&";
  return {
    url: `${scheme}://${name}:${actualPort}/${query}${separator}token=${gatekeeper.invitation}`,
    token: gatekeeper.token,
    async close() {
      const closed = once(http, "close");
      http.close();
      for (const webSocket of sockets.clients) webSocket.terminate();
      http.closeAllConnections();
      await closed;
      await apiClient.dispose();
      await desktop.settled();
    },
  };
}

function sendSignIn(request: IncomingMessage, response: ServerResponse, error?: unknown): void {
  const trouble = error === undefined ? undefined : describeError(error);
  response.writeHead(error === undefined ? 401 : toWireError(error).status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": signInPolicy,
    "cache-control": "no-store",
    // Without one a browser would not say which page the form comes from.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
  });
  response.end(signInPage(addressOf(request).search, trouble && [trouble.message, trouble.hint].join(" ").trim()));
}

async function readForm(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > maximumForm) throw new UserError("TOO_LARGE", "No password is that long.", "Go back to the page that asks for it.");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function addressOf(request: IncomingMessage): URL {
  // The host was or will be checked by itself; here it only completes the address.
  const address = `http://localhost${request.url?.startsWith("/") ? request.url : "/"}`;
  if (!URL.canParse(address))
    throw new UserError("BAD_INPUT", "The address is not valid.", "Open the address that localcoder serve printed.");
  return new URL(address);
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? "";
}

function nothingAt(pathname: string): UserError {
  return new UserError("NOT_FOUND", `There is nothing at ${pathname}.`, "GET /api/openapi.json describes what there is.");
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff" });
  response.end(JSON.stringify(value));
}

function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { status, message } = toWireError(error);
  socket.on("error", () => {});
  const headers = ["connection: close", "content-type: text/plain; charset=utf-8", `content-length: ${Buffer.byteLength(message)}`];
  socket.end(`HTTP/1.1 ${status} Refused\r\n${headers.join("\r\n")}\r\n\r\n${message}`);
}

function listenError(error: unknown, host: string, port: number): UserError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EADDRINUSE")
    return new UserError("ALREADY_EXISTS", `Port ${port} is taken.`, "Choose another with --port, or leave it out.");
  if (code === "EACCES") return new UserError("NO_PERMISSION", `You may not listen on port ${port}.`, "Choose one above 1023 with --port.");
  return new UserError("UNSUPPORTED", `It is not possible to listen on ${host}:${port} (${code}).`, "Leave out --host and --port.");
}
