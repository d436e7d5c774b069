import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rm, stat, statfs, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { UserError } from "#core/base/errors";
import type { CatalogueEntry } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import { connectionFailure, type DownloadNetwork, type OpenedFile, openFile, PassingFailure } from "./request.ts";

/** What is kept beside a part, so that it can be gone on with after a restart. */
const partRecord = z.object({
  id: z.string(),
  bytes: z.number().int().positive(),
  sha256: z.string().nullable(),
  hashFrom: z.enum(["catalogue", "hub", "none"]),
  version: z.string().nullable(),
});
/** See {@link partRecord}. */
export type PartRecord = z.infer<typeof partRecord>;

/** What {@link transfer} needs. */
export interface TransferOptions {
  readonly entry: CatalogueEntry;
  readonly address: URL;
  /** The unfinished file. */
  readonly part: string;
  readonly network: DownloadNetwork;
  readonly signal: AbortSignal;
  readonly silence: number;
  freeBytes(folder: string): Promise<number>;
  /** What the hub says of the file, before its first byte; `from` bytes are here and are read again first, for the hash. */
  began(record: PartRecord, from: number): void;
  received(bytes: number): void;
}

/** Bytes that stay free on the disk, so that the system goes on working. */
const spareBytes = 200_000_000;
/** Bytes between two looks at the free space. */
const freeCheckBytes = 128 * 2 ** 20;

/** The record of a part that was begun earlier, if it can be gone on with. */
export async function readPartRecord(part: string): Promise<PartRecord | undefined> {
  try {
    return partRecord.parse(JSON.parse(await readFile(`${part}.json`, "utf8")));
  } catch {
    return undefined;
  }
}

/** Deletes a part and its record. */
export async function removePart(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(`${part}.json`, { force: true });
}

/** Bytes free for this user on the disk of a folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * Brings the part to its full length and checks length and SHA-256 as it is written, going on where an earlier attempt ended.
 * Resolves when the part is whole; throws a UserError, or a PassingFailure that another attempt may cure.
 */
export async function transfer(options: TransferOptions): Promise<void> {
  const { entry, part } = options;
  await mkdir(dirname(part), { recursive: true }).catch((error) => {
    throw diskFailure(error, entry.name, dirname(part)) ?? error;
  });
  const earlier = await readPartRecord(part);
  const begun = earlier
    ? await stat(part)
        .then((found) => found.size)
        .catch(() => 0)
    : 0;
  const hash = createHash("sha256");
  if (earlier && begun === earlier.bytes) {
    const record: PartRecord = entry.sha256 ? { ...earlier, sha256: entry.sha256, hashFrom: "catalogue" } : earlier;
    options.began(record, begun);
    await hashFile(part, begun, hash, options);
    return verify(record, hash, options);
  }
  const opened = await openCurrent(options, earlier && begun < earlier.bytes ? { record: earlier, offset: begun } : undefined);
  try {
    const record = recordOf(entry, opened);
    options.began(record, opened.offset);
    await checkSpace(record.bytes - opened.offset, options);
    await writeFile(`${part}.json`, JSON.stringify(record));
    if (opened.offset > 0) await hashFile(part, opened.offset, hash, options);
    await write(opened, record, hash, options);
    return await verify(record, hash, options);
  } catch (error) {
    throw diskFailure(error, entry.name, dirname(part)) ?? error;
  } finally {
    opened.body.destroy();
  }
}

/** Opens the file where the part ends, or from its start when the hub has another version by now. */
async function openCurrent(options: TransferOptions, begun: { record: PartRecord; offset: number } | undefined): Promise<OpenedFile> {
  const { address, entry, network, signal, silence } = options;
  const ask = (offset: number) => openFile({ address, title: entry.name, offset, network, signal, silence });
  if (!begun) return ask(0);
  const opened = await ask(begun.offset);
  const same = opened.version === undefined || begun.record.version === null || opened.version === begun.record.version;
  if (same || opened.offset === 0) return opened;
  opened.body.destroy();
  return ask(0);
}

/** Puts together what catalogue and hub say, and refuses when they speak of different files. */
function recordOf(entry: CatalogueEntry, opened: OpenedFile): PartRecord {
  const known = entry.bytesEstimated ? undefined : entry.bytes;
  if (known !== undefined && opened.size !== undefined && opened.size !== known) {
    throw new UserError(
      "DOWNLOAD_FAILED",
      `The hub's file of ${entry.name} has ${formatBytes(opened.size)} and not the ${formatBytes(known)} it should have.`,
      "The hub has another file under this name; choose another hub in the settings.",
    );
  }
  if (entry.sha256 && opened.sha256 && entry.sha256 !== opened.sha256) {
    throw new UserError(
      "HASH_MISMATCH",
      `The hub's file of ${entry.name} is not the one in the catalogue: its SHA-256 is another.`,
      "It was not downloaded. Choose another hub in the settings, or get the file yourself and choose it here.",
    );
  }
  const bytes = known ?? opened.size;
  if (bytes === undefined) {
    throw new UserError("DOWNLOAD_FAILED", `The hub does not say how large ${entry.name} is.`, "Choose another hub in the settings.");
  }
  const sha256 = entry.sha256 ?? opened.sha256 ?? null;
  const hashFrom = entry.sha256 ? "catalogue" : opened.sha256 ? "hub" : "none";
  return { id: entry.id, bytes, sha256, hashFrom, version: opened.version ?? null };
}

async function write(opened: OpenedFile, record: PartRecord, hash: Hash, options: TransferOptions): Promise<void> {
  const { entry, part, signal } = options;
  let position = opened.offset;
  let nextCheck = position + freeCheckBytes;
  let file: FileHandle | undefined;
  try {
    file = await open(part, position > 0 ? "r+" : "w", 0o644);
    for await (const piece of opened.body as AsyncIterable<Buffer>) {
      if (position === 0 && !"GGUF".startsWith(piece.subarray(0, 4).toString("latin1"))) {
        throw new UserError(
          "DOWNLOAD_FAILED",
          `What came in place of ${entry.name} is not a model file.`,
          "Choose another hub in the settings.",
        );
      }
      if (position + piece.length > record.bytes) {
        throw new UserError(
          "DOWNLOAD_FAILED",
          `The hub sent more than ${entry.name} has.`,
          "Try again, or choose another hub in the settings.",
        );
      }
      hash.update(piece);
      let written = 0;
      while (written < piece.length) {
        const { bytesWritten } = await file.write(piece, written, piece.length - written, position + written);
        written += bytesWritten;
      }
      position += piece.length;
      options.received(position);
      if (position >= nextCheck) {
        nextCheck = position + freeCheckBytes;
        await checkSpace(record.bytes - position, options);
      }
    }
    await file.sync();
  } catch (error) {
    if (signal.aborted) throw new UserError("STOPPED", "Stopped.");
    if (isFileError(error)) throw error;
    throw connectionFailure(error, entry.name, options.address.hostname);
  } finally {
    await file?.close();
  }
  if (position < record.bytes) throw connectionFailure(Object.assign(new Error(), { code: "ECONNRESET" }), entry.name, "");
}

/** Errors of the disk carry the call that failed; those of a connection do not name one of these. */
function isFileError(error: unknown): boolean {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT" || syscall === "open" || (syscall === "write" && code === "EIO");
}

/** What a failure of the disk means for a person; undefined for any other. */
export function diskFailure(error: unknown, title: string, folder: string): UserError | undefined {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new UserError(
      "DISK_FULL",
      `The download of ${title} stopped because the disk is full.`,
      `Make room on the disk of ${folder} and start it again; it goes on where it stopped.`,
    );
  }
  if (["EACCES", "EPERM", "EROFS", "EEXIST", "ENOTDIR", "EISDIR", "EBUSY"].includes(code ?? "")) {
    return new UserError("NO_PERMISSION", `Models cannot be written to ${folder}.`, "Choose another folder for models in the settings.");
  }
  return undefined;
}

async function checkSpace(needed: number, { entry, part, freeBytes: free }: TransferOptions): Promise<void> {
  const folder = dirname(part);
  const available = await free(folder);
  if (available >= needed + spareBytes) return;
  throw new UserError(
    "DISK_FULL",
    `${entry.name} needs ${formatBytes(needed)} more and ${formatBytes(spareBytes)} to spare, and ${formatBytes(available)} are free.`,
    `Make room on the disk of ${folder}, or choose another folder for models in the settings.`,
  );
}

async function hashFile(part: string, length: number, hash: Hash, { signal, received }: TransferOptions): Promise<void> {
  let position = 0;
  for await (const piece of createReadStream(part, { end: length - 1, highWaterMark: 2 ** 20 })) {
    if (signal.aborted) throw new UserError("STOPPED", "Stopped.");
    hash.update(piece as Buffer);
    position += (piece as Buffer).length;
  }
  if (position !== length)
    throw new PassingFailure(new UserError("DOWNLOAD_FAILED", "The unfinished file changed while it was read.", "Try again."));
  received(length);
}

async function verify(record: PartRecord, hash: Hash, { entry, part }: TransferOptions): Promise<void> {
  if (record.sha256 === null || hash.digest("hex") === record.sha256) return;
  await removePart(part);
  throw new UserError(
    "HASH_MISMATCH",
    `${entry.name} arrived damaged: its SHA-256 is not the one ${record.hashFrom === "hub" ? "the hub states" : "in the catalogue"}.`,
    "The file was deleted. Download it again.",
  );
}
