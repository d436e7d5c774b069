import { type Hunk, hunks } from "./hunks.ts";

/** A unified diff as `git apply` takes it; empty when nothing differs. `original` is null for a file that is not there yet. */
export function unifiedDiff(path: string, original: string | null, proposed: string, context = 3): string {
  const changes = hunks(original ?? "", proposed, gitLines);
  if (changes.length === 0) return "";
  const lines = gitLines(original ?? "");
  const name = path.replaceAll("\\", "/").replace(/^\/+/, "");
  const blocks = together(changes, context).map((group) => block(group, lines, context));
  return `--- ${original === null ? "/dev/null" : quoted(`a/${name}`)}\n+++ ${quoted(`b/${name}`)}\n${blocks.join("")}`;
}

/** Lines as Git counts them: a carriage return alone ends none. */
function gitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A name as Git writes it: one that would end early, or look quoted itself, stands in quotes. */
function quoted(name: string): string {
  if (!/["\u0000-\u001f\u007f]/.test(name)) return name;
  const escaped = name.replace(/["\u0000-\u001f\u007f]/g, (sign) =>
    sign === '"' ? '\\"' : `\\${sign.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
  return `"${escaped}"`;
}

/** Hunks whose context would touch share one block. */
function together(changes: readonly Hunk[], context: number): Hunk[][] {
  const groups: Hunk[][] = [];
  for (const hunk of changes) {
    const last = groups.at(-1)?.at(-1);
    if (last && hunk.original.start - last.original.start - last.original.lines.length <= 2 * context) groups.at(-1)?.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}

function block(group: readonly Hunk[], lines: readonly string[], context: number): string {
  const first = group[0] as Hunk;
  const last = group.at(-1) as Hunk;
  const start = Math.max(0, first.original.start - context);
  const end = Math.min(lines.length, last.original.start + last.original.lines.length + context);
  const body: string[] = [];
  let next = start;
  let added = 0;
  for (const { original, proposed } of group) {
    body.push(...lines.slice(next, original.start).map((line) => mark(" ", line)));
    body.push(...original.lines.map((line) => mark("-", line)), ...proposed.lines.map((line) => mark("+", line)));
    next = original.start + original.lines.length;
    added += proposed.lines.length - original.lines.length;
  }
  body.push(...lines.slice(next, end).map((line) => mark(" ", line)));
  const proposedStart = first.proposed.start - (first.original.start - start);
  return `@@ -${range(start, end - start)} +${range(proposedStart, end - start + added)} @@\n${body.join("")}`;
}

// An empty range names the line before it.
function range(start: number, count: number): string {
  if (count === 0) return `${start},0`;
  return count === 1 ? `${start + 1}` : `${start + 1},${count}`;
}

function mark(sign: string, line: string): string {
  return line.endsWith("\n") ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;
}
