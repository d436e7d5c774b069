import { realpath } from "node:fs/promises";
import { UserError } from "#core/base/errors";
import type { ContextChoice } from "#core/contracts/assist";
import { splitLines, withUnixLineEnds } from "#core/edits/lines";
import { createExclusions } from "#engine/completion/context/exclusions";
import { pathIn, placeIn, readSource } from "#engine/completion/context/source-file";

/** A place of the project that the model is to see whole. */
export interface Reference {
  /** `path:from-to`, as it is shown. */
  readonly place: string;
  readonly text: string;
}

/**
 * Reads the places that the user pinned. Throws NOT_FOUND for what is not there, and BAD_INPUT for what is never read: what lies
 * outside of the workspace, what its ignore files exclude, secrets, and what no person wrote.
 */
export async function readReferences(pins: ContextChoice["pin"], workspace: string | undefined): Promise<Reference[]> {
  if (pins.length === 0) return [];
  if (workspace === undefined)
    throw new UserError("BAD_INPUT", "Without an open folder there is no other file to show.", "Open the folder.");
  const root = await realpath(workspace).catch(() => workspace);
  const exclusions = createExclusions(root);
  const references: Reference[] = [];
  for (const { path, lines } of pins) {
    const place = await placeIn(root, pathIn(root, path));
    if (place === undefined) throw new UserError("NOT_FOUND", `There is no ${path} in this folder.`, "Choose another file.");
    if (await exclusions.of(place, "file"))
      throw new UserError(
        "BAD_INPUT",
        `${path} is excluded, so the model may not see it.`,
        "Take it out of the ignore file, if it holds no secret.",
      );
    const text = await readSource(pathIn(root, place));
    if (text === undefined)
      throw new UserError("BAD_INPUT", `${path} is no text that a person wrote, or too large.`, "Choose another file.");
    const all = splitLines(withUnixLineEnds(text));
    const from = lines?.from ?? 1;
    const to = Math.min(lines?.to ?? all.length, all.length);
    if (from > to)
      throw new UserError("POSITION_OUTSIDE_FILE", `${path} has ${all.length} lines, and none from ${from}.`, "Choose other lines.");
    references.push({
      place: `${place}:${from}-${to}`,
      text: all
        .slice(from - 1, to)
        .join("")
        .trimEnd(),
    });
  }
  return references;
}
