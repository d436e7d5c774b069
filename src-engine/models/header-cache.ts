import type { Stats } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { describeError, type ErrorCode, errorCodes, UserError } from "#core/base/errors";
import { type ModelFile, modelFile } from "#core/contracts/models";
import { readModel } from "./read-model.ts";

/** What the last look at a file said: what it is, or what is wrong with it. */
export type ModelLook =
  | { readonly file: ModelFile; readonly problem?: undefined }
  | { readonly file?: undefined; readonly problem: { readonly code: ErrorCode; readonly message: string; readonly hint?: string } };

/** Reads heads of model files, each once as long as its size and time stay the same. */
export interface HeaderCache {
  /** What the last look said, if the file is as it was then. */
  known(path: string): Promise<ModelLook | undefined>;
  /** `title` is the model's name where that of its file means nothing. */
  look(path: string, title?: string): Promise<ModelLook>;
  /** Like look, but throws what is wrong as a UserError. */
  read(path: string): Promise<ModelFile>;
  save(): Promise<void>;
}

const entrySchema = z.object({
  size: z.number(),
  modified: z.number(),
  file: modelFile.optional(),
  problem: z.object({ code: z.enum(errorCodes), message: z.string(), hint: z.string().optional() }).optional(),
});
const cacheSchema = z.object({ version: z.literal(3), entries: z.record(z.string(), entrySchema) });
type Entry = z.infer<typeof entrySchema>;

/** Problems that lie in the file itself; others (a permission, a missing part) may pass and are looked at anew. */
const lasting: readonly ErrorCode[] = ["MODEL_FILE_DAMAGED", "MODEL_VOCABULARY_ONLY", "UNSUPPORTED"];

/** Opens the cache kept in a file; a missing or damaged one is an empty one. */
export function createHeaderCache(cacheFile: string): HeaderCache {
  let entries: Promise<Map<string, Entry>> | undefined;
  let changed = false;
  const loaded = () => {
    entries ??= load(cacheFile);
    return entries;
  };

  async function lookUp(path: string, found: Stats | undefined): Promise<ModelLook | undefined> {
    const entry = (await loaded()).get(path);
    if (!found || !entry || entry.size !== found.size || entry.modified !== found.mtimeMs) return undefined;
    return entry.file ? { file: entry.file } : entry.problem && { problem: entry.problem };
  }

  async function look(path: string, title?: string): Promise<ModelLook> {
    const known = await loaded();
    const found = await stat(path).catch(() => undefined);
    const before = await lookUp(path, found);
    if (before) return before;
    const result = await readModel(path, title).then(
      (file): ModelLook => ({ file }),
      (error: unknown): ModelLook => ({ problem: describeError(error) }),
    );
    const parts = result.file?.parts.length ?? (/-of-\d{5}\.gguf$/i.test(path) ? 2 : 1);
    if (found && parts === 1 && (result.file || lasting.includes(result.problem.code))) {
      known.set(path, { size: found.size, modified: found.mtimeMs, ...result });
      changed = true;
    }
    return result;
  }

  return {
    known: async (path) => lookUp(path, await stat(path).catch(() => undefined)),
    look,
    async read(path) {
      const { file, problem } = await look(path);
      if (file) return file;
      throw new UserError(problem.code, problem.message, problem.hint);
    },
    async save() {
      if (!changed) return;
      changed = false;
      const known = await loaded();
      const temporary = `${cacheFile}.${process.pid}.tmp`;
      try {
        await mkdir(dirname(cacheFile), { recursive: true });
        await writeFile(temporary, JSON.stringify({ version: 3, entries: Object.fromEntries([...known].slice(-2000)) }), { mode: 0o600 });
        await rename(temporary, cacheFile);
      } catch {
        // The cache only saves time; without it the heads are read again.
      }
    },
  };
}

async function load(cacheFile: string): Promise<Map<string, Entry>> {
  try {
    return new Map(Object.entries(cacheSchema.parse(JSON.parse(await readFile(cacheFile, "utf8"))).entries));
  } catch {
    return new Map();
  }
}
