import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { modelRole } from "#core/contracts/common";
import { modelSpeed } from "#core/contracts/models";
import { guessesPay, speedSettings } from "#core/models/speed";
import type { Settings } from "#core/settings/schema";

/** One role of a file as it was measured. */
const measuredSpeed = modelSpeed.extend({
  path: z.string(),
  role: modelRole,
  id: z.string(),
  name: z.string(),
  size: z.number(),
  modified: z.number(),
  /** The settings it was measured with. */
  settings: z.string().default(""),
  told: z.boolean(),
});
/** See {@link measuredSpeed}. */
export type MeasuredSpeed = z.infer<typeof measuredSpeed>;

const fileSchema = z.object({ version: z.literal(1), entries: z.array(measuredSpeed) });
const entriesKept = 200;

/** What was measured of models on this machine, kept in a file. */
export interface SpeedFile {
  all(): Promise<readonly MeasuredSpeed[]>;
  /** What was measured of a file, if it and the settings are as they were then; the newest first. */
  of(path: string): Promise<readonly MeasuredSpeed[]>;
  /** True where it was measured that guesses make a model quicker. */
  guessesPay(path: string): Promise<boolean>;
  /** What the settings are now, as far as speeds depend on them. */
  settings(): string;
  change(change: (entries: readonly MeasuredSpeed[]) => readonly MeasuredSpeed[]): Promise<void>;
}

/** Opens a {@link SpeedFile}; one that cannot be read counts as empty. */
export function openSpeedFile(file: string, source: { current(): Settings }): SpeedFile {
  const settings = () => speedSettings(source.current());
  let loaded: Promise<readonly MeasuredSpeed[]> | undefined;
  const all = () => {
    loaded ??= load(file);
    return loaded;
  };

  async function of(path: string): Promise<readonly MeasuredSpeed[]> {
    const now = settings();
    const measured = (await all()).filter((entry) => entry.path === path && entry.settings === now);
    if (measured.length === 0) return [];
    const found = await stat(path).catch(() => undefined);
    const same = measured.filter(({ size, modified }) => size === found?.size && modified === found.mtimeMs);
    return same.sort((one, other) => other.at - one.at);
  }

  return {
    all,
    of,
    settings,
    guessesPay: async (path) => (await of(path)).some(guessesPay),
    async change(change) {
      const changed = change(await all()).slice(-entriesKept);
      loaded = Promise.resolve(changed);
      const temporary = `${file}.${process.pid}.tmp`;
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(temporary, JSON.stringify({ version: 1, entries: changed }), { mode: 0o600 });
        await rename(temporary, file);
      } catch {
        // It is measured again after the next start.
      }
    },
  };
}

async function load(file: string): Promise<readonly MeasuredSpeed[]> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, "utf8"))).entries;
  } catch {
    return [];
  }
}
