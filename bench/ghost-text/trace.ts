import { createRandom, type Random } from "./random.ts";
import type { TraceFile } from "./trace-files.ts";

/** One key and the document after it. */
export interface Key {
  readonly kind: "type" | "delete" | "accept";
  /** True for the first key after the cursor jumped, or after the text below it was edited. */
  readonly first: boolean;
  /** Milliseconds before the key. */
  readonly pause: number;
  readonly prefix: string;
  readonly suffix: string;
  /** Text before and after the cursor where it rested before a first key. */
  readonly rest?: { readonly prefix: string; readonly suffix: string };
}

const closerOf: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

interface Session {
  readonly random: Random;
  readonly keys: Key[];
  head: string;
  tail: string;
  rest: Key["rest"];
  pause: number;
}

/**
 * Somebody writes in a file: some lines here, some there, in bursts with pauses, with typos taken back, with parts of lines
 * accepted at once, with closers that the editor adds and that are typed over, and with corrections below in between. What is
 * typed is what stands in the file, whatever anybody suggests, so the keys are the same for all sides.
 */
export function traceOf(file: TraceFile, count: number, seed: number): readonly Key[] {
  const random = createRandom(seed);
  const lines = file.text.split("\n");
  const keys: Key[] = [];
  const absent = new Set<number>();
  const regions: { from: number; to: number }[] = [];
  // Lines that are still to be written are missing from the start.
  for (let tries = 0; tries < 4000 && regions.length < count / 20; tries += 1) {
    const from = random.between(10, lines.length - 8);
    const to = from + random.between(1, 5);
    const around = Array.from({ length: to - from + 4 }, (_, index) => from - 2 + index);
    const words = lines.slice(from, to).filter((line) => line.trim().length > 6);
    if (words.length === 0 || lines[from]?.trim() === "" || around.some((line) => absent.has(line))) continue;
    for (let line = from; line < to; line += 1) absent.add(line);
    regions.push({ from, to });
  }
  for (const { from, to } of regions) {
    if (keys.length >= count) break;
    const head = lines.slice(0, from).filter((_, index) => !absent.has(index));
    const tail = lines.slice(to).filter((_, index) => !absent.has(to + index));
    const place = { prefix: head.join("\n"), suffix: `\n${tail.join("\n")}` };
    const session: Session = { random, keys, head: place.prefix, tail: place.suffix, rest: place, pause: random.between(1500, 4000) };
    writeLines(session, lines.slice(from, to));
    for (let line = from; line < to; line += 1) absent.delete(line);
  }
  return keys.slice(0, count);
}

function press(session: Session, kind: Key["kind"]): void {
  const { rest, pause, head, tail } = session;
  session.keys.push({ kind, first: rest !== undefined, pause, prefix: head, suffix: tail, ...(rest === undefined ? {} : { rest }) });
  session.rest = undefined;
  session.pause = session.random.between(70, 260);
}

function writeLines(session: Session, lines: readonly string[]): void {
  const { random } = session;
  for (const [index, line] of lines.entries()) {
    const indentation = /^\s*/.exec(line)?.[0] ?? "";
    if (index > 0 && random.chance(0.2)) editBelow(session);
    if (random.chance(0.3)) session.pause = random.between(600, 2600);
    // The editor indents the new line by itself.
    session.head += `\n${line.trim() === "" ? "" : indentation}`;
    press(session, "type");
    writeRest(session, line.slice(indentation.length));
  }
}

function writeRest(session: Session, text: string): void {
  const { random } = session;
  let added = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const atWord = at > 0 && /[A-Za-z]/.test(character) && !/\w/.test(text.charAt(at - 1));
    if (atWord && random.chance(0.05)) session.pause = random.between(500, 2200);
    if (atWord && random.chance(0.07)) {
      const rest = random.chance(0.5) ? text.slice(at) : (/^\w+/.exec(text.slice(at))?.[0] ?? "");
      session.head += rest;
      at += rest.length - 1;
      if (at >= text.length - 1) {
        session.tail = session.tail.slice(added);
        added = 0;
      }
      press(session, "accept");
      continue;
    }
    if (random.chance(0.015)) mistype(session, text.slice(at, at + random.between(0, 3)));
    session.head += character;
    const closer = closerOf[character];
    if (added > 0 && session.tail.startsWith(character) && ")]}".includes(character)) {
      session.tail = session.tail.slice(1);
      added -= 1;
    } else if (closer !== undefined && text.slice(at + 1).includes(closer) && (added > 0 || session.tail.startsWith("\n"))) {
      session.tail = closer + session.tail;
      added += 1;
    }
    press(session, "type");
  }
  // Closers that were put in for brackets in strings and the like.
  session.tail = session.tail.slice(added);
}

/** A wrong letter, noticed at once or some keys later, and taken back. */
function mistype(session: Session, before: string): void {
  const { head, random } = session;
  for (const character of `${String.fromCharCode(97 + random.between(0, 26))}${before}`) {
    session.head += character;
    press(session, "type");
  }
  session.pause = random.between(200, 700);
  while (session.head !== head) {
    session.head = session.head.slice(0, -1);
    press(session, "delete");
  }
}

/** A word some lines below is written anew, then the cursor comes back. */
function editBelow(session: Session): void {
  const { head, tail, random } = session;
  const words = [...tail.slice(0, 600).matchAll(/[A-Za-z]{3,9}(?=[^\w\n]*\n)/g)];
  const word = words[random.between(0, words.length)];
  if (word === undefined) return;
  const end = word.index + word[0].length;
  session.rest = { prefix: head + tail.slice(0, end), suffix: tail.slice(end) };
  session.pause = random.between(800, 2000);
  for (let left = word[0].length - 1; left >= 0; left -= 1) {
    session.head = head + tail.slice(0, word.index + left);
    session.tail = tail.slice(end);
    press(session, "delete");
  }
  const renewed = `${word[0].slice(0, -1)}s`;
  for (const character of renewed) {
    session.head += character;
    press(session, "type");
  }
  session.head = head;
  session.tail = tail.slice(0, word.index) + renewed + tail.slice(end);
  session.rest = { prefix: session.head, suffix: session.tail };
  session.pause = random.between(800, 2000);
}
