import { styleText } from "node:util";

/** Where output goes: data on stdout, everything else on stderr; colour and progress only where a person looks. */
export interface Terminal {
  /** True when one JSON value is wanted in place of text. */
  readonly json: boolean;
  /** True when a person sees stdout. */
  readonly interactive: boolean;
  /** Writes data as it is, without a line end; bytes where the data is in another encoding than UTF-8. */
  write(data: string | Uint8Array): void;
  /** Writes a line of data. */
  print(line: string): void;
  /** Writes the one JSON value. */
  printJson(value: unknown): void;
  /** Writes a line for the person: not data. */
  note(line: string): void;
  /** Replaces the line of progress; empty takes it away. Does nothing where nobody looks. */
  progress(line: string): void;
  /** Text in a style, where stdout shows styles. */
  style(style: TextStyle, text: string): string;
}

/** The few styles of the command line. */
export type TextStyle = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** The part of a process's stdout or stderr that is needed. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(data: string | Uint8Array): unknown;
}

/** Makes the {@link Terminal} of a process. */
export function createTerminal(options: {
  readonly json: boolean;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
}): Terminal {
  const { json, stdout, stderr, env } = options;
  const plain = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  const coloured = stdout.isTTY === true && !plain;
  const moving = stderr.isTTY === true && env.TERM !== "dumb" && !json;
  let shown = false;
  const clear = () => {
    if (!shown) return;
    shown = false;
    stderr.write("\r\u001b[K");
  };
  return {
    json,
    interactive: stdout.isTTY === true && !json,
    write(data) {
      clear();
      stdout.write(data);
    },
    print(line) {
      clear();
      stdout.write(`${line}\n`);
    },
    printJson(value) {
      clear();
      stdout.write(`${JSON.stringify(value, null, stdout.isTTY ? 2 : undefined)}\n`);
    },
    note(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      if (!moving) return;
      clear();
      if (line === "") return;
      shown = true;
      // A longer line would wrap, and what has wrapped cannot be taken away again.
      stderr.write([...line].slice(0, Math.max(10, (stderr.columns || 80) - 1)).join(""));
    },
    style: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** A bar of progress, `done` from 0 to 1. */
export function bar(done: number, width = 24): string {
  const part = Math.min(1, Math.max(0, done));
  const filled = Math.round(part * width);
  return `${"━".repeat(filled)}${"─".repeat(width - filled)} ${Math.floor(part * 100)} %`;
}

/** A number of things in words: "1 line", "2 lines". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Lines up cells in columns; the last column is as wide as it likes. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("  "));
}
