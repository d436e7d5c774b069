import { unifiedDiff } from "#core/edits/unified";
import { type Document, encode } from "../document.ts";
import type { Terminal } from "../terminal.ts";

/** The change of a document as a patch. Git compares bytes, so a byte order mark stands in its first line. */
export function patchOf({ encoding, text }: Pick<Document, "encoding" | "text">, path: string, changed: string): string {
  const mark = encoding === "utf8-with-mark" ? "\ufeff" : "";
  return unifiedDiff(path, mark + text, mark + changed);
}

/** Prints a unified diff, coloured where somebody looks; what reads it gets the bytes of the file, so that git apply finds them there. */
export function printDiff(terminal: Terminal, diff: string, encoding: Document["encoding"] = "utf8", show = terminal.print): void {
  if (diff === "") return;
  if (encoding === "utf16le") terminal.note("The file is in UTF-16, and Git applies no patch to that. --write changes the file.");
  if (encoding === "latin1" && !terminal.interactive && show === terminal.print) {
    // The names of files are in UTF-8 whatever is in them.
    const body = diff.indexOf("\n@@") + 1;
    const bytes = encode(diff.slice(body), encoding);
    terminal.write(diff.slice(0, body));
    terminal.write(bytes);
    return;
  }
  for (const line of diff.split("\n").slice(0, -1)) show(coloured(terminal, line));
}

function coloured({ style }: Pick<Terminal, "style">, line: string): string {
  if (/^(---|\+\+\+) /.test(line)) return style("bold", line);
  if (line.startsWith("@@")) return style("cyan", line);
  if (line.startsWith("+")) return style("green", line);
  if (line.startsWith("-")) return style("red", line);
  return line;
}
