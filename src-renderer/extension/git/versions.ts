import { describeError } from "#core/base/errors";
import type { Features } from "../features.ts";
import { namedVersion, versionScheme } from "./version-address.ts";

/** How many versions that are in no editor are followed. */
const mostClosed = 100;

/** Shows versions of files under addresses of their own, to be read and compared; `changed` tells that what they hold may be another. */
export function registerVersions({ vscode, engine, own }: Features): { changed(): void } {
  const news = own(new vscode.EventEmitter<import("vscode").FileChangeEvent[]>());
  /** What was read since it last changed, to be read again. */
  const shown = new Map<string, import("vscode").Uri>();
  let time = Date.now();

  async function read(uri: import("vscode").Uri): Promise<Uint8Array> {
    shown.delete(uri.toString());
    shown.set(uri.toString(), uri);
    try {
      const blob = await engine.git.show(namedVersion(uri));
      return new Uint8Array(await blob.arrayBuffer());
    } catch (error) {
      const { code, message } = describeError(error);
      const { version } = namedVersion(uri);
      // Before the commit that added it, a file is compared as empty.
      if (code === "NOT_FOUND" && "commit" in version && version.commit.endsWith("^")) return new Uint8Array();
      throw code === "NOT_FOUND" ? vscode.FileSystemError.FileNotFound(uri) : vscode.FileSystemError.Unavailable(message);
    }
  }

  const refuse = () => {
    throw vscode.FileSystemError.NoPermissions();
  };
  own(
    vscode.workspace.registerFileSystemProvider(
      versionScheme,
      {
        onDidChangeFile: news.event,
        watch: () => ({ dispose() {} }),
        stat: async (uri) => ({ type: vscode.FileType.File, ctime: 0, mtime: time, size: (await read(uri)).length }),
        readFile: read,
        readDirectory: refuse,
        createDirectory: refuse,
        writeFile: refuse,
        delete: refuse,
        rename: refuse,
      },
      { isReadonly: true, isCaseSensitive: true },
    ),
  );
  return {
    changed() {
      time = Date.now();
      // What was just read may be in no editor yet, so only what was read long ago and is in none is forgotten.
      const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
      for (const address of [...shown.keys()].slice(0, -mostClosed)) if (!open.has(address)) shown.delete(address);
      news.fire([...shown.values()].map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
    },
  };
}
