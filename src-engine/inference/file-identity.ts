import { statSync } from "node:fs";

/** Says whether a file is still the same one, with the same content; undefined where there is none. */
export function fileIdentity(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.ino} ${found.size} ${found.mtimeMs}`;
}
