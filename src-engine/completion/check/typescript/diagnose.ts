import ts from "typescript-language-service";
import type { Diagnosis } from "../place.ts";
import { parseAlone, seatGuest } from "./guest.ts";
import { diagnosticsOf } from "./internals.ts";
import type { ProjectDocument, Resident } from "./project.ts";

/** Not found or not described modules, and what is not used, say nothing of a change. */
const beside = new Set([2307, 2792, 7016, 6133, 6192, 6196, 6198]);

/** What the compiler says is wrong in a document, each with its line. */
export function errorsOf(document: ProjectDocument, resident: Resident): readonly Diagnosis[] {
  const guest = parseAlone(document, resident.program.getSourceFile(document.path)?.impliedNodeFormat);
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
}

/** What the compiler says of a document after a change that it did not say before; the first of it. */
export function newDiagnostic(before: ProjectDocument, after: ProjectDocument, resident: Resident): Diagnosis | undefined {
  const known = errorsOf(before, resident).map(({ message }) => message);
  for (const error of errorsOf(after, resident)) {
    const at = known.indexOf(error.message);
    if (at < 0) return error;
    known.splice(at, 1);
  }
  return undefined;
}
