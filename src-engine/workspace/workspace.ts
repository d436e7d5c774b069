import { dirname } from "node:path";
import { implement } from "@orpc/server";
import { UserError } from "#core/base/errors";
import { type FileChange, type FileStat, workspaceContract } from "#core/contracts/workspace";
import { copyEntry, createFolder, keepToUser, listFolder, readFile, removeEntry, renameEntry, statFile } from "./files.ts";
import { isInside, normalizePath } from "./paths.ts";
import { createRoots } from "./roots.ts";
import { createSerialiser } from "./serialise.ts";
import { readUncommitted, type Uncommitted } from "./uncommitted.ts";
import { watchPath } from "./watch.ts";
import { type WriteOptions, writeFileSafely } from "./write.ts";

/** The files of one client. No method reaches a path that is not below a root, whatever links say. */
export interface Workspace {
  /** Makes a folder or a file reachable. One that does not exist yet, in a folder that does, is `unknown`. */
  open(path: string): Promise<FileStat>;
  /** The real path, links followed, or OUTSIDE_WORKSPACE; for services that hand paths on, such as the search. */
  resolve(path: string): Promise<string>;
  stat(path: string): Promise<FileStat>;
  list(path: string): Promise<{ name: string; type: FileStat["type"]; link: boolean }[]>;
  read(path: string, range?: { offset?: number; length?: number }): Promise<Blob>;
  write(path: string, content: Uint8Array, options: WriteOptions): Promise<void>;
  createDirectory(path: string): Promise<void>;
  remove(path: string, options: { recursive: boolean }): Promise<void>;
  rename(from: string, to: string, options: { overwrite: boolean }): Promise<void>;
  copy(from: string, to: string, options: { overwrite: boolean }): Promise<void>;
  /** See {@link readUncommitted}. */
  uncommitted(path: string, signal?: AbortSignal): Promise<Uncommitted>;
  watch(request: { path: string; recursive: boolean; excludes: readonly string[] }, signal?: AbortSignal): AsyncGenerator<FileChange[]>;
}

/** What {@link createWorkspace} takes. */
export interface WorkspaceOptions {
  /** Reachable from the start, such as the settings folder. */
  readonly roots?: readonly string[];
  /** A folder of which nobody else is to read anything: what is made in it is for this user alone. */
  readonly privateFolder?: string;
}

/** Creates the {@link Workspace} of one client. */
export function createWorkspace(options: WorkspaceOptions = {}): Workspace {
  const roots = createRoots(options.roots);
  const inOrder = createSerialiser();
  const follow = (path: string) => roots.resolve(path, "follow");
  const keep = (path: string) => roots.resolve(path, "keep");
  const behind = (path: string) => follow(path).catch(() => undefined);

  const privateFolder = options.privateFolder === undefined ? undefined : normalizePath(options.privateFolder);
  const isPrivate = (path: string) => privateFolder !== undefined && isInside(privateFolder, normalizePath(path), true);

  const stat = async (path: string) => statFile(await keep(path), await behind(path));

  async function entryToChange(path: string): Promise<string> {
    const entry = await keep(path);
    if (!roots.isRoot(entry) || (await stat(path)).type !== "directory") return entry;
    throw new UserError("NO_PERMISSION", `${path} is the folder that is open, and stays.`, "Close it first.");
  }

  return {
    async open(path) {
      const real = await roots.open(path);
      try {
        return await stat(path);
      } catch (error) {
        if (!(error instanceof UserError && error.code === "NOT_FOUND")) throw error;
        if ((await statFile(dirname(real), undefined)).type !== "directory") throw error;
        return { type: "unknown", link: false, size: 0, created: 0, modified: 0, readOnly: false };
      }
    },
    resolve: follow,
    stat,
    list: async (path) => listFolder(await follow(path), behind),
    read: async (path, range = {}) => readFile(await follow(path), range.offset, range.length),
    // In the order of the calls: following links takes some longer than others.
    write: (path, content, writeOptions) =>
      inOrder(path, async () => writeFileSafely(await follow(path), content, { ...writeOptions, isPrivate: isPrivate(path) })),
    createDirectory: async (path) => createFolder(await keep(path), isPrivate(path)),
    remove: async (path, { recursive }) => removeEntry(await entryToChange(path), recursive),
    rename: async (from, to, { overwrite }) => renameEntry(await entryToChange(from), await entryToChange(to), overwrite),
    async copy(from, to, { overwrite }) {
      const target = await entryToChange(to);
      await copyEntry(await keep(from), target, overwrite);
      if (isPrivate(to)) await keepToUser(target);
    },
    uncommitted: async (path, signal) => readUncommitted(await follow(path), signal),
    async *watch({ path, recursive, excludes }, signal) {
      const normal = normalizePath(path);
      yield* watchPath({ path: normal, real: await follow(normal), recursive, excludes }, signal);
    },
  };
}

/** Serves a {@link Workspace} by its contract. */
export function workspaceRouter(workspace: Workspace) {
  const contract = implement(workspaceContract);
  return contract.router({
    open: contract.open.handler(({ input }) => workspace.open(input.path)),
    stat: contract.stat.handler(({ input }) => workspace.stat(input.path)),
    uncommitted: contract.uncommitted.handler(({ input, signal }) => workspace.uncommitted(input.path, signal)),
    list: contract.list.handler(({ input }) => workspace.list(input.path)),
    read: contract.read.handler(({ input }) => workspace.read(input.path, input)),
    write: contract.write.handler(async ({ input }) =>
      workspace.write(input.path, new Uint8Array(await input.content.arrayBuffer()), input),
    ),
    createDirectory: contract.createDirectory.handler(({ input }) => workspace.createDirectory(input.path)),
    remove: contract.remove.handler(({ input }) => workspace.remove(input.path, input)),
    rename: contract.rename.handler(({ input }) => workspace.rename(input.from, input.to, input)),
    copy: contract.copy.handler(({ input }) => workspace.copy(input.from, input.to, input)),
    watch: contract.watch.handler(({ input, signal }) => workspace.watch(input, signal)),
  });
}
