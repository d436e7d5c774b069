import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ownFiles } from "./own-places.ts";
import { writeRepositories } from "./repositories.ts";

/** A file to type in. */
export interface TraceFile {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
}

/** Files of ordinary length in five languages. */
const chosen: readonly string[] = [
  "click/src/click/types.py",
  "ky/source/core/Ky.ts",
  "commander.js/lib/command.js",
  "cobra/command.go",
  "hexyl/src/lib.rs",
];

/** Files in five languages: of the repositories in the folder, else of our own set. */
export function traceFiles(cases: string | undefined): readonly TraceFile[] {
  if (cases === undefined) return ownFiles();
  const { written, remove } = writeRepositories(cases);
  try {
    return chosen.flatMap((name) => {
      const [repository = "", ...path] = name.split("/");
      const found = written.find((one) => one.repository.name.endsWith(`/${repository}`));
      if (found === undefined) return [];
      const text = readFileSync(join(found.workspace, ...path), "utf8").replaceAll("\r\n", "\n");
      return [{ path: path.join("/"), languageId: found.repository.languageId, text }];
    });
  } finally {
    remove();
  }
}
