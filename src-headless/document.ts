import { existsSync } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { UserError } from "#core/base/errors";
import { fileError } from "#engine/file-errors";
import { languageOf } from "./languages.ts";

/** A text file named on the command line. */
export interface Document {
  readonly path: string;
  readonly text: string;
  readonly languageId: string;
  /** The nearest repository above the file, else its folder: context never leaves it. */
  readonly workspace: string;
  /** How the text lies on the disk. */
  readonly encoding: Encoding;
}

/** The encodings that are read; writing gives the same again. */
export type Encoding = "utf8" | "utf8-with-mark" | "utf16le" | "latin1";

/** The largest file that is read, in bytes; beyond it no model has a use for the rest. */
const maximumBytes = 20_000_000;

/** Reads a text file; throws NOT_FOUND, IS_A_DIRECTORY, NO_PERMISSION, TOO_LARGE or, for a binary file, UNSUPPORTED. */
export async function readDocument(file: string): Promise<Document> {
  const path = resolve(file);
  const decoded = decodeText(await read(path, file));
  if (decoded === undefined) throw new UserError("UNSUPPORTED", `${file} is a binary file.`, "Name a text file.");
  const { text, encoding } = decoded;
  return { path, text, encoding, languageId: languageOf(path), workspace: await workspaceOf(path) };
}

async function read(path: string, file: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new UserError("IS_A_DIRECTORY", `${file} is a folder.`, "Name a file in it.");
    if (!found.isFile()) throw new UserError("UNSUPPORTED", `${file} is not a file.`, "Name a text file.");
    if (found.size > maximumBytes) {
      throw new UserError(
        "TOO_LARGE",
        `${file} has ${Math.round(found.size / 1e6)} MB; at most ${maximumBytes / 1e6} MB are read.`,
        "Copy the part you ask about into a smaller file.",
      );
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new UserError("NOT_FOUND", `There is no file ${file}.`, `Check the path; it was looked for from ${process.cwd()}.`);
    }
    if (code === "EACCES" || code === "EPERM") {
      throw new UserError("NO_PERMISSION", `You may not read ${file}.`, "Ask its owner for access, or change its permissions.");
    }
    throw fileError(error, path);
  }
}

/** The text that bytes are, in the encoding they seem to have; undefined where they are no text. */
export function decodeText(bytes: Buffer): { text: string; encoding: Encoding } | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.toString("utf16le", 2), encoding: "utf16le" };
  if (bytes.subarray(0, 8192).includes(0)) return undefined;
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    // The decoder takes the mark away by itself.
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: marked ? "utf8-with-mark" : "utf8" };
  } catch {
    return { text: bytes.toString("latin1"), encoding: "latin1" };
  }
}

/** The bytes of a text in an encoding; throws UNSUPPORTED when the encoding has no bytes for it. */
export function encode(text: string, encoding: Encoding): Buffer {
  switch (encoding) {
    case "utf8":
      return Buffer.from(text, "utf8");
    case "utf8-with-mark":
      return Buffer.from(`\ufeff${text}`, "utf8");
    case "utf16le":
      return Buffer.from(`\ufeff${text}`, "utf16le");
    case "latin1": {
      const bytes = Buffer.from(text, "latin1");
      if (bytes.toString("latin1") !== text) {
        throw new UserError(
          "UNSUPPORTED",
          "The file is not in UTF-8, and the new text has characters that its encoding lacks.",
          "Save the file as UTF-8 first.",
        );
      }
      return bytes;
    }
  }
}

/** The folder that a file belongs to: of one outside of any repository the one that the user is in, as a project that is no repository yet. */
async function workspaceOf(path: string): Promise<string> {
  const folder = dirname(await realpath(path));
  const around = await workspaceAround(folder);
  if (existsSync(join(around, ".git"))) return around;
  const here = await realpath(process.cwd());
  const isProject = here !== dirname(here) && here !== (await realpath(homedir()).catch(() => homedir()));
  return isProject && folder.startsWith(`${here}${sep}`) ? here : around;
}

/** The nearest repository above a folder or in it, else the folder itself. */
export async function workspaceAround(path: string): Promise<string> {
  const folder = await realpath(path);
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, ".git"))) return candidate;
    if (dirname(candidate) === candidate) return folder;
  }
}
