/** Text around a cursor, as much as a model could ever use. */
export interface TextWindow {
  readonly prefix: string;
  readonly suffix: string;
}

/** UTF-16 units before and after the cursor that are sent: far more than any prompt holds, far less than a large file. */
export const windowLimits = { before: 60_000, after: 40_000 } as const;

/**
 * Cuts a window around an offset. Its ends are snapped to the starts of lines, so that the model never sees half a line,
 * and the start to a coarse grid, so that it stays where it is while the user types.
 */
export function cutWindow(text: string, offset: number, limits: { before: number; after: number } = windowLimits): TextWindow {
  let start = 0;
  if (offset > limits.before) {
    const grid = Math.max(1, Math.floor(limits.before / 8));
    const wanted = Math.ceil((offset - limits.before) / grid) * grid;
    const lineEnd = text.indexOf("\n", wanted);
    // One line longer than the window leaves no line start to snap to.
    start = lineEnd !== -1 && lineEnd < offset ? lineEnd + 1 : wanted;
  }
  let end = text.length;
  if (text.length - offset > limits.after) {
    const lineEnd = text.lastIndexOf("\n", offset + limits.after);
    end = lineEnd > offset ? lineEnd + 1 : offset + limits.after;
  }
  return { prefix: text.slice(start, offset), suffix: text.slice(offset, end) };
}
