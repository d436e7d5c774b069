/** A frame of a stack trace: a place in a file, and the function there where the trace tells it. Lines count from 1. */
export interface Frame {
  readonly path: string;
  readonly line: number;
  readonly symbol?: string;
}

/** What a program said when it failed: its last words, and where it was, the innermost frame first. */
export interface StackTrace {
  /** "TypeError: x is undefined"; empty where none is told. */
  readonly message: string;
  readonly frames: readonly Frame[];
}

/** One language's way to write a frame. `names`: which groups hold path, line and symbol. */
interface Notation {
  readonly pattern: RegExp;
  read(groups: Readonly<Record<string, string | undefined>>): Frame;
  /** True where the innermost frame comes last. */
  readonly innermostLast?: true;
}

const read = ({ path = "", line = "", symbol }: Readonly<Record<string, string | undefined>>): Frame => ({
  path: path.replace(/^file:\/\/(?=\/)|^webpack:\/\/\/?/, ""),
  line: Number(line),
  ...(symbol && { symbol: symbol.replace(/^(?:async |new |Object\.)/, "") }),
});

const notations: readonly Notation[] = [
  // Python:   File "app/cart.py", line 12, in total
  { pattern: /^\s*File "(?<path>[^"\n]+)", line (?<line>\d+)(?:, in (?<symbol>[^\n]+))?/gm, read, innermostLast: true },
  // JavaScript:   at total (/app/cart.js:12:5), or without a name
  { pattern: /^\s*at (?:(?<symbol>[^\n(]+?) \()?(?<path>(?:file:\/\/|webpack:\/\/)?[^\s()\n]+?):(?<line>\d+):\d+\)?$/gm, read },
  // Java, Kotlin, Scala:   at app.Cart.total(Cart.java:12)
  { pattern: /^\s*at (?<symbol>[\w$.<>]+)\((?<path>[\w$-]+\.\w+):(?<line>\d+)\)/gm, read },
  // C#:   at App.Cart.Total(Int32 a) in /app/Cart.cs:line 12
  { pattern: /^\s*at (?<symbol>[\w.<>`]+)\([^\n]*\) in (?<path>[^\n]+):line (?<line>\d+)/gm, read },
  // Go, two lines:  main.total(...)\n\t/app/cart.go:12 +0x1d
  { pattern: /^(?<symbol>[\w./*()-]+)\([^\n]*\)\n\s+(?<path>[^\s:\n]+\.go):(?<line>\d+)/gm, read },
  // Rust:  12: app::total\n  at src/cart.rs:12:5, and "panicked at src/cart.rs:12:5"
  { pattern: /(?:^\s*\d+:\s+(?<symbol>[\w:<>]+)\n)?\s*(?:panicked |)at (?<path>[^\s:'\n]+\.rs):(?<line>\d+)(?::\d+)?/gm, read },
  // Ruby:  app/cart.rb:12:in `total'
  { pattern: /(?<path>[^\s:'"`(]+\.rb):(?<line>\d+):in [`'](?<symbol>[^'\n]+)'/gm, read },
  // PHP:  #0 /app/cart.php(12): total(), and "in /app/cart.php on line 12"
  { pattern: /^#\d+ (?<path>[^\n(]+\.php)\((?<line>\d+)\): (?<symbol>[\w\\:>-]+)/gm, read },
  // pytest, compilers and linters:  app/cart.py:12: TypeError
  { pattern: /^(?<path>(?:[A-Za-z]:)?[^\s:(\n]+\.\w{1,5}):(?<line>\d+)(?::\d+)?:/gm, read },
];

/** More frames than this are a recursion, of which the first ones say all. */
const mostFrames = 50;

/** Reads a stack trace as programs print it; undefined where a text has no frames. */
export function parseStackTrace(text: string): StackTrace | undefined {
  const plain = text.replace(/\r\n?/g, "\n");
  for (const { pattern, read: readFrame, innermostLast } of notations) {
    const found = Array.from(plain.matchAll(pattern), (match) => readFrame(match.groups ?? {}));
    if (found.length === 0) continue;
    const frames = (innermostLast ? found.reverse() : found).filter(isNew).slice(0, mostFrames);
    return { message: messageOf(plain, innermostLast === true), frames };
  }
  return undefined;
}

function isNew(frame: Frame, index: number, all: readonly Frame[]): boolean {
  return all.findIndex(({ path, line }) => path === frame.path && line === frame.line) === index;
}

/** The line with the error: in Python the last one, elsewhere the first that names one, and of pytest what it says of an assertion. */
function messageOf(text: string, last: boolean): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const names = (line: string) =>
    /^(?:E\s+)?(?:Uncaught |Exception in thread "[^"]*" |Caused by: |panic: |error: )?[\w.$]*(?:Error|Exception|Warning|panic|Fault)\b|^(?:panic|fatal error):|panicked at/.test(
      line,
    );
  const found = last ? lines.findLast(names) : lines.find((line) => names(line) || /^E\s{2,}\S/.test(line))?.replace(/^E\s+/, "");
  return (found ?? (last ? lines.at(-1) : lines[0]) ?? "").slice(0, 500);
}
