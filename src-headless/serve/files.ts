import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { windowPolicy } from "#core/security/csp";

const mimeTypes: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".jpg": "image/jpeg",
  ".js": "text/javascript",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript",
  ".mp3": "audio/mpeg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

/** Answers a request for a file of the built window; false when there is no such file. */
export async function serveFile(folder: string, pathname: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const path = decodePath(pathname === "/" ? "/index.html" : pathname);
  // Plain dots were resolved with the address; encoded ones and backslashes were not.
  if (path === undefined || path.includes("\0") || path.split(/[\\/]/).includes("..")) return false;
  const file = join(folder, path);
  if (!file.startsWith(folder + sep)) return false;
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return false;

  const tag = `"${found.size.toString(36)}-${found.mtimeMs.toString(36)}"`;
  const isPage = path === "/index.html";
  response.setHeader("content-type", mimeTypes[extname(file).toLowerCase()] ?? "application/octet-stream");
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader("etag", tag);
  // The names of built files change with their content; the page's does not.
  response.setHeader("cache-control", /^\/assets\//.test(path) ? "private, max-age=31536000, immutable" : "no-cache");
  // Our page and our own workers get the policy; webview pages carry their own.
  if (isPage || /worker[^/]*\.js$/i.test(path)) response.setHeader("content-security-policy", windowPolicy("browser"));
  if (isPage) response.setHeader("x-frame-options", "DENY");
  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304).end();
    return true;
  }
  response.setHeader("content-length", found.size);
  response.writeHead(200);
  if (request.method === "HEAD") response.end();
  // A browser that goes away in the middle is nobody's failure.
  else await pipeline(createReadStream(file), response).catch(() => {});
  return true;
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
