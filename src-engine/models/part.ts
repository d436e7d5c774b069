import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, readFile, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { UserError } from "#core/base/errors";
import { type Downloadable, downloadable } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import { addRange, type ByteRange, countBytes, endOfFirst, within } from "#core/models/ranges";

/** What is kept beside a part, so that it can be gone on with after a restart. */
const partRecord = z.object({
  id: z.string(),
  bytes: z.number().int().positive(),
  sha256: z.string().nullable(),
  hashFrom: z.enum(["catalogue", "hub", "none"]),
  version: z.string().nullable(),
  /** What it is a part of; missing in records of before, which were of the catalogue. */
  entry: downloadable.optional(),
  /** What has arrived; missing in records of before, which were written from the start on. */
  ranges: z.array(z.tuple([z.number().int().min(0), z.number().int().positive()])).optional(),
});
/** See {@link partRecord}. */
export type PartRecord = Omit<z.infer<typeof partRecord>, "ranges">;

/** A part that was begun earlier. */
export interface EarlierPart {
  readonly record: PartRecord;
  readonly ranges: readonly ByteRange[];
}

/** Bytes that stay free on the disk, so that the system goes on working. */
const spareBytes = 200_000_000;
/** Bytes between two looks at the free space. */
const freeCheckBytes = 128 * 2 ** 20;
/** Bytes between two records: what is lost when the process is killed. */
const recordBytes = 8 * 2 ** 20;
/** Bytes that are read again at once for the hash. */
const hashBytes = 2 ** 20;

/** The unfinished file of a download. */
export function partPath({ folder, entry }: { readonly folder: string; readonly entry: Pick<Downloadable, "file"> }): string {
  return join(folder, `${entry.file}.part`);
}

/** The part that was begun earlier, if it can be gone on with. */
export async function readPart(part: string): Promise<EarlierPart | undefined> {
  try {
    const { ranges, ...record } = partRecord.parse(JSON.parse(await readFile(`${part}.json`, "utf8")));
    const { size } = await stat(part);
    if (size > record.bytes) return undefined;
    const ordered = (ranges ?? [[0, size] as const]).reduce<ByteRange[]>(addRange, []);
    return { record, ranges: within(ordered, size) };
  } catch {
    return undefined;
  }
}

/** Deletes a part and its record. */
export async function removePart(part: string): Promise<void> {
  for (const path of [part, `${part}.json`, `${part}.json.new`]) await rm(path, { force: true });
}

/** Bytes free for this user on the disk of a folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** How far a file has been hashed; kept from one attempt to the next, because hashing what is there takes seconds. */
export interface Hashing {
  hash: Hash;
  done: number;
}

/** Begins a {@link Hashing}. */
export function createHashing(): Hashing {
  return { hash: createHash("sha256"), done: 0 };
}

/** What {@link openPart} needs. */
export interface PartOptions extends EarlierPart {
  readonly path: string;
  readonly title: string;
  readonly hashing: Hashing;
  readonly signal: AbortSignal;
  freeBytes(folder: string): Promise<number>;
  received(bytes: number): void;
}

/** A part that is being written, in any order; its hash follows from the start. */
export interface Part {
  ranges(): readonly ByteRange[];
  write(piece: Buffer, position: number): Promise<void>;
  /** Waits until all is hashed and on the disk. */
  finish(): Promise<void>;
  /** Keeps what has arrived for another time. */
  close(): Promise<void>;
}

/** Opens a part for writing, and looks whether there is room for what is missing. */
export async function openPart(options: PartOptions): Promise<Part> {
  const { path, record, hashing, signal, title } = options;
  const folder = dirname(path);
  let ranges = options.ranges;
  let sinceCheck = 0;
  let sinceRecord = 0;
  let recording: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  let closing = false;
  let problem: unknown;
  if (hashing.done > endOfFirst(ranges)) Object.assign(hashing, createHashing());

  async function checkSpace(): Promise<void> {
    const needed = record.bytes - countBytes(ranges);
    const available = await options.freeBytes(folder);
    if (available >= needed + spareBytes) return;
    throw new UserError(
      "DISK_FULL",
      `${title} needs ${formatBytes(needed)} more and ${formatBytes(spareBytes)} to spare, and ${formatBytes(available)} are free.`,
      `Make room on the disk of ${folder}, or choose another folder for models in the settings.`,
    );
  }

  /** In one step, because a record that is half written would cost all that has arrived. */
  async function writeRecord(): Promise<void> {
    sinceRecord = 0;
    await writeFile(`${path}.json.new`, JSON.stringify({ ...record, ranges }));
    await rename(`${path}.json.new`, `${path}.json`);
  }

  /** Reads again what arrived, from the start as far as there is no gap: with several connections it comes in any order. */
  async function follow(): Promise<void> {
    const buffer = Buffer.allocUnsafe(hashBytes);
    for (let end = endOfFirst(ranges); hashing.done < end && !closing; end = endOfFirst(ranges)) {
      if (signal.aborted) throw new UserError("STOPPED", "Stopped.");
      const { bytesRead } = await file.read(buffer, 0, Math.min(hashBytes, end - hashing.done), hashing.done);
      if (bytesRead === 0) throw new UserError("DOWNLOAD_FAILED", "The unfinished file changed while it was read.", "Download it again.");
      hashing.hash.update(buffer.subarray(0, bytesRead));
      hashing.done += bytesRead;
    }
  }

  function hashOn(): void {
    following ??= follow()
      .catch((error: unknown) => {
        problem ??= error;
      })
      .finally(() => {
        following = undefined;
      });
  }

  await checkSpace();
  const file: FileHandle = await open(path, ranges.length > 0 ? "r+" : "w+", 0o644);
  try {
    await writeRecord();
  } catch (error) {
    await file.close();
    throw error;
  }
  hashOn();

  return {
    ranges: () => ranges,
    async write(piece, position) {
      if (problem !== undefined) throw problem;
      let written = 0;
      while (written < piece.length) {
        const { bytesWritten } = await file.write(piece, written, piece.length - written, position + written);
        written += bytesWritten;
      }
      ranges = addRange(ranges, [position, position + piece.length]);
      options.received(countBytes(ranges));
      hashOn();
      sinceCheck += piece.length;
      sinceRecord += piece.length;
      if (sinceCheck >= freeCheckBytes) {
        sinceCheck = 0;
        await checkSpace();
      }
      if (sinceRecord < recordBytes) return;
      // One that is still being written is waited for, so that no more than two of these steps are ever at stake.
      await recording;
      recording ??= writeRecord()
        .catch((error: unknown) => {
          problem ??= error;
        })
        .finally(() => {
          recording = undefined;
        });
    },
    async finish() {
      while (following) await following;
      if (problem !== undefined) throw problem;
      await file.sync();
    },
    async close() {
      closing = true;
      while (following) await following;
      await recording;
      // The disk may be full: then the last record that fitted says less than there is, which costs a little and no more.
      await writeRecord().catch(() => {});
      await file.close();
    },
  };
}
