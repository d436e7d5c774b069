/** A definition of a file as far as it can be cut out: lines from 0, the last one included. */
export interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Lines of a file that belong together and are found together: from 0, the last one included. */
export interface Place {
  readonly from: number;
  readonly to: number;
  /** What is defined there, the outermost first. */
  readonly names: readonly string[];
  /** What it is a part of. */
  readonly within: readonly string[];
}

/** Lines up to which a definition is one place; a longer one is cut at what it defines within. */
const longest = 60;
/** Lines of a piece of what has no definitions to be cut at. */
const window = 45;
/** Neighbours of few lines are one place together. */
const small = 10;
const together = 30;

/** Cuts a file at its definitions. Every line with a letter or a digit is in exactly one place. @param spans may be nested. */
export function cutPlaces(lines: readonly string[], spans: readonly Span[]): readonly Place[] {
  const ordered = [...spans].sort((one, other) => one.from - other.from || other.to - one.to);
  return merged(cut(lines, 0, lines.length - 1, ordered, [], []));
}

function cut(
  lines: readonly string[],
  from: number,
  to: number,
  spans: readonly Span[],
  names: readonly string[],
  within: readonly string[],
): Place[] {
  const places: Place[] = [];
  let at = from;
  for (let index = 0; index < spans.length; ) {
    const span = spans[index] as Span;
    let next = index + 1;
    while (next < spans.length && (spans[next] as Span).from <= span.to) next += 1;
    const inner = spans.slice(index + 1, next).filter((one) => one.to <= span.to && (one.from > span.from || one.to < span.to));
    index = next;
    if (span.from < at || span.to > to) continue;
    const start = withComment(lines, at, span.from);
    places.push(...windows(lines, at, start - 1, names, within));
    const own = [span.name];
    if (span.to - start < longest) places.push({ from: start, to: span.to, names: [...own, ...namesOf(inner)], within });
    else if (inner.length > 0) places.push(...cut(lines, start, span.to, inner, own, [...within, span.name]));
    else places.push(...windows(lines, start, span.to, own, within));
    at = span.to + 1;
  }
  places.push(...windows(lines, at, to, names, within));
  return places;
}

function namesOf(spans: readonly Span[]): string[] {
  return [...new Set(spans.map(({ name }) => name))];
}

/** The first line of the comment or decorator right above a definition, which belongs to it. */
function withComment(lines: readonly string[], least: number, from: number): number {
  let start = from;
  while (start > least && /^\s*(?:\/\/|\/\*|\*|#|--|;;|@|\[\w)/.test(lines[start - 1] ?? "")) start -= 1;
  return start;
}

/** Lines without definitions to be cut at, in pieces. */
function windows(lines: readonly string[], from: number, to: number, names: readonly string[], within: readonly string[]): Place[] {
  const places: Place[] = [];
  for (let start = from; start <= to; ) {
    let end = Math.min(to, start + window - 1);
    // A blank line near the end is where people cut; a few lines that remain are taken along.
    if (to - end <= small) end = to;
    else end = blankNear(lines, end);
    let [first, last] = [start, end];
    while (first <= last && (lines[first] ?? "").trim() === "") first += 1;
    while (last >= first && (lines[last] ?? "").trim() === "") last -= 1;
    if (lines.slice(first, last + 1).some((line) => /[\p{L}\p{N}]/u.test(line))) places.push({ from: first, to: last, names, within });
    start = end + 1;
  }
  return places;
}

function blankNear(lines: readonly string[], end: number): number {
  for (let line = end; line > end - 15; line -= 1) if ((lines[line] ?? "").trim() === "") return line;
  return end;
}

/** Small places that follow on each other within the same definition become one. */
function merged(places: readonly Place[]): readonly Place[] {
  const result: Place[] = [];
  for (const place of places) {
    const last = result.at(-1);
    const fits =
      last !== undefined &&
      place.to - place.from < small &&
      last.to - last.from < together - small &&
      place.to - last.from < together &&
      last.within.join("\0") === place.within.join("\0");
    if (fits) result[result.length - 1] = { ...last, to: place.to, names: [...new Set([...last.names, ...place.names])] };
    else result.push(place);
  }
  return result;
}

/** The sections of a text with headings, as Markdown and reStructuredText have them. */
export function sectionsOf(lines: readonly string[]): readonly Span[] {
  const heads: { name: string; line: number }[] = [];
  let fenced = false;
  lines.forEach((line, index) => {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced;
    if (fenced) return;
    const name = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (name) heads.push({ name, line: index });
    else if (/^([=\-~^"*+#])\1{2,}\s*$/.test(line) && /^\S/.test(lines[index - 1] ?? "") && heads.at(-1)?.line !== index - 1)
      heads.push({ name: (lines[index - 1] ?? "").trim(), line: index - 1 });
  });
  return heads.map(({ name, line }, index) => ({ name: name.slice(0, 100), from: line, to: (heads[index + 1]?.line ?? lines.length) - 1 }));
}
