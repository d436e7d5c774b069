import { existsSync } from "node:fs";
import { join } from "node:path";

/** Finds what the build put beside the engine, from whichever of its files this is in; undefined when the source is what runs. */
export function findBuilt(name: string): string | undefined {
  const places = [".", "..", "../engine", "../../engine"].map((folder) => join(import.meta.dirname, folder, name));
  return places.find((place) => existsSync(place));
}
