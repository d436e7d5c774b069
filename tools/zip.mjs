import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const longestEnd = 22 + 65_535;

/**
 * Reads the list of contents of a zip file. Enough for wheels and for the runtime's archive: no encryption, no parts,
 * nothing of 4 GiB or more.
 */
export async function openZip(path) {
  const file = await open(path);
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, longestEnd));
  await file.read(tail, 0, tail.length, size - tail.length);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end--;
  if (end < 0) throw new Error(`${path} is not a zip file.`);
  const directory = Buffer.alloc(tail.readUInt32LE(end + 12));
  await file.read(directory, 0, directory.length, tail.readUInt32LE(end + 16));

  const entries = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === entrySignature; ) {
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const commentLength = directory.readUInt16LE(at + 32);
    entries.push({
      name: directory.toString("utf8", at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      packedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      mode: (directory.readUInt32LE(at + 38) >>> 16) & 0o777,
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + extraLength + commentLength;
  }

  return {
    entries,
    /** Writes one entry to a path; with `append` several entries can be joined into one file. */
    async extract(entry, target, { append = false, onBytes } = {}) {
      const header = Buffer.alloc(30);
      await file.read(header, 0, 30, entry.offset);
      const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
      const output = createWriteStream(target, { flags: append ? "a" : "w", mode: entry.mode || 0o644 });
      if (entry.packedSize === 0) {
        output.end();
        return;
      }
      const input = createReadStream(path, { start, end: start + entry.packedSize - 1, highWaterMark: 1 << 20 });
      const count = new Transform({
        transform(chunk, _encoding, done) {
          onBytes?.(chunk.length);
          done(null, chunk);
        },
      });
      await (entry.method === 0 ? pipeline(input, count, output) : pipeline(input, createInflateRaw(), count, output));
    },
    close: () => file.close(),
  };
}
