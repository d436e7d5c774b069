/** An item of a list in a Markdown text, and where it begins. */
export interface Item {
  /** From 0. */
  readonly line: number;
  /** How many lines it takes. */
  readonly lines: number;
  readonly text: string;
}

/** Items of lists in Markdown, outside of fences; lines that are indented go on with the item above. */
export function itemsOf(markdown: string): Item[] {
  const items: Item[] = [];
  let isFenced = false;
  let open: { line: number; parts: string[] } | undefined;
  const close = () => {
    if (open) items.push({ line: open.line, lines: open.parts.length, text: open.parts.join(" ") });
    open = undefined;
  };
  linesOf(markdown).forEach((line, number) => {
    if (/^\s*(?:```|~~~)/.test(line)) {
      close();
      isFenced = !isFenced;
      return;
    }
    const item = isFenced ? undefined : /^\s{0,3}[-*+]\s+(\S.*)$/.exec(line)?.[1];
    if (item !== undefined) {
      close();
      open = { line: number, parts: [item.trim()] };
    } else if (open && /^\s{2,}\S/.test(line)) open.parts.push(line.trim());
    else close();
  });
  close();
  return items;
}

/** The text with an item more at its end; what it is about stands above the first one. */
export function withItem(markdown: string, text: string, heading: string): string {
  const lineEnd = markdown.includes("\r\n") ? "\r\n" : "\n";
  const before = markdown.trim() === "" ? `# ${heading}${lineEnd}${lineEnd}` : markdown.replace(/(?:\r\n|\n)*$/, lineEnd);
  const last = itemsOf(before).at(-1);
  // A list that ends with prose gets a line between.
  const isList = markdown.trim() === "" || (last !== undefined && last.line + last.lines >= linesOf(before).length - 1);
  return `${before}${isList ? "" : lineEnd}- ${oneLine(text)}${lineEnd}`;
}

/** The text with another item in the place of one, or without it; undefined when the item is not there any more. */
export function withoutItem(markdown: string, line: number, before: string, text?: string): string | undefined {
  const item = itemsOf(markdown).find((each) => each.line === line && each.text === before);
  if (!item) return undefined;
  const lineEnd = markdown.includes("\r\n") ? "\r\n" : "\n";
  const lines = linesOf(markdown);
  lines.splice(item.line, item.lines, ...(text === undefined ? [] : [`- ${oneLine(text)}`]));
  return lines.join(lineEnd);
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\n/);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
