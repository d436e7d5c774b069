import { Transform } from "node:stream";
import type { Attachment } from "#core/contracts/message-context";
import type { Person } from "../../command.ts";
import { count } from "../../terminal.ts";

const begins = "\u001b[200~";
const ends = "\u001b[201~";
const marks = { on: "\u001b[?2004h", off: "\u001b[?2004l" };

/** Texts of several lines that are pasted into the line being typed: each stands in it as one word, and none of its lines is a question. */
export interface Pastes {
  /** What a line editor reads in the place of the person. */
  readonly input: NodeJS.ReadableStream;
  /** A line as it was typed, apart from what was pasted into it. */
  read(line: string): { readonly question: string; readonly pasted: readonly Attachment[] };
  dispose(): void;
}

/** Asks the terminal to mark what is pasted, and takes that out of what the person types. */
export function createPastes({ input: typed, output }: Person): Pastes {
  const kept = new Map<string, string>();
  let held = "";
  const marksPastes = process.env.TERM !== "dumb";
  if (marksPastes) output.write(marks.on);

  const input = new Transform({
    decodeStrings: false,
    encoding: "utf8",
    transform(data: string, _encoding, done) {
      held += data;
      let shown = "";
      for (;;) {
        const from = held.indexOf(begins);
        const to = from < 0 ? -1 : held.indexOf(ends, from);
        if (to < 0) break;
        shown += held.slice(0, from) + inLine(held.slice(from + begins.length, to));
        held = held.slice(to + ends.length);
      }
      const waits = beginningOf(held);
      shown += held.slice(0, waits);
      held = held.slice(waits);
      done(null, shown);
    },
  });
  typed.setEncoding("utf8");
  typed.pipe(input);
  // The line editor switches how the terminal hands keys on.
  const raw = typed as Partial<NodeJS.ReadStream>;
  if (raw.setRawMode) Object.assign(input, { isTTY: true, setRawMode: (on: boolean) => raw.setRawMode?.(on) });

  function inLine(pasted: string): string {
    const text = pasted.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
    const lines = text.split("\n").length;
    // One line is as good as typed; that it ends is no reason to send it.
    if (lines === 1) return text;
    const word = `[pasted ${kept.size + 1}: ${count(lines, "line")}]`;
    kept.set(word, text);
    return word;
  }

  return {
    input,
    read(line) {
      let question = line;
      const pasted: Attachment[] = [];
      for (const [word, text] of kept) {
        if (!question.includes(word)) continue;
        question = question.replaceAll(word, "").trim();
        pasted.push({ kind: "text", path: "pasted", text });
      }
      return { question, pasted };
    },
    dispose() {
      if (marksPastes) output.write(marks.off);
      typed.unpipe(input);
      typed.pause();
    },
  };
}

/** Where in a text a paste begins, or may with what comes next; its length where none does. */
function beginningOf(text: string): number {
  const whole = text.indexOf(begins);
  if (whole >= 0) return whole;
  // Escape alone is a key, and must not wait for the next one.
  for (let length = begins.length - 1; length > 1; length--) if (text.endsWith(begins.slice(0, length))) return text.length - length;
  return text.length;
}
