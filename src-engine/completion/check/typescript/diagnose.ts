import ts from "typescript-language-service";
import { parseAlone, seatGuest } from "./guest.ts";
import { diagnosticsOf } from "./internals.ts";
import type { ProjectDocument, Resident } from "./project.ts";

/** Not found or not described modules, and what is not used, say nothing of a change. */
const beside = new Set([2307, 2792, 7016, 6133, 6192, 6196, 6198]);

/** What the compiler says of a document after a change that it did not say before; the first of it, with its line counted from 1. */
export function newDiagnostic(
  before: ProjectDocument,
  after: ProjectDocument,
  resident: Resident,
): { readonly line: number; readonly message: string } | undefined {
  const format = resident.program.getSourceFile(after.path)?.impliedNodeFormat;
  const errorsOf = (document: ProjectDocument) => {
    const guest = parseAlone(document, format);
    if (!seatGuest(guest, resident)) return [];
    return (
      diagnosticsOf(resident.checker, guest)
        // The checker goes on to name what it found in another text of the same file.
        .filter(({ file, category, code }) => file === guest && category === ts.DiagnosticCategory.Error && !beside.has(code))
        .map(({ messageText, start = 0 }) => ({
          line: guest.getLineAndCharacterOfPosition(start).line + 1,
          message: ts.flattenDiagnosticMessageText(messageText, " ").slice(0, 300),
        }))
    );
  };
  const known = errorsOf(before).map(({ message }) => message);
  for (const error of errorsOf(after)) {
    const at = known.indexOf(error.message);
    if (at < 0) return error;
    known.splice(at, 1);
  }
  return undefined;
}
