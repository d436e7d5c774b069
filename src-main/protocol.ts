import { readFile } from "node:fs/promises";
import { protocol, type Session } from "electron";
import { windowPolicy } from "#core/security/csp";
import { findServedFile } from "./served-file.ts";

/** The address of the window's page. */
export const windowAddress = "app://localcoder/index.html";

/** Declares the app: scheme. Must run before the application is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: "app",
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        stream: true,
        corsEnabled: true,
        allowServiceWorkers: true,
        codeCache: true,
      },
    },
  ]);
}

/** Serves the built window, and nothing else, under app://. */
export function serveWindow(session: Session, folder: string): void {
  session.protocol.handle("app", async (request) => {
    const found = findServedFile(request.url, folder);
    if (!found) return new Response("Not found", { status: 404 });
    try {
      const content = (await readFile(found.file)) as Uint8Array<ArrayBuffer>;
      return new Response(content, {
        headers: {
          "content-type": found.mimeType,
          "access-control-allow-origin": "*",
          "cross-origin-resource-policy": "cross-origin",
          "x-content-type-options": "nosniff",
          ...(found.hasWindowPolicy && { "content-security-policy": windowPolicy("desktop") }),
        },
      });
    } catch {
      return new Response("Not found", { status: 404 });
    }
  });
}
