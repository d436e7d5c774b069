import type { Place } from "../place.ts";

/** A document with a cursor, as whole as it can be had. Line ends are `\n`. */
export interface OpenDocument {
  readonly before: string;
  readonly after: string;
  /** False when a part of the document is missing, so that names may be declared where nobody sees them. */
  readonly whole: boolean;
}

/** A longer document is looked at through its window alone. */
const longestDocument = 500_000;
/** As much text as two places in a file hardly ever share. */
const landmark = 400;
/** Windows are cut no shorter than this: a sender that says nothing about the offset sent all there is. */
const shortestWindow = { before: 50_000, after: 30_000 } as const;

const plainLineEnds = (text: string) => text.replaceAll("\r\n", "\n");

/** Puts a document together: where the window does not reach its start or end, the file on the disk gives the rest. */
export function openDocument(
  { prefix, suffix, offset }: Pick<Place, "prefix" | "suffix" | "offset">,
  onDisk: string | undefined,
): OpenDocument {
  const before = plainLineEnds(prefix);
  const after = plainLineEnds(suffix);
  const file = onDisk === undefined ? "" : plainLineEnds(onDisk);
  const head = headOf(before, file, offset === undefined ? undefined : offset - prefix.length);
  const tail = tailOf(after, file, offset !== undefined && offset > prefix.length);
  const length = (head?.length ?? 0) + before.length + after.length + (tail?.length ?? 0);
  if (head === undefined || tail === undefined || length > longestDocument) return { before, after, whole: false };
  return { before: head + before, after: after + tail, whole: true };
}

/** What stands before the window; undefined when something does and it is not known what. */
function headOf(before: string, file: string, missing: number | undefined): string | undefined {
  if (missing === 0) return "";
  const isCut = missing !== undefined || before.length >= shortestWindow.before;
  const mark = before.slice(0, landmark);
  if (!isCut && (mark.length < landmark || file.startsWith(mark))) return "";
  const at = mark === "" ? -1 : file.indexOf(mark);
  if (at >= 0) return file.slice(0, at);
  return isCut ? undefined : "";
}

/** What stands behind the window; undefined when something does and it is not known what. */
function tailOf(after: string, file: string, wasCut: boolean): string | undefined {
  const mark = after.slice(-landmark);
  if (mark === "" || file.endsWith(mark)) return "";
  const isCut = wasCut || after.length >= shortestWindow.after;
  if (mark.length < landmark) return wasCut && after.length < shortestWindow.after ? "" : isCut ? undefined : "";
  const at = file.lastIndexOf(mark);
  if (at >= 0) return file.slice(at + mark.length);
  return after.length >= shortestWindow.after ? undefined : "";
}
