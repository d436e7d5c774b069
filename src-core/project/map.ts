/** A definition that may stand in a map. */
export interface MapEntry {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly signature: string;
  /** True where it belongs to another definition. */
  readonly inner: boolean;
}

/** A map that fits. */
export interface RenderedMap {
  readonly text: string;
  readonly tokens: number;
  readonly shown: number;
}

/**
 * Renders a map of a project: files in the order of worth, each with the signatures that are worth most, by their lines. Takes
 * entries from the front of the list as long as they fit.
 */
export function renderMap(entries: readonly MapEntry[], tokens: number, count: (text: string) => number): RenderedMap {
  const files = new Map<string, MapEntry[]>();
  let used = 0;
  for (const entry of entries) {
    const there = files.get(entry.path);
    const cost = count(lineOf(entry)) + (there === undefined ? count(`${entry.path}:\n`) : 0);
    if (used + cost > tokens) continue;
    used += cost;
    if (there === undefined) files.set(entry.path, [entry]);
    else there.push(entry);
  }
  const text = [...files]
    .map(
      ([path, list]) =>
        `${path}:\n${[...list]
          .sort((one, other) => one.line - other.line)
          .map(lineOf)
          .join("")}`,
    )
    .join("");
  return { text, tokens: used, shown: files.size };
}

function lineOf({ line, signature, inner }: MapEntry): string {
  return `${inner ? "    " : "  "}${line}: ${signature}\n`;
}
