import { readFile, statFile } from "../workspace/files.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { TypeScriptLibrary } from "./library.ts";

/** Lets the declarations that come with TypeScript be read as files of a workspace, because definitions lead there; never written. */
export function withLibrary(workspace: Workspace, library: TypeScriptLibrary): Workspace {
  return {
    ...workspace,
    async stat(path) {
      if (!library.has(path)) return workspace.stat(path);
      return { ...(await statFile(library.fileOf(path), undefined)), readOnly: true };
    },
    async read(path, range = {}) {
      if (!library.has(path)) return workspace.read(path, range);
      return readFile(library.fileOf(path), range.offset, range.length);
    },
  };
}
