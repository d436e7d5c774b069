import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownFiles } from "./own-places.ts";
import { writeRepositories } from "./repositories.ts";

/** A file to type in. */
export interface TraceFile {
  readonly path: string;
  readonly languageId: string;
  readonly workspace: string;
  readonly text: string;
}

/** Files with the rest of their projects on the disk. */
export interface TraceFiles {
  readonly files: readonly TraceFile[];
  remove(): void;
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
export function writeTraceFiles(cases: string | undefined): TraceFiles {
  if (cases === undefined) return writeOwnFiles();
  const { written, remove } = writeRepositories(cases);
  const files = chosen.flatMap((name) => {
    const [repository = "", ...path] = name.split("/");
    const found = written.find((one) => one.repository.name.endsWith(`/${repository}`));
    if (found === undefined) return [];
    const text = readFileSync(join(found.workspace, ...path), "utf8").replaceAll("\r\n", "\n");
    return [{ path: path.join("/"), languageId: found.repository.languageId, workspace: found.workspace, text }];
  });
  return { files, remove };
}

function writeOwnFiles(): TraceFiles {
  const workspace = mkdtempSync(join(tmpdir(), "localcoder-bench-own-"));
  const files = ownFiles().map(({ path, languageId, text }) => {
    writeFileSync(join(workspace, path), text);
    return { path, languageId, workspace, text };
  });
  return { files, remove: () => rmSync(workspace, { recursive: true, force: true }) };
}
