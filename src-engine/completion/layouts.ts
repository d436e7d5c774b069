import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { defaultLayout } from "#core/completion/calibration/score";
import type { InfillLayout } from "#core/contracts/inference";
import { type Calibration, calibration } from "#core/contracts/models";
import type { Sqlite } from "../sessions/sqlite.ts";

/** The layouts that were found best, kept in the database by what is in a model's file, wherever it lies. */
export interface Layouts {
  /** The layout to use for a model file, which is looked at once. Never throws: without one that was found it is the usual one. */
  of(path: string): Promise<InfillLayout>;
  /** What was found for a model file. */
  found(path: string): Promise<Calibration | undefined>;
  keep(path: string, found: Calibration): Promise<void>;
  forget(path: string): Promise<void>;
}

/** Bytes that are read at each end of a file: its names and vocabulary, and weights. A whole one would take seconds. */
const readAtEnds = 1024 * 1024;

/** Creates {@link Layouts}. */
export function createLayouts({ sqlite }: { readonly sqlite: Sqlite }): Layouts {
  const select = sqlite.prepare("SELECT calibration FROM model_layouts WHERE model = ?").pluck();
  const write = sqlite.prepare("INSERT OR REPLACE INTO model_layouts (model, calibration) VALUES (?, ?)");
  const remove = sqlite.prepare("DELETE FROM model_layouts WHERE model = ?");
  /** Contents of files that were looked at, by what changes when a file does. */
  const identities = new Map<string, { readonly version: string; readonly identity: string }>();
  /** No key waits for a disk. */
  const layouts = new Map<string, Promise<InfillLayout>>();

  async function identityOf(path: string): Promise<string> {
    const file = await open(path);
    try {
      const { size, mtimeMs } = await file.stat();
      const version = `${size} ${mtimeMs}`;
      const before = identities.get(path);
      if (before?.version === version) return before.identity;
      const identity = await hashOf(file, size);
      identities.set(path, { version, identity });
      return identity;
    } finally {
      await file.close();
    }
  }

  async function found(path: string): Promise<Calibration | undefined> {
    const row = select.get(await identityOf(path));
    return typeof row === "string" ? calibration.parse(JSON.parse(row)) : undefined;
  }

  async function lookUp(path: string): Promise<InfillLayout> {
    // A file that has gone, or a row of a later version: the usual layout works for every model.
    const known = await found(path).catch(() => undefined);
    return known?.layout ?? defaultLayout;
  }

  return {
    of(path) {
      const layout = layouts.get(path) ?? lookUp(path);
      layouts.set(path, layout);
      return layout;
    },
    found,
    async keep(path, result) {
      write.run(await identityOf(path), JSON.stringify(result));
      layouts.clear();
    },
    async forget(path) {
      remove.run(await identityOf(path));
      layouts.clear();
    },
  };
}

async function hashOf(file: FileHandle, size: number): Promise<string> {
  const hash = createHash("sha256").update(String(size));
  const length = Math.min(size, readAtEnds);
  for (const position of [0, size - length]) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    hash.update(buffer.subarray(0, bytesRead));
  }
  return hash.digest("hex");
}
