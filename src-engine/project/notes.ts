import { posix } from "node:path";
import { estimateTokens } from "#core/context/budget";
import type { ProjectPiece } from "#core/contracts/project";
import { noteFiles } from "#core/project/files";
import { pathIn, readSource } from "../completion/context/source-file.ts";

/**
 * What the authors of a project wrote down for whoever works in it, for a file or a folder of it: the notes of the folder of the
 * file first, then of those above, of each kind of note file in one folder the first there is.
 */
export async function notesFor(
  root: string,
  path: string | undefined,
  tokens: number,
): Promise<{ readonly pieces: readonly ProjectPiece[]; readonly leftOut: readonly Omit<ProjectPiece, "text">[] }> {
  const pieces: ProjectPiece[] = [];
  const leftOut: Omit<ProjectPiece, "text">[] = [];
  let free = tokens;
  for (const folder of foldersAbove(path)) {
    for (const name of noteFiles) {
      const note = folder === "" ? name : `${folder}/${name}`;
      const text = (await readSource(pathIn(root, note)))?.trimEnd();
      if (!text) continue;
      const about = {
        path: note,
        file: pathIn(root, note),
        reason: folder === "" ? "notes of the project" : `notes of ${folder}`,
        score: pieces.length === 0 ? 1 : 0.5,
      };
      const lines = text.split(/\r\n|\r|\n/);
      const taken = linesWithin(lines, free);
      const cut = lines.slice(0, taken).join("\n");
      if (taken > 0) pieces.push({ ...about, from: 1, to: taken, text: cut, tokens: estimateTokens(cut) });
      if (taken < lines.length)
        leftOut.push({ ...about, from: taken + 1, to: lines.length, tokens: estimateTokens(lines.slice(taken).join("\n")) });
      free -= estimateTokens(cut);
      break;
    }
  }
  return { pieces, leftOut };
}

function* foldersAbove(path: string | undefined): Generator<string> {
  for (let folder = path === undefined ? "." : posix.dirname(path); ; folder = posix.dirname(folder)) {
    yield folder === "." ? "" : folder;
    if (folder === "." || folder === "/") return;
  }
}

/** How many whole lines fit. */
function linesWithin(lines: readonly string[], tokens: number): number {
  let used = 0;
  for (const [index, line] of lines.entries()) {
    used += estimateTokens(`${line}\n`);
    if (used > tokens) return index;
  }
  return lines.length;
}
