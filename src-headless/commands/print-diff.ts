import type { Terminal } from "../terminal.ts";

/** Prints a unified diff, coloured where somebody looks. */
export function printDiff(terminal: Pick<Terminal, "print" | "style">, diff: string, show: (line: string) => void = terminal.print): void {
  for (const line of diff.split("\n").slice(0, -1)) show(coloured(terminal, line));
}

function coloured({ style }: Pick<Terminal, "style">, line: string): string {
  if (/^(---|\+\+\+) /.test(line)) return style("bold", line);
  if (line.startsWith("@@")) return style("cyan", line);
  if (line.startsWith("+")) return style("green", line);
  if (line.startsWith("-")) return style("red", line);
  return line;
}
