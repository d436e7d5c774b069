import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../launch.ts";

/** The version that is built. */
export const current: string = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;

/** The built program once more in a folder, under another version: what a user has who keeps an older one beside a newer one. */
export function asOtherVersion(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of ["out/main", "out/preload", "out/engine", "out/headless", "out/renderer", "resources", "package.json"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const chunks = ["out/engine/chunks", "out/headless/chunks"].flatMap((place) =>
    readdirSync(join(folder, place)).map((name) => join(place, name)),
  );
  const named = ["package.json", ...chunks].filter((name) => nameOther(join(folder, name), version));
  // What the engine's processes share names it, and what the two ways to the command line do.
  if (named.length !== 3) throw new Error(`The version stands in ${named.join(", ")}, and three files were expected.`);
  return folder;
}

function nameOther(file: string, version: string): boolean {
  const text = readFileSync(file, "utf8");
  const other = text.replace(new RegExp(`^(\\s*"?version"?: )"${current.replaceAll(".", "\\.")}"`, "m"), `$1"${version}"`);
  if (other !== text) writeFileSync(file, other);
  return other !== text;
}
