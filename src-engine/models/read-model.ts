import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "#core/base/errors";
import type { AdapterFile, ModelFile } from "#core/contracts/models";
import { describeAdapter } from "#core/models/adapter-file";
import { type GgufHeader, readGgufHeader } from "#core/models/gguf";
import { clean, describeModelFile } from "#core/models/model-file";

const partName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i;

/** True for the later parts of a split model: the first one stands for all. */
export function isLaterPart(fileName: string): boolean {
  const match = partName.exec(fileName);
  return match !== null && Number(match[2]) !== 1;
}

/** Reads what a GGUF file (or the first of several parts) says of itself; never loads it. `title` is its name where that of its file means nothing. */
export async function readModel(path: string, title?: string): Promise<ModelFile> {
  const paths = await partsOf(path);
  const headers: GgufHeader[] = [];
  let bytes = 0;
  for (const part of paths) {
    const { header, size } = await readHeader(part, (paths.length > 1 ? undefined : title) ?? clean(basename(part)));
    headers.push(header);
    bytes += size;
  }
  return describeModelFile({ paths, bytes, title: title ?? titleOf(path), label: title ?? clean(basename(path)) }, headers);
}

/** Reads what the file of an adapter says of itself; throws UNSUPPORTED for what is none that can be loaded with a model. */
export async function readAdapter(path: string): Promise<AdapterFile> {
  const { header, size } = await readHeader(path, clean(basename(path)));
  return describeAdapter({ path, bytes: size, label: clean(basename(path)) }, header);
}

/** What {@link inspectModel} answers. */
export interface InspectedModel {
  readonly file: ModelFile;
  /** The head of the first part, with the vocabulary. */
  readonly header: GgufHeader;
}

/** Like {@link readModel}, with the whole head and all texts of the vocabulary: for somebody who wants to look into it. */
export async function inspectModel(path: string): Promise<InspectedModel> {
  const file = await readModel(path);
  const { header } = await readHeader(path, clean(basename(path)), { tokens: true });
  return { file, header };
}

/** The name of a model's file for people: without folder, part numbers and ending. */
export function titleOf(path: string): string {
  const name = basename(path);
  return clean(partName.exec(name)?.[1] ?? name.replace(/\.gguf$/i, ""));
}

async function partsOf(path: string): Promise<string[]> {
  const name = basename(path);
  const match = partName.exec(name);
  if (!match) return [path];
  const count = Number(match[3]);
  if (count < 1 || count > 999 || Number(match[2]) !== 1) {
    throw new UserError("BAD_INPUT", `${name} is a later part of a split model.`, "Choose the first part, whose name has -00001-of-.");
  }
  const expected = Array.from({ length: count }, (_, index) => `${match[1]}-${String(index + 1).padStart(5, "0")}-of-${match[3]}.gguf`);
  const present = new Set((await readdir(dirname(path))).map((entry) => entry.toLowerCase()));
  const missing = expected.filter((part) => !present.has(part.toLowerCase()));
  if (missing.length > 0) {
    throw new UserError(
      "MODEL_FILE_DAMAGED",
      `${titleOf(path)} is incomplete: ${missing.length} of its ${count} parts ${missing.length === 1 ? "is" : "are"} missing.`,
      "Download or copy the missing parts into the same folder.",
    );
  }
  return expected.map((part) => join(dirname(path), part));
}

async function readHeader(
  path: string,
  name: string,
  keep: { readonly tokens: boolean } = { tokens: false },
): Promise<{ header: GgufHeader; size: number }> {
  let file: FileHandle | undefined;
  try {
    // A pipe or a device would make open or read wait for ever, so only what is a plain file is opened.
    const found = await stat(path);
    if (!found.isFile())
      throw new UserError("IS_A_DIRECTORY", `${name} is a folder and not a model file.`, "Choose a file that ends in .gguf.");
    file = await open(path, "r");
    const { size } = await file.stat();
    const handle = file;
    const read = async (offset: number, length: number) => {
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    };
    return { header: await readGgufHeader({ name, size, read }, keep), size };
  } catch (error) {
    throw fileError(error, name);
  } finally {
    await file?.close();
  }
}

function fileError(error: unknown, name: string): unknown {
  if (error instanceof UserError) return error;
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
    case "ENOTDIR":
      return new UserError("NOT_FOUND", `The model file ${name} is not there.`, "Choose another file, or download the model again.");
    case "EACCES":
    case "EPERM":
      return new UserError("NO_PERMISSION", `The model file ${name} may not be read.`, "Change its permissions, or choose another file.");
    case "ELOOP":
      return new UserError("NOT_FOUND", `The model file ${name} is a link that leads to itself.`, "Choose another file.");
    default:
      return error;
  }
}
