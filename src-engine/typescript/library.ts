import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

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
  const places = [".", "..", "../engine", "../../engine"].map((folder) => join(import.meta.dirname, folder, "typescript-library"));
  const built = places.find((place) => existsSync(place));
  const native = built ?? dirname(createRequire(import.meta.url).resolve("typescript-language-service"));
  const folder = native.replaceAll("\\", "/");
  const isOurs = (path: string) =>
    path.replaceAll("\\", "/").startsWith(folder) && /^[\\/]lib\.([\w.]+\.)?d\.ts$/.test(path.slice(folder.length));
  // Packaging leaves declaration files out, so the build gives them another ending.
  const fileOf = (path: string) => (built !== undefined && isOurs(path) ? `${path}.txt` : path);
  return { folder, fileOf, has: (path) => isOurs(path) && existsSync(fileOf(path)) };
}
