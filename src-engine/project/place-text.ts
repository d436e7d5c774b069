import { estimateTokens } from "#core/context/budget";
import { searchableWords } from "#core/project/identifiers";
import { pathIn, readSource } from "../completion/context/source-file.ts";

/** The text of lines of a file. They count from 1 here. */
export interface PlaceText {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Reads a place from the disk, which is always right; lines count from 0 and the last one is included. Where it takes more than
 * `most` tokens, it is cut to the neighbouring lines with most of the words, and `from` and `to` say so. Undefined where the file is gone.
 */
export async function textOfPlace(
  root: string,
  { path, first, last }: { readonly path: string; readonly first: number; readonly last: number },
  most: number,
  words: ReadonlySet<string>,
): Promise<PlaceText | undefined> {
  const text = await readSource(pathIn(root, path));
  if (text === undefined) return undefined;
  const lines = text.split(/\r\n|\r|\n/).slice(first, last + 1);
  if (lines.length === 0) return undefined;
  const { from, to } = bestLines(lines, most, words);
  return { from: first + from + 1, to: first + to + 1, text: lines.slice(from, to + 1).join("\n") };
}

/** All lines where they fit, else those neighbouring ones that have most of the words; of equal ones the first. At least one. */
function bestLines(lines: readonly string[], most: number, words: ReadonlySet<string>): { readonly from: number; readonly to: number } {
  const costs = lines.map((line) => estimateTokens(`${line}\n`));
  const hits = lines.map(
    (line) =>
      new Set(
        searchableWords(line)
          .split(" ")
          .filter((word) => words.has(word)),
      ).size,
  );
  let best = { from: 0, to: 0, hits: -1 };
  let [from, tokens, found] = [0, 0, 0];
  for (let to = 0; to < lines.length; to += 1) {
    tokens += costs[to] ?? 0;
    found += hits[to] ?? 0;
    while (tokens > most && from < to) {
      tokens -= costs[from] ?? 0;
      found -= hits[from] ?? 0;
      from += 1;
    }
    if (found > best.hits || (found === best.hits && from === best.from)) best = { from, to, hits: found };
  }
  return best;
}
