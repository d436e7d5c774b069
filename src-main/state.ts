import { mkdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";

const savedWindow = z.object({
  workspace: z.string().optional(),
  emptyWindow: z.number().int().positive().optional(),
  bounds: z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int().positive(), height: z.number().int().positive() }),
  state: z.enum(["normal", "maximized", "fullscreen"]).default("normal"),
});
/** Where a window stood and what it showed. */
export type SavedWindow = z.infer<typeof savedWindow>;

const savedState = z.object({
  windows: z.array(savedWindow).default([]),
  recent: z.array(z.string()).default([]),
  firstRunFinished: z.boolean().default(false),
});
/** What the desktop shell remembers between starts. */
export type SavedState = z.infer<typeof savedState>;

/** The state on disk; every change is written at once, and a crash leaves the last whole file. */
export interface StateFile {
  readonly current: SavedState;
  change(change: Partial<SavedState>): void;
  /** Resolves when everything is on the disk. */
  settled(): Promise<void>;
}

/** The most folders kept in the recent list. */
const longestRecent = 30;

/** Puts a path first in the recent list. */
export function withRecent(recent: readonly string[], path: string): string[] {
  return [path, ...recent.filter((other) => other !== path)].slice(0, longestRecent);
}

/** Reads the state; a missing or damaged file counts as a first start, because nothing in it cannot be done again. */
export function openState(file: string): StateFile {
  let current = read(file);
  let writing: Promise<void> = Promise.resolve();
  let waiting = false;

  async function write(): Promise<void> {
    waiting = false;
    const temporary = `${file}.new`;
    try {
      await writeFile(temporary, `${JSON.stringify(current, null, 2)}\n`, { mode: 0o600 });
      await rename(temporary, file);
    } catch (error) {
      console.error(`The state of the windows could not be kept: ${error instanceof Error ? error.message : error}`);
    }
  }

  return {
    get current() {
      return current;
    },
    change(change) {
      current = { ...current, ...change };
      if (waiting) return;
      waiting = true;
      writing = writing.then(write);
    },
    settled: () => writing,
  };
}

function read(file: string): SavedState {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    return savedState.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return savedState.parse({});
  }
}
