import { extname, join, sep } from "node:path";

const mimeTypes: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".jpg": "image/jpeg",
  ".js": "text/javascript",
  ".json": "application/json",
  ".map": "application/json",
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

/** A file of the built window that a request may have. */
export interface ServedFile {
  readonly file: string;
  readonly mimeType: string;
  /** True for what gets the window's policy: its page and our own workers. Webview pages carry their own. */
  readonly hasWindowPolicy: boolean;
}

/**
 * Finds what an app:// address means. The hosts are origins of their own, so that webviews and extensions cannot reach
 * into the window; all show the same folder, but only the window's own origin has the window's page.
 */
export function findServedFile(address: string, folder: string): ServedFile | undefined {
  const url = new URL(address);
  if (!["localcoder", "webview", "exthost"].includes(url.hostname)) return undefined;
  const path = decodePath(url.pathname);
  // Plain dots were resolved by new URL; encoded ones and backslashes were not.
  if (path === undefined || path.includes("\0") || path.split(/[\\/]/).includes("..")) return undefined;
  const file = join(folder, path);
  if (!file.startsWith(folder + sep)) return undefined;
  const isPage = path === "/index.html";
  const isOurs = url.hostname === "localcoder";
  if (isPage && !isOurs) return undefined;
  return {
    file,
    mimeType: mimeTypes[extname(file).toLowerCase()] ?? "application/octet-stream",
    hasWindowPolicy: isOurs && (isPage || /worker[^/]*\.js$/i.test(path)),
  };
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
