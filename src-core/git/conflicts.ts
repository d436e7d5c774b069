/** A place where both sides of a merge changed the same lines, as Git marks it; lines are counted from 0. */
export interface Conflict {
  /** The line of the first mark, `<<<<<<<`. */
  readonly start: number;
  /** The line that divides the sides, `=======`. */
  readonly middle: number;
  /** The line of the last mark, `>>>>>>>`. */
  readonly end: number;
  /** The line from which the common ancestor stands, `|||||||`, where Git was told to show it. */
  readonly base: number | undefined;
}

/** Which side of a {@link Conflict} is taken. */
export type ConflictSide = "current" | "incoming" | "both";

/** Finds the conflicts in the lines of a file. Marks that do not belong together are none. */
export function findConflicts(lines: readonly string[]): Conflict[] {
  const found: Conflict[] = [];
  let open: { start: number; base?: number; middle?: number } | undefined;
  for (const [index, line] of lines.entries()) {
    if (/^<{7}( |$)/.test(line)) open = { start: index };
    else if (open === undefined) continue;
    else if (/^\|{7}( |$)/.test(line) && open.middle === undefined) open.base = index;
    else if (/^={7}$/.test(line) && open.middle === undefined) open.middle = index;
    else if (/^>{7}( |$)/.test(line)) {
      if (open.middle !== undefined) found.push({ start: open.start, middle: open.middle, end: index, base: open.base });
      open = undefined;
    }
  }
  return found;
}

/** The lines that stand in the place of a conflict once a side is taken. */
export function resolveConflict(lines: readonly string[], { start, middle, end, base }: Conflict, side: ConflictSide): string[] {
  const current = lines.slice(start + 1, base ?? middle);
  const incoming = lines.slice(middle + 1, end);
  return side === "current" ? current : side === "incoming" ? incoming : [...current, ...incoming];
}
