import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";

/**
 * Opens an archive of Electron. `hash` is what Electron compares with the one built into the program; `files` are all files in it, those
 * that lie unpacked beside it included.
 */
export function openAsar(path) {
  const file = openSync(path, "r");
  const sizes = Buffer.alloc(16);
  readSync(file, sizes, 0, 16, 0);
  // A pickle of Chromium: sizes of the outer and inner parts, then a text with its length before it.
  const start = 8 + sizes.readUInt32LE(4);
  const text = Buffer.alloc(sizes.readUInt32LE(12));
  readSync(file, text, 0, text.length, 16);
  const files = filesOf(JSON.parse(text.toString("utf8")).files, "");

  function read(entry) {
    if (entry.unpacked) return readFileSync(join(`${path}.unpacked`, entry.path));
    const bytes = Buffer.alloc(entry.size);
    readSync(file, bytes, 0, entry.size, start + Number(entry.offset));
    return bytes;
  }

  return {
    hash: createHash("sha256").update(text).digest("hex"),
    files,
    read,
    has: (entryPath) => files.some((entry) => entry.path === entryPath),
    /** What does not agree with the hashes in the header, as sentences. */
    damage: () => files.flatMap((entry) => damageOf(entry, () => existsIn(path, entry) && read(entry))),
    close: () => closeSync(file),
  };
}

function filesOf(folder, prefix) {
  return Object.entries(folder).flatMap(([name, entry]) => {
    const path = `${prefix}${name}`;
    if (entry.files) return filesOf(entry.files, `${path}/`);
    return entry.link === undefined ? [{ ...entry, path }] : [];
  });
}

function existsIn(path, entry) {
  return !entry.unpacked || existsSync(join(`${path}.unpacked`, entry.path));
}

function damageOf({ path, size, integrity }, read) {
  const bytes = read();
  if (!bytes) return [`${path} is missing beside the archive.`];
  if (bytes.length !== size) return [`${path} has ${bytes.length} bytes instead of ${size}.`];
  if (!integrity) return [`${path} has no hash in the archive.`];
  const hash = (part) => createHash(integrity.algorithm).update(part).digest("hex");
  const blocks = integrity.blocks.every(
    (block, index) => hash(bytes.subarray(index * integrity.blockSize, (index + 1) * integrity.blockSize)) === block,
  );
  return blocks && hash(bytes) === integrity.hash ? [] : [`${path} is not what its hash in the archive says.`];
}
