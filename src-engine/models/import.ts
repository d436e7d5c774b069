import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "#core/base/errors";
import type { CatalogueEntry, ImportEvent } from "#core/contracts/models";
import { freeBytes } from "./part.ts";
import { isLaterPart, readModel } from "./read-model.ts";
import { diskFailure } from "./transfer.ts";
import { expectationOf, writeChecksum } from "./verify.ts";

/** What {@link importModels} needs. */
export interface ImportOptions {
  /** A model file, or a folder of them: a stick that came from another machine. */
  readonly path: string;
  /** Where they are kept from now on. */
  readonly folder: string;
  readonly catalogue: readonly CatalogueEntry[];
  readonly signal: AbortSignal | undefined;
  readonly freeBytes?: (folder: string) => Promise<number>;
}

const progressBytes = 16 * 2 ** 20;
const spareBytes = 200_000_000;
const deepest = 4;
const mostFiles = 1000;

/**
 * Copies model files in and checks each by the checksum file that came with it, or by the catalogue, while it is copied. A file that is
 * not what it should be is not kept; one that is here already is left alone.
 */
export async function* importModels(options: ImportOptions): AsyncGenerator<ImportEvent, void, void> {
  const files = await filesIn(resolve(options.path));
  if (files.length === 0) throw new UserError("NOT_FOUND", `There is no model file in ${options.path}.`, "Model files end with .gguf.");
  let refused: UserError | undefined;
  for (const file of files) {
    try {
      yield* importFile(file, options);
    } catch (error) {
      const failure = diskFailure(error, basename(file), options.folder) ?? error;
      // The others may be whole; what is wrong with this one is told at the end as well.
      if (!(failure instanceof UserError) || failure.code === "STOPPED" || failure.code === "DISK_FULL" || files.length === 1)
        throw failure;
      refused ??= failure;
      yield { type: "refused", file, message: failure.message };
    }
  }
  if (refused) throw refused;
}

async function* importFile(
  file: string,
  { folder, catalogue, signal, freeBytes: free = freeBytes }: ImportOptions,
): AsyncGenerator<ImportEvent, void, void> {
  const name = basename(file);
  const target = join(folder, name);
  const { size } = await stat(file);
  const known = catalogue.find((entry) => entry.file === name && entry.bytes === size)?.sha256 ?? undefined;
  const { expected, expectedFrom } = await expectationOf(file, known);
  const there = await stat(target).catch(() => undefined);
  if (there && (resolve(target) === file || there.size !== size)) {
    throw new UserError("ALREADY_EXISTS", `${name} is in ${folder} already.`, "Move or rename one of the two.");
  }
  if (there) {
    yield { type: "done", file, path: target, bytes: size, expectedFrom, present: true };
    return;
  }
  await mkdir(folder, { recursive: true });
  const available = await free(folder);
  if (available < size + spareBytes) {
    throw new UserError(
      "DISK_FULL",
      `There is no room for ${name} in ${folder}.`,
      "Make room there, or choose another folder for models in the settings.",
    );
  }
  const part = `${target}.import`;
  const hash = createHash("sha256");
  let out: FileHandle | undefined;
  try {
    out = await open(part, "w", 0o644);
    let read = 0;
    let told = 0;
    for await (const piece of createReadStream(file, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
      if (signal?.aborted) throw new UserError("STOPPED", "Stopped.");
      hash.update(piece);
      await out.write(piece);
      read += piece.length;
      if (read - told < progressBytes) continue;
      told = read;
      yield { type: "progress", file, read, bytes: size };
    }
    await out.sync();
    await out.close();
    out = undefined;
    if (expected !== undefined && hash.digest("hex") !== expected) {
      throw new UserError(
        "HASH_MISMATCH",
        `${name} is not the file that its checksum names, so it was not taken over.`,
        "Copy it again from where it comes from.",
      );
    }
    // The parts of a split model say what it is only together, which is looked at when all are there.
    if (!/-\d{5}-of-\d{5}\.gguf$/i.test(name)) await readModel(part, name);
    if (expected !== undefined) await writeChecksum(target, expected);
    await rename(part, target);
  } finally {
    await out?.close();
    await rm(part, { force: true });
  }
  yield { type: "done", file, path: target, bytes: size, expectedFrom, present: false };
}

/** The model files of a folder in the order of their names; every part of one that is split is copied, the first one last. */
async function filesIn(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UserError("NOT_FOUND", `There is nothing at ${path}.`, "Check the path.");
  if (found.isFile()) return [...(await partsBeside(path)), path];
  const files: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      if (files.length >= mostFiles) return;
      const child = join(folder, entry.name);
      if (entry.isDirectory() && depth < deepest) await walk(child, depth + 1);
      else if (entry.isFile() && /\.gguf$/i.test(entry.name)) files.push(child);
    }
  };
  await walk(path, 0);
  return [...files.filter((file) => isLaterPart(basename(file))), ...files.filter((file) => !isLaterPart(basename(file)))];
}

/** The further parts of a split model whose first part was named. */
async function partsBeside(path: string): Promise<string[]> {
  const [, stem, count] = /^(.*)-0*1-of-(\d+)\.gguf$/i.exec(basename(path)) ?? [];
  if (stem === undefined) return [];
  const names: string[] = await readdir(dirname(path)).catch(() => []);
  return names
    .filter((name) => name.startsWith(`${stem}-`) && name.includes(`-of-${count}`) && isLaterPart(name))
    .map((name) => join(dirname(path), name));
}
