import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, realpath, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "#core/base/errors";
import type { Verification, VerificationEvent } from "#core/contracts/models";

/** A file to be checked: all its parts, and the hash the catalogue has for it. */
export interface VerifiedFile {
  readonly paths: readonly string[];
  readonly sha256: string | undefined;
}

type Expected = Pick<Verification, "expected" | "expectedFrom">;

const progressBytes = 32 * 2 ** 20;

/** Reads a model's file from beginning to end and compares its SHA-256 with whatever says what it should be. */
export async function* verifyModel(
  { paths, sha256 }: VerifiedFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<VerificationEvent, void, void> {
  const [path = ""] = paths;
  const sizes = await Promise.all(paths.map(async (part) => (await stat(part)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const hash = createHash("sha256");
  let read = 0;
  let told = 0;
  for (const part of paths) {
    for await (const chunk of createReadStream(part, { highWaterMark: 2 ** 20 })) {
      if (signal?.aborted) throw new UserError("STOPPED", "Stopped.");
      hash.update(chunk);
      read += chunk.length;
      if (read - told < progressBytes) continue;
      told = read;
      yield { type: "progress", read, bytes };
    }
  }
  const found = hash.digest("hex");
  const { expected, expectedFrom } = paths.length === 1 ? await expectationOf(path, sha256) : nothingKnown;
  const matches = expected === undefined ? undefined : expected === found;
  yield { type: "done", verification: { path, bytes: read, sha256: found, expected, expectedFrom, matches } };
}

const nothingKnown: Expected = { expectedFrom: "nobody" };

/** Leaves the checksum beside a file, so that it can be checked again, and copied to another machine with it. */
export async function writeChecksum(path: string, sha256: string): Promise<void> {
  await writeFile(`${path}.sha256`, `${sha256}  ${basename(path)}\n`);
}

/** The catalogue's word first; then the name of a blob, which is its hash; then a checksum file that came with the model. */
export async function expectationOf(path: string, sha256: string | undefined): Promise<Expected> {
  if (sha256 !== undefined) return { expected: sha256, expectedFrom: "catalogue" };
  const blob = /^(?:sha256-)?([0-9a-f]{64})$/.exec(basename(await realpath(path)))?.[1];
  if (blob !== undefined) return { expected: blob, expectedFrom: "name" };
  for (const file of [`${path}.sha256`, join(dirname(path), "SHA256SUMS")]) {
    const expected = sumIn(await readFile(file, "utf8").catch(() => ""), basename(path));
    if (expected !== undefined) return { expected, expectedFrom: "checksum-file" };
  }
  return nothingKnown;
}

/** The sum of a file in the text that `sha256sum` writes: "HASH  NAME" a line, or a lone hash. */
function sumIn(text: string, name: string): string | undefined {
  for (const line of text.split("\n")) {
    const [, hash, named] = /^([0-9a-fA-F]{64})(?:\s+\*?(.+?))?\s*$/.exec(line) ?? [];
    if (hash !== undefined && (named === undefined || basename(named) === name)) return hash.toLowerCase();
  }
  return undefined;
}
