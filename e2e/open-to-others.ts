import { statSync } from "node:fs";
import { dirname } from "node:path";

/** True when anybody may enter every folder down to this one: what an ordinary user runs has to lie in such a place. */
export function isOpenToOthers(folder: string): boolean {
  return (statSync(folder).mode & 0o005) === 0o005 && (dirname(folder) === folder || isOpenToOthers(dirname(folder)));
}
