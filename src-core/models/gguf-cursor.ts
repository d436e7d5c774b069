import { UserError } from "../base/errors.ts";
import { formatBytes } from "./format.ts";

/** A file whose head is read: in pieces, wherever they come from. */
export interface GgufSource {
  /** For messages. */
  readonly name: string;
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A place in a {@link GgufSource}. Call `need` before reading: the readers themselves do not wait. */
export interface GgufCursor {
  readonly size: number;
  position(): number;
  has(length: number): boolean;
  need(length: number): Promise<void>;
  skip(length: number): void;
  bytes(length: number): Uint8Array;
  u32(): number;
  u64(): number;
  /** A number or truth value of a GGUF value type. */
  scalar(type: number): number | boolean;
  /** A count of things that take at least `least` bytes each; throws when there cannot be so many. */
  count(what: string, limit: number, least: number): number;
  damaged(reason: string): UserError;
  incomplete(expected: number): UserError;
}

/** Bytes read at once; most headers are a few megabytes of vocabulary. */
const chunkBytes = 256 * 1024;

/** Opens a cursor at the start that refuses to go beyond the file or beyond `limit` bytes. */
export function createGgufCursor(source: GgufSource, limit: number): GgufCursor {
  let chunk: DataView = new DataView(new ArrayBuffer(0));
  let chunkStart = 0;
  let at = 0;

  const damaged = (reason: string) =>
    new UserError("MODEL_FILE_DAMAGED", `${source.name} is damaged: ${reason}.`, "Download or copy the file again.");
  const incomplete = (expected: number) =>
    new UserError(
      "MODEL_FILE_DAMAGED",
      `${source.name} is incomplete: ${formatBytes(source.size)} of at least ${formatBytes(expected)} are there.`,
      "Download or copy the file again.",
    );
  const has = (length: number) => at >= chunkStart && at + length <= chunkStart + chunk.byteLength;
  const take = (length: number) => {
    const offset = at - chunkStart;
    at += length;
    return offset;
  };
  const u64 = () => {
    const offset = take(8);
    const high = chunk.getUint32(offset + 4, true);
    if (high > 0x1f_ffff) throw damaged("a number in it is absurdly large");
    return high * 2 ** 32 + chunk.getUint32(offset, true);
  };

  return {
    size: source.size,
    position: () => at,
    has,
    async need(length) {
      if (has(length)) return;
      if (at + length > source.size) throw incomplete(at + length);
      if (at + length > limit) throw damaged("its head is absurdly long");
      const bytes = await source.read(at, Math.min(Math.max(length, chunkBytes), source.size - at));
      if (bytes.length < length) throw incomplete(at + length);
      chunk = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      chunkStart = at;
    },
    skip(length) {
      if (at + length > source.size) throw incomplete(at + length);
      at += length;
    },
    bytes(length) {
      const offset = take(length);
      return new Uint8Array(chunk.buffer, chunk.byteOffset + offset, length);
    },
    u32: () => chunk.getUint32(take(4), true),
    u64,
    scalar(type) {
      switch (type) {
        case 0:
          return chunk.getUint8(take(1));
        case 1:
          return chunk.getInt8(take(1));
        case 2:
          return chunk.getUint16(take(2), true);
        case 3:
          return chunk.getInt16(take(2), true);
        case 4:
          return chunk.getUint32(take(4), true);
        case 5:
          return chunk.getInt32(take(4), true);
        case 6:
          return chunk.getFloat32(take(4), true);
        case 7:
          return chunk.getUint8(take(1)) !== 0;
        case 10:
          return Number(chunk.getBigUint64(take(8), true));
        case 11:
          return Number(chunk.getBigInt64(take(8), true));
        default:
          return chunk.getFloat64(take(8), true);
      }
    },
    count(what, most, least) {
      const value = u64();
      if (value > most) throw damaged(`it claims ${value} ${what}`);
      if (value * least > source.size - at) throw incomplete(at + value * least);
      return value;
    },
    damaged,
    incomplete,
  };
}
