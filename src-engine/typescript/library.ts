import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { findBuilt } from "../built.ts";

/** Where the declarations lie that come with TypeScript: of JavaScript's own library and of browsers. */
export interface TypeScriptLibrary {
  /** With forward slashes, as TypeScript names it. */
  readonly folder: string;
  has(path: string): boolean;
  /** Where a file of the library lies on the disk; any other path stays as it is. */
  fileOf(path: string): string;
}

/** Finds the library beside the build, or in the package when the source is what runs. */
export function findLibrary(): TypeScriptLibrary {
  const built = findBuilt("typescript-library");
  const native = built ?? dirname(createRequire(import.meta.url).resolve("typescript-language-service"));
  const folder = native.replaceAll("\\", "/");
  const isOurs = (path: string) =>
    path.replaceAll("\\", "/").startsWith(folder) && /^[\\/]lib\.([\w.]+\.)?d\.ts$/.test(path.slice(folder.length));
  // Packaging leaves declaration files out, so the build gives them another ending.
  const fileOf = (path: string) => (built !== undefined && isOurs(path) ? `${path}.txt` : path);
  return { folder, fileOf, has: (path) => isOurs(path) && existsSync(fileOf(path)) };
}
