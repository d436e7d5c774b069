import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
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
  /** An address of this machine only. */
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
}

/** The largest WebSocket message taken, in bytes: a file that the editor saves has to fit. */
const maximumMessage = 256 * 1024 * 1024;

/** Serves the workbench, the contract over WebSocket and the HTTP interface on this machine. */
export async function startServer({ engine, host, port, token, window, query, onUnexpected }: ServerOptions): Promise<Server> {
  const http = createServer();
  http.listen(port, host);
  try {
    await once(http, "listening");
  } catch (error) {
    throw listenError(error, host, port);
  }
  const { port: actualPort } = http.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  const gatekeeper = createGatekeeper([name, "127.0.0.1", "localhost", "[::1]"], actualPort, token);
  const desktop = createBrowserHost(engine.folders);
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
    url: `http://${name}:${actualPort}/${query}${separator}token=${gatekeeper.invitation}`,
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
