import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "#core/base/errors";
import type { Downloadable } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import { addRange, type ByteRange, countBytes, missingPieces } from "#core/models/ranges";
import type { Connections } from "../network/connections.ts";
import type { Pace } from "./pace.ts";
import { type EarlierPart, type Hashing, openPart, type Part, type PartRecord, readPart, removePart } from "./part.ts";
import { connectionFailure, type DownloadNetwork, type OpenedFile, openFile, PassingFailure } from "./request.ts";

/** What {@link transfer} needs. */
export interface TransferOptions {
  readonly entry: Downloadable;
  readonly address: URL;
  /** The unfinished file. */
  readonly part: string;
  readonly network: DownloadNetwork;
  readonly connections: Connections;
  readonly token: string | undefined;
  /** How many connections at most share the file. */
  readonly several: number;
  readonly pace: Pace;
  readonly hashing: Hashing;
  readonly signal: AbortSignal;
  readonly silence: number;
  freeBytes(folder: string): Promise<number>;
  /** What the hub says of the file, before its first byte, and how much of it is here already. */
  began(record: PartRecord, received: number): void;
  received(bytes: number): void;
}

/** Bytes that are asked for at once: what is fetched again at most when a connection is lost and nothing was kept. */
const pieceBytes = 16 * 2 ** 20;

/**
 * Brings the part to its full length over one or several connections, going on where an earlier attempt ended, and checks length and
 * SHA-256. Resolves with what is known of the file when the part is whole; throws a UserError, or a PassingFailure that another attempt may cure.
 */
export async function transfer(options: TransferOptions): Promise<PartRecord> {
  const { entry, part } = options;
  try {
    await mkdir(dirname(part), { recursive: true });
    const earlier = await readPart(part);
    const [missing] = earlier ? missingPieces(earlier.ranges, earlier.record.bytes, pieceBytes) : [firstPiece(entry)];
    if (earlier && missing === undefined) {
      const record: PartRecord = entry.sha256 ? { ...earlier.record, sha256: entry.sha256, hashFrom: hashOrigin(entry) } : earlier.record;
      return await fill({ ...earlier, record }, undefined, options);
    }
    const opened = await openCurrent(options, earlier, missing ?? firstPiece(entry));
    try {
      const record = recordOf(entry, opened.file);
      return await fill({ record, ranges: opened.ranges }, opened.file, options);
    } finally {
      opened.file.body.destroy();
    }
  } catch (error) {
    throw diskFailure(error, entry.name, dirname(part)) ?? error;
  }
}

function firstPiece({ bytes, bytesEstimated }: Downloadable): ByteRange {
  return [0, bytesEstimated ? pieceBytes : Math.min(pieceBytes, bytes)];
}

/** Opens the file where something is missing, or from its start when the hub has another version by now. */
async function openCurrent(
  options: TransferOptions,
  earlier: EarlierPart | undefined,
  missing: ByteRange,
): Promise<{ file: OpenedFile; ranges: readonly ByteRange[] }> {
  const ask = (range: ByteRange) => openFile({ ...options, title: options.entry.name, range });
  const file = await ask(missing);
  if (!earlier) return { file, ranges: [] };
  const same = file.version === undefined || earlier.record.version === null || file.version === earlier.record.version;
  if (same && file.range[0] === missing[0] && file.range[1] !== undefined && file.range[1] <= missing[1])
    return { file, ranges: earlier.ranges };
  if (file.range[0] === 0) return { file, ranges: [] };
  file.body.destroy();
  return { file: await ask(firstPiece(options.entry)), ranges: [] };
}

/** Puts together what catalogue and hub say, and refuses when they speak of different files. */
function recordOf(entry: Downloadable, opened: OpenedFile): PartRecord {
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
      `The hub's file of ${entry.name} is not the one in ${hashOrigin(entry) === "hub" ? "its own list" : "the catalogue"}: its SHA-256 is another.`,
      "It was not downloaded. Choose another hub in the settings, or get the file yourself and choose it here.",
    );
  }
  const bytes = known ?? opened.size;
  if (bytes === undefined) {
    throw new UserError("DOWNLOAD_FAILED", `The hub does not say how large ${entry.name} is.`, "Choose another hub in the settings.");
  }
  const sha256 = entry.sha256 ?? opened.sha256 ?? null;
  const hashFrom = entry.sha256 ? hashOrigin(entry) : opened.sha256 ? "hub" : "none";
  return { id: entry.id, bytes, sha256, hashFrom, version: opened.version ?? null, entry };
}

/** Who says what the hash of an entry is: one that is not of the catalogue has a path of its own at the hub. */
function hashOrigin({ path }: Downloadable): "catalogue" | "hub" {
  return path === undefined ? "catalogue" : "hub";
}

/** Fills what is missing, the opened answer first. */
async function fill(earlier: EarlierPart, opened: OpenedFile | undefined, options: TransferOptions): Promise<PartRecord> {
  const { record } = earlier;
  options.began(record, countBytes(earlier.ranges));
  const part = await openPart({ ...earlier, ...options, path: options.part, title: options.entry.name });
  try {
    if (opened) await fetchAll(part, record, opened, options);
    await part.finish();
  } finally {
    await part.close();
  }
  if (record.sha256 === null || options.hashing.hash.digest("hex") === record.sha256) return record;
  await removePart(options.part);
  throw new UserError(
    "HASH_MISMATCH",
    `${options.entry.name} arrived damaged: its SHA-256 is not the one ${record.hashFrom === "hub" ? "the hub states" : "in the catalogue"}.`,
    "The file was deleted. Download it again.",
  );
}

async function fetchAll(part: Part, record: PartRecord, opened: OpenedFile, options: TransferOptions): Promise<void> {
  const [from, end = record.bytes] = opened.range;
  // A server that gives whole files only gives all of it in one answer.
  const pieces = missingPieces(addRange(part.ranges(), [from, end]), record.bytes, pieceBytes);
  // One that fails ends the others, too: what they have is kept, and the next attempt goes on with all of them.
  const others = new AbortController();
  const signal = AbortSignal.any([options.signal, others.signal]);
  const next = async () => {
    for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
      const answer = await openPiece(piece, record, opened, { ...options, signal });
      const [start, stop] = [piece[0], answer.range[1] ?? piece[1]];
      // Some servers give less at once than was asked for.
      if (stop < piece[1]) pieces.unshift([stop, piece[1]]);
      await receive(part, [start, stop], answer, { ...options, signal });
    }
  };
  const first = async () => {
    await receive(part, [from, end], opened, { ...options, signal });
    await next();
  };
  const work = [first(), ...Array.from({ length: Math.min(options.several - 1, pieces.length) }, next)];
  try {
    await Promise.all(work);
  } catch (error) {
    others.abort();
    opened.body.destroy();
    await Promise.allSettled(work);
    if (options.signal.aborted) throw new UserError("STOPPED", "Stopped.");
    throw error;
  }
}

/** Asks where the first answer came from, which spares the hub; when that place is closed by now, the hub names a new one. */
async function openPiece(range: ByteRange, record: PartRecord, first: OpenedFile, options: TransferOptions): Promise<OpenedFile> {
  const ask = (address: URL) => openFile({ ...options, address, title: options.entry.name, range });
  const direct = first.address.href !== options.address.href;
  let opened = direct
    ? await ask(first.address).catch((error: unknown) => (error instanceof PassingFailure ? Promise.reject(error) : undefined))
    : undefined;
  const sameThere = opened !== undefined && opened.etag === first.etag;
  if (!sameThere) {
    opened?.body.destroy();
    opened = await ask(options.address);
  }
  const same = sameThere || opened?.version === undefined || record.version === null || opened.version === record.version;
  if (opened && same && opened.range[0] === range[0] && (opened.range[1] ?? range[1] + 1) <= range[1]) return opened;
  opened?.body.destroy();
  // The next attempt begins with the other file.
  throw new PassingFailure(
    new UserError("DOWNLOAD_FAILED", `The file of ${options.entry.name} at the hub changed while it was downloaded.`, "Download it again."),
    "hub",
  );
}

async function receive(part: Part, [from, end]: ByteRange, opened: OpenedFile, options: TransferOptions): Promise<void> {
  const { entry, signal, pace } = options;
  let position = from;
  try {
    for await (const piece of opened.body as AsyncIterable<Buffer>) {
      if (position === 0 && !"GGUF".startsWith(piece.subarray(0, 4).toString("latin1"))) {
        throw new UserError(
          "DOWNLOAD_FAILED",
          `What came in place of ${entry.name} is not a model file.`,
          "Choose another hub in the settings.",
        );
      }
      if (position + piece.length > end) {
        throw new UserError(
          "DOWNLOAD_FAILED",
          `The hub sent more than ${entry.name} has.`,
          "Try again, or choose another hub in the settings.",
        );
      }
      await part.write(piece, position);
      position += piece.length;
      await pace.take(piece.length, signal);
    }
  } catch (error) {
    if (signal.aborted) throw new UserError("STOPPED", "Stopped.");
    if (isFileError(error)) throw error;
    throw connectionFailure(error, entry.name, opened.address.hostname);
  }
  if (position < end) throw connectionFailure(Object.assign(new Error(), { code: "ECONNRESET" }), entry.name, "");
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
