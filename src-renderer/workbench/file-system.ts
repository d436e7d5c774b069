import type { CancellationToken } from "@codingame/monaco-vscode-api/vscode/vs/base/common/cancellation";
import { Emitter, Event } from "@codingame/monaco-vscode-api/vscode/vs/base/common/event";
import { newWriteableStream, type ReadableStreamEvents } from "@codingame/monaco-vscode-api/vscode/vs/base/common/stream";
import type { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import {
  FileChangeType,
  FilePermission,
  FileSystemProviderCapabilities,
  FileSystemProviderError,
  type FileSystemProviderErrorCode,
  FileType,
  type IFileChange,
  type IFileReadStreamOptions,
  type IFileSystemProviderWithFileFolderCopyCapability,
  type IFileSystemProviderWithFileReadStreamCapability,
  type IFileSystemProviderWithFileReadWriteCapability,
} from "@codingame/monaco-vscode-api/vscode/vs/platform/files/common/files";
import { describeError } from "#core/base/errors";
import type { FileChange, FileStat } from "#core/contracts/workspace";
import type { Connection } from "../connection.ts";
import { describeFileError } from "./file-errors.ts";
import type { Roots } from "./roots.ts";
import { tellUnwatched } from "./unwatched.ts";
import { watchPath } from "./watch.ts";

/** Bytes of the first part of a file: most source files fit, and a binary file is recognised by it. */
const firstPart = 256 * 1024;
const furtherParts = 4 * 1024 * 1024;

/** How the addresses of a scheme and the paths on the engine's machine correspond. */
export interface PathMapping {
  toPath(uri: URI): string;
  toUri(path: string): URI;
}

/** The file system of the engine's machine, as the workbench wants it. */
export type EngineFileSystem = IFileSystemProviderWithFileReadWriteCapability &
  IFileSystemProviderWithFileReadStreamCapability &
  IFileSystemProviderWithFileFolderCopyCapability;

/** Creates the provider for one scheme. */
export function createFileSystem(connection: Connection, roots: Roots, mapping: PathMapping): EngineFileSystem {
  const { desktop, start } = connection;
  const files = connection.engine.workspace;
  const changes = new Emitter<readonly IFileChange[]>();
  const path = mapping.toPath;

  /** Runs an operation and translates its failure. What the user goes to in the window is opened for it first. */
  async function run<T>(place: string, operation: () => Promise<T>): Promise<T> {
    const engines = roots.engines();
    try {
      return await operation();
    } catch (error) {
      const again = describeError(error).code === "OUTSIDE_WORKSPACE" && (!roots.covers(place) || roots.engines() !== engines);
      if (!again) throw translated(error);
    }
    try {
      await roots.ready();
      if (!roots.covers(place)) await roots.open(place);
      return await operation();
    } catch (error) {
      throw translated(error);
    }
  }

  /** Runs what only looks: where the engine is lost meanwhile, the next one is asked, because looking twice does no harm. */
  const look = <T>(place: string, operation: () => Promise<T>): Promise<T> =>
    run(place, () =>
      operation().catch((error) => {
        if (describeError(error).code !== "ENGINE_GONE") throw error;
        return operation();
      }),
    );

  async function readPart(place: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const blob = await look(place, () => files.read({ path: place, offset, length }));
    return new Uint8Array(await blob.arrayBuffer());
  }

  async function pump(resource: URI, options: IFileReadStreamOptions, token: CancellationToken, stream: ByteStream): Promise<void> {
    const end = options.length === undefined ? Number.POSITIVE_INFINITY : (options.position ?? 0) + options.length;
    let offset = options.position ?? 0;
    let size = firstPart;
    while (offset < end && !token.isCancellationRequested) {
      const wanted = Math.min(size, end - offset);
      const part = await readPart(path(resource), offset, wanted);
      if (part.length > 0) await stream.write(part);
      if (part.length < wanted) break;
      offset += part.length;
      size = furtherParts;
    }
  }

  return {
    capabilities:
      FileSystemProviderCapabilities.FileReadWrite |
      FileSystemProviderCapabilities.FileReadStream |
      FileSystemProviderCapabilities.FileFolderCopy |
      (start.platform === "linux" ? FileSystemProviderCapabilities.PathCaseSensitive : 0) |
      (start.browser ? 0 : FileSystemProviderCapabilities.Trash),
    onDidChangeCapabilities: Event.None,
    onDidChangeFile: changes.event,

    watch(resource, options) {
      return watchPath(
        connection,
        { path: path(resource), recursive: options.recursive, excludes: options.excludes },
        (batch) => changes.fire(batch.map((change) => ({ type: changeType(change), resource: mapping.toUri(change.path) }))),
        (error) => void tellUnwatched(error),
      );
    },

    stat: async (resource) => toStat(await look(path(resource), () => files.stat({ path: path(resource) }))),

    async readdir(resource) {
      const entries = await look(path(resource), () => files.list({ path: path(resource) }));
      return entries.map((entry) => [entry.name, toType(entry)]);
    },

    async readFile(resource) {
      const blob = await look(path(resource), () => files.read({ path: path(resource) }));
      return new Uint8Array(await blob.arrayBuffer());
    },

    readFileStream(resource, options, token) {
      const stream: ByteStream = newWriteableStream((parts) => concatenate(parts));
      pump(resource, options, token, stream)
        .catch((error) => stream.error(error instanceof Error ? error : new Error(String(error))))
        .finally(() => stream.end());
      return stream as ReadableStreamEvents<Uint8Array>;
    },

    writeFile: (resource, content, { create, overwrite }) =>
      run(parentOf(path(resource)), () =>
        files.write({ path: path(resource), content: new Blob([content as Uint8Array<ArrayBuffer>]), create, overwrite }),
      ),

    mkdir: (resource) => run(parentOf(path(resource)), () => files.createDirectory({ path: path(resource) })),

    delete: (resource, { recursive, useTrash }) =>
      run(path(resource), () => (useTrash ? desktop.trash({ path: path(resource) }) : files.remove({ path: path(resource), recursive }))),

    rename: (from, to, { overwrite }) => run(parentOf(path(to)), () => files.rename({ from: path(from), to: path(to), overwrite })),

    copy: (from, to, { overwrite }) => run(parentOf(path(to)), () => files.copy({ from: path(from), to: path(to), overwrite })),
  };
}

type ByteStream = ReturnType<typeof newWriteableStream<Uint8Array>>;

function translated(error: unknown): FileSystemProviderError {
  const { code, message } = describeFileError(error);
  return FileSystemProviderError.create(message, code as FileSystemProviderErrorCode);
}

function toType(entry: { type: FileStat["type"]; link: boolean }): FileType {
  const type = entry.type === "file" ? FileType.File : entry.type === "directory" ? FileType.Directory : FileType.Unknown;
  return entry.link ? type | FileType.SymbolicLink : type;
}

function toStat(stat: FileStat) {
  return {
    type: toType(stat),
    size: stat.size,
    mtime: stat.modified,
    ctime: stat.created,
    permissions: stat.readOnly ? FilePermission.Readonly : undefined,
  };
}

function changeType(change: FileChange): FileChangeType {
  if (change.type === "added") return FileChangeType.ADDED;
  return change.type === "deleted" ? FileChangeType.DELETED : FileChangeType.UPDATED;
}

function parentOf(path: string): string {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return end > 0 ? path.slice(0, end) : path;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
