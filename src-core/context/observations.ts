import { type Chunk, chunkLines } from "./ring.ts";

/** What the user did in the window, the newest last. Texts are kept for as long as they may be of use, and in memory only. */
export interface Observed {
  readonly kind: "edited" | "visible" | "copied";
  /** Tells a piece that is edited again from another. */
  readonly id: number;
  /** The file, relative to the workspace. */
  readonly path: string;
  readonly text: string;
}

/** How prompts call what was copied. */
const clipboard = "clipboard";

const kept = { edited: 8, visible: 4, copied: 2 } as const;
const mostLines = { edited: chunkLines, visible: chunkLines, copied: 40 } as const;
const mostCharacters = 4000;

/** The list with one more: what was edited or looked at again takes the place of what it was before. */
export function withObservation(list: readonly Observed[], { kind, path, text }: Omit<Observed, "id">): readonly Observed[] {
  const cut = text.replaceAll("\r\n", "\n").slice(0, mostCharacters).split("\n").slice(0, mostLines[kind]).join("\n").trimEnd();
  if (cut.trim() === "") return list;
  const before = list.findLast(
    (other) => other.kind === kind && other.path === path && (kind === "visible" || sharesHalf(other.text, cut)),
  );
  const id = before?.id ?? Math.max(0, ...list.map((other) => other.id)) + 1;
  const rest = list.filter((other) => other !== before);
  const same = rest.filter((other) => other.kind === kind);
  const dropped = same.slice(0, Math.max(0, same.length + 1 - kept[kind]));
  return [...rest.filter((other) => !dropped.includes(other)), { kind, id, path, text: cut }];
}

/** Observations of a kind as chunks, the newest first. */
export function observedChunks(list: readonly Observed[], kind: Observed["kind"]): readonly Chunk[] {
  return list
    .filter((observed) => observed.kind === kind)
    .map(({ id, path, text }): Chunk => {
      const chunk = { key: `${kind} ${id}`, text, named: false };
      return kind === "copied" ? { ...chunk, path: clipboard, from: path } : { ...chunk, path };
    })
    .reverse();
}

function sharesHalf(one: string, other: string): boolean {
  const first = new Set(one.split("\n"));
  const second = new Set(other.split("\n"));
  const shared = [...first].filter((line) => second.has(line)).length;
  return shared * 2 >= Math.min(first.size, second.size);
}
