import { StringDecoder } from "node:string_decoder";
import type { z } from "zod";
import type { TextMatch, textRange } from "#core/contracts/search";

type Range = z.infer<typeof textRange>;
type Match = TextMatch["matches"][number];

/** Text as ripgrep prints it: as it is, or in base64 where it is not valid UTF-8. */
type Text = { readonly text: string } | { readonly bytes: string };

interface Hit {
  readonly start: number;
  readonly end: number;
}

interface LineData {
  readonly path: Text;
  readonly lines: Text;
  readonly line_number: number;
  readonly submatches: readonly Hit[];
}

/** A line of ripgrep's JSON that is about lines of a file; the others are passed over. */
export interface SearchRecord {
  readonly type: "match" | "context";
  readonly data: LineData;
}

/** Lines longer than this many UTF-16 units are shown as one match a hit, with this much text around it. */
const longLine = 1000;
const previewLength = 300;

/** A record longer than this many UTF-16 units is passed over and counted; it comes from a file that is one enormous line. */
const longestRecord = 32 * 1024 * 1024;

/** Cuts a stream of bytes into lines without their ends. */
export function createLineReader(limit = longestRecord): { add(chunk: Buffer): string[]; readonly skipped: number } {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let dropping = false;
  let skipped = 0;
  return {
    add(chunk) {
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop() ?? "";
      if (dropping && lines.length > 0) {
        lines.shift();
        dropping = false;
      }
      if (rest.length > limit) {
        if (!dropping) skipped++;
        dropping = true;
        rest = "";
      }
      return lines;
    },
    get skipped() {
      return skipped;
    },
  };
}

/** The characters of a piece of text that may not be UTF-8. */
export function decodeText(text: Text): string {
  return "text" in text ? text.text : Buffer.from(text.bytes, "base64").toString("utf8");
}

/** What the client shows of one matching line, or of the lines of one hit. Ripgrep counts bytes, editors UTF-16 units. */
export function matchesOf(data: LineData): Match[] {
  const bytes = "text" in data.lines ? undefined : Buffer.from(data.lines.bytes, "base64");
  const text = bytes?.toString("utf8") ?? decodeText(data.lines);
  const unitsBefore = unitCounter(text, bytes);
  const ranges = data.submatches.map(({ start, end }) => ({ start: unitsBefore(start), end: unitsBefore(end) }));
  const preview = text.replace(/\r?\n$/, "");
  const firstLine = data.line_number - 1;
  if (preview.length > longLine) return ranges.map((hit) => excerpt(preview, text, hit, firstLine));
  const real = ranges.map((hit) => rangeIn(text, hit, firstLine));
  const first = real[0];
  const last = real.at(-1);
  if (first === undefined || last === undefined) return [];
  const clamp = (hit: Hit) => ({ start: Math.min(hit.start, preview.length), end: Math.min(hit.end, preview.length) });
  return [
    {
      preview,
      range: { ...first, endLine: last.endLine, endColumn: last.endColumn },
      ranges: real,
      previewRanges: ranges.map((hit) => rangeIn(preview, clamp(hit), 0)),
    },
  ];
}

function excerpt(preview: string, text: string, hit: Hit, firstLine: number): Match {
  let from = Math.max(0, hit.start - previewLength / 3);
  let to = Math.min(preview.length, from + previewLength);
  // Never half a character: the second unit of a pair goes with the first.
  if (isSecondUnit(preview, from)) from--;
  if (isSecondUnit(preview, to)) to++;
  const range = rangeIn(text, hit, firstLine);
  const part = preview.slice(from, to);
  const shown = { start: Math.min(hit.start, to) - from, end: Math.min(hit.end, to) - from };
  return { preview: part, range, ranges: [range], previewRanges: [rangeIn(part, shown, 0)] };
}

function isSecondUnit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
}

/** Turns offsets in bytes, asked for in rising order or not, into offsets in UTF-16 units. */
function unitCounter(text: string, bytes: Buffer | undefined): (offset: number) => number {
  if (bytes === undefined && Buffer.byteLength(text) === text.length) return (offset) => offset;
  const source = bytes ?? Buffer.from(text);
  let [byte, unit] = [0, 0];
  return (offset) => {
    if (offset < byte) [byte, unit] = [0, 0];
    unit += source.toString("utf8", byte, offset).length;
    byte = offset;
    return unit;
  };
}

function rangeIn(text: string, hit: Hit, firstLine: number): Range {
  const start = placeOf(text, hit.start, firstLine);
  const end = placeOf(text, hit.end, firstLine);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function placeOf(text: string, offset: number, firstLine: number): { line: number; column: number } {
  let line = firstLine;
  let start = 0;
  for (let next = text.indexOf("\n"); next !== -1 && next < offset; next = text.indexOf("\n", next + 1)) {
    line++;
    start = next + 1;
  }
  return { line, column: offset - start };
}
