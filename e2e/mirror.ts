import { statSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { openModelHub } from "./hub.ts";

/** A mirror of a company: it has one model, and keeps its files on a host of another name, as the public hub does. */
export interface Mirror {
  readonly url: string;
  /** Paths it was asked for and has not. */
  readonly missing: readonly string[];
  close(): Promise<void>;
}

/** Opens a mirror with one file, whose hash it states. */
export async function openMirror(file: string, sha256: string): Promise<Mirror> {
  const files = await openModelHub(file);
  const missing: string[] = [];
  const server = http.createServer((request, response) => {
    const path = request.url ?? "";
    if (!path.endsWith(`/${basename(file)}`)) {
      missing.push(path);
      response.writeHead(404, { "x-error-code": "RepoNotFound" }).end();
      return;
    }
    const location = `${files.url.replace("127.0.0.1", "localhost")}/blob`;
    response.writeHead(302, { location, "x-linked-etag": `"${sha256}"`, "x-linked-size": statSync(file).size }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    missing,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await files.close();
    },
  };
}
