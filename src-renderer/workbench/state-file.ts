import { Emitter } from "@codingame/monaco-vscode-api/vscode/vs/base/common/event";
import type {
  IStorageDatabase,
  IStorageItemsChangeEvent,
  IUpdateRequest,
} from "@codingame/monaco-vscode-api/vscode/vs/base/parts/storage/common/storage";
import { describeError } from "#core/base/errors";
import type { Connection } from "../connection.ts";
import { watchPath } from "./watch.ts";

/** A set of keys and values in one file. A shared one takes over what other windows write. */
export function createStateFile(connection: Pick<Connection, "engine" | "onReconnected">, path: string, shared: boolean): IStorageDatabase {
  const files = connection.engine.workspace;
  const changed = new Emitter<IStorageItemsChangeEvent>();
  let known = new Map<string, string>();
  let queue: Promise<unknown> = Promise.resolve();

  /** One after the other, because each change reads, changes and writes the whole file. */
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = queue.then(run, run);
    queue = turn.catch(() => undefined);
    return turn;
  }

  async function load(): Promise<Map<string, string>> {
    try {
      const text = await (await files.read({ path })).text();
      return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
    } catch (error) {
      // A first start, or a file damaged by a crash of the machine: the workbench then begins with its defaults.
      if (describeError(error).code === "NOT_FOUND" || error instanceof SyntaxError) return new Map();
      throw error;
    }
  }

  async function adopt(): Promise<void> {
    const disk = await load();
    const event = difference(known, disk);
    known = disk;
    if (event) changed.fire(event);
  }

  const folderMade = files.createDirectory({ path: path.slice(0, path.lastIndexOf("/")) }).catch(() => {
    // It exists already, or writing will say what is wrong.
  });
  const watch = shared
    ? watchPath(connection, { path, recursive: false, excludes: [] }, () => void inTurn(adopt).catch(() => undefined))
    : undefined;

  return {
    onDidChangeItemsExternal: changed.event,
    getItems: () =>
      inTurn(async () => {
        known = await load();
        return new Map(known);
      }),
    updateItems: ({ insert, delete: removed }: IUpdateRequest) =>
      inTurn(async () => {
        // Read again: another window may have written since.
        const items = shared ? await load() : new Map(known);
        for (const [key, value] of insert ?? []) items.set(key, value);
        for (const key of removed ?? []) items.delete(key);
        await folderMade;
        const content = new Blob([JSON.stringify(Object.fromEntries(items))]);
        await files.write({ path, content, create: true, overwrite: true });
        for (const [key, value] of insert ?? []) known.set(key, value);
        for (const key of removed ?? []) known.delete(key);
      }),
    optimize: async () => undefined,
    close: () => inTurn(async () => watch?.dispose()),
  };
}

function difference(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): IStorageItemsChangeEvent | undefined {
  const changed = new Map([...after].filter(([key, value]) => before.get(key) !== value));
  const deleted = new Set([...before.keys()].filter((key) => !after.has(key)));
  return changed.size > 0 || deleted.size > 0 ? { changed, deleted } : undefined;
}
