/** Line ends of a document: what the model reads has `\n` only, and what it writes is given back in the document's own way. */
export type LineEnd = "\n" | "\r\n";

/** The line end a text uses; `\n` where it has none. */
export function lineEndOf(...texts: readonly string[]): LineEnd {
  for (const text of texts) {
    const at = text.indexOf("\n");
    if (at >= 0) return text[at - 1] === "\r" ? "\r\n" : "\n";
  }
  return "\n";
}

/** The text with `\n` only. */
export function withPlainLineEnds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/** The text with the line ends of its document. */
export function withLineEnds(text: string, end: LineEnd): string {
  return end === "\n" ? text : text.replace(/\r?\n/g, "\r\n");
}

/** How a document is indented, judged by its lines. */
export type Indentation = { readonly kind: "tabs" } | { readonly kind: "spaces"; readonly size: number };

/** Finds the indentation of a text; undefined where it has none. */
export function indentationOf(text: string): Indentation | undefined {
  let tabs = 0;
  const sizes = new Map<number, number>();
  let before = 0;
  for (const line of text.slice(-20_000).split("\n")) {
    if (line.trim() === "") continue;
    if (line.startsWith("\t")) tabs += 1;
    const spaces = line.length - line.trimStart().length;
    if (!line.startsWith("\t")) {
      const step = Math.abs(spaces - before);
      if (step > 1 && step <= 8) sizes.set(step, (sizes.get(step) ?? 0) + 1);
      before = spaces;
    }
  }
  const [size, seen] = [...sizes].sort((a, b) => b[1] - a[1])[0] ?? [0, 0];
  if (tabs > seen) return { kind: "tabs" };
  return seen > 0 ? { kind: "spaces", size } : undefined;
}

/** The completion with its new lines indented as the document is; its first line stands behind text already there and stays. */
export function withIndentation(text: string, indentation: Indentation | undefined): string {
  if (indentation === undefined || !text.includes("\n")) return text;
  const [first = "", ...others] = text.split("\n");
  const changed = others.map((line) => {
    const [leading = ""] = /^[ \t]*/.exec(line) ?? [];
    if (leading === "") return line;
    // A model that writes the other kind of indentation means one level by a tab, and by four blanks (or two) one too.
    if (indentation.kind === "tabs" && !leading.includes("\t")) {
      const step = leading.length % 4 === 0 ? 4 : 2;
      return "\t".repeat(Math.floor(leading.length / step)) + " ".repeat(leading.length % step) + line.slice(leading.length);
    }
    if (indentation.kind === "spaces" && leading.includes("\t"))
      return leading.replaceAll("\t", " ".repeat(indentation.size)) + line.slice(leading.length);
    return line;
  });
  return [first, ...changed].join("\n");
}
