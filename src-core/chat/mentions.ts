/** A place of the project that a message names: `#file:src/a.ts`, `#selection`, `#symbol:parse`. */
export interface Mention {
  readonly kind: MentionKind;
  /** What follows the colon: a path, a name; empty where the kind needs none. */
  readonly name: string;
  /** Lines, from 1, where the name ends with `:3-9`. */
  readonly from?: number;
  readonly to?: number;
  /** As it stands in the text. */
  readonly text: string;
}

/** What can be mentioned. */
export const mentionKinds = ["file", "selection", "symbol", "problems", "changes", "folder"] as const;
/** One of {@link mentionKinds}. */
export type MentionKind = (typeof mentionKinds)[number];

/** What a question begins with, or has in it, that is to be answered from the whole project. */
export const projectMention = "@project";

/** Kinds that need a name after a colon. */
export const namedMentions: readonly MentionKind[] = ["file", "symbol", "folder"];

const pattern = new RegExp(`(?<![\\w#/])#(${mentionKinds.join("|")})(?::("[^"\\n]+"|[^\\s"]+))?(?![\\w:])`, "g");

/** The mentions of a message in their order, each once. */
export function mentionsOf(text: string): readonly Mention[] {
  const found = new Map<string, Mention>();
  for (const [whole, kind = "", raw = ""] of text.matchAll(pattern)) {
    // Punctuation at the end belongs to the sentence.
    const quoted = raw.startsWith('"');
    const name = quoted ? raw.slice(1, -1) : raw.replace(/[.,;:!?)\]]+$/, "");
    if (name === "" && namedMentions.includes(kind as MentionKind)) continue;
    const lines = kind === "file" ? /^(.+?):(\d+)(?:-(\d+))?$/.exec(name) : null;
    const from = lines ? Number(lines[2]) : undefined;
    found.set(whole, {
      kind: kind as MentionKind,
      name: lines?.[1] ?? name,
      ...(from !== undefined && { from, to: Number(lines?.[3] ?? from) }),
      text: quoted ? whole : whole.slice(0, whole.length - (raw.length - name.length)),
    });
  }
  return [...found.values()];
}

/** How a place is mentioned; a name with blanks stands in quotes. */
export function mentionText(kind: MentionKind, name = ""): string {
  if (name === "") return `#${kind}`;
  return /[\s"]/.test(name) ? `#${kind}:"${name.replaceAll('"', "")}"` : `#${kind}:${name}`;
}

/** The word before a cursor that a list can complete: a mention or, at the start of the message, a command. */
export function wordToComplete(text: string, cursor: number): { readonly start: number; readonly word: string } | undefined {
  const before = text.slice(0, cursor);
  const match = /(?:^|\s)([#@][^\s]*|#[a-z]+:"[^"\n]*)$/.exec(before) ?? /^(\/[a-z]*)$/i.exec(before);
  const word = match?.[1];
  return word === undefined ? undefined : { start: cursor - word.length, word };
}

const said: Readonly<Partial<Record<MentionKind, string>>> = {
  selection: "the selected code",
  problems: "the problems",
  changes: "the uncommitted changes",
};

/**
 * A message as one person would say it to another: small models take "@project" and "#file:src/a.ts" for something to repeat. What is
 * mentioned stands above the message anyway.
 */
export function withoutMarks(text: string): string {
  return text
    .replace(/(?<!\S)@project\b[ \t]*/gi, "")
    .replace(pattern, (_whole, kind: MentionKind, raw: string | undefined) => said[kind] ?? raw?.replaceAll('"', "") ?? `#${kind}`)
    .trim();
}

const marksFirst = new RegExp(`^(?:\\s*(?:@project\\b|${pattern.source}))+`, "i");

/** A message as a title is made of it: what it mentions before it says something is left out, where it says something. */
export function asTitle(text: string): string {
  return withoutMarks(text.replace(marksFirst, "")) || withoutMarks(text);
}
