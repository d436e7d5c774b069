import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Database } from "./database.ts";

/** After so many days a file is read through again although nothing happened to it. */
const daysUnchecked = 7;

const mark = z.object({ size: z.number(), modified: z.number(), checked: z.number() });

const markOf = (file: string) => `${file}.closed`;

/**
 * When the file was last read through, where it was closed in order and nothing has touched it since: a large history is read
 * for seconds, which a start must not take. The mark is gone then, until {@link closeMarked} leaves another.
 */
export function takeMark(file: string, now: Date): Date | undefined {
  try {
    const { size, modified, checked } = mark.parse(JSON.parse(readFileSync(markOf(file), "utf8")));
    rmSync(markOf(file));
    const there = statSync(file);
    const isSame = there.size === size && there.mtimeMs === modified;
    return isSame && now.getTime() - checked < daysUnchecked * 86_400_000 ? new Date(checked) : undefined;
  } catch {
    // No mark, or none that says anything: the file is read through.
    return undefined;
  }
}

/** Closes a database and leaves a mark that this was done in order. */
export function closeMarked(database: Pick<Database, "dispose" | "file">, checked: Date): void {
  database.dispose();
  try {
    const { size, mtimeMs } = statSync(database.file);
    writeFileSync(markOf(database.file), JSON.stringify({ size, modified: mtimeMs, checked: checked.getTime() }), { mode: 0o600 });
  } catch {
    // Without the mark the next start takes longer, and that is all.
  }
}
