import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./prepare.mjs";

/** The arguments with which a package's program is its command line on a platform; what a user types comes after them. */
export function commandLineSwitches(platform) {
  const { all, ...byPlatform } = JSON.parse(readFileSync(join(root, "src-main", "command-line-switches.json"), "utf8"));
  return [...all, ...(byPlatform[platform] ?? []), "--"];
}
