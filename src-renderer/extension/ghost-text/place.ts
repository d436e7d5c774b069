import type * as vscodeApi from "vscode";
import { cutWindow, type TextWindow } from "./window.ts";

/** Lines before and after the cursor that are looked at; the first one moves in steps, so that it stays while one types. */
const linesAround = 2048;
const linesGrid = 512;

/** Text around the cursor; of a large file only some thousand lines are ever touched. */
export function windowAround(vscode: typeof vscodeApi, document: vscodeApi.TextDocument, position: vscodeApi.Position): TextWindow {
  const first = position.with(Math.max(0, Math.floor((position.line - linesAround) / linesGrid) * linesGrid), 0);
  const last = position.with(position.line + linesAround, 0);
  const around = document.validateRange(new vscode.Range(first, last));
  return cutWindow(document.getText(around), document.offsetAt(position) - document.offsetAt(first));
}

/** Where a suggestion goes. With the list of suggestions open it continues the entry that is chosen there. */
export interface Place {
  readonly position: vscodeApi.Position;
  /** Where the replaced text begins: the cursor, or the beginning of the word the list completes. */
  readonly start: vscodeApi.Position;
  /** UTF-16 units between the two. */
  readonly typed: number;
  /** The entry of the list that stands in their place. */
  readonly chosen: string;
}

/** The place at the cursor, with what is chosen in the list of suggestions. */
export function placeAt(position: vscodeApi.Position, chosen: vscodeApi.SelectedCompletionInfo | undefined): Place {
  const onThisLine = chosen && chosen.range.start.line === position.line && chosen.range.end.isEqual(position);
  if (!onThisLine) return { position, start: position, typed: 0, chosen: "" };
  const { start } = chosen.range;
  return { position, start, typed: position.character - start.character, chosen: chosen.text };
}
