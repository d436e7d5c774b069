import { type Chunk, cutChunk, type RingLimits } from "./ring.ts";

/** What a file defines, as others need to know it. */
export interface Definition {
  readonly name: string;
  /** The signature, or all of it where that is short. */
  readonly text: string;
  /** True where `text` says all there is, with the members. */
  readonly whole: boolean;
  /** Signatures of what belongs to it: methods, fields, variants. */
  readonly members: readonly { readonly name: string; readonly text: string }[];
}

/** A definition and its file, relative to the workspace with `/` between parts. */
export interface LocatedDefinition {
  readonly path: string;
  readonly definition: Definition;
}

/** A definition as a chunk: its signature and as many of its members as fit. */
export function definitionChunk({ path, definition }: LocatedDefinition, limits: RingLimits): Chunk {
  const { name, text, whole, members } = definition;
  const outline = whole ? text : [text, ...members.map((member) => member.text)].join("\n");
  const cut = cutChunk(outline, limits);
  const closed = cut === outline && !whole && text.endsWith("{") ? `${cut}\n}` : cut;
  return { key: `definition ${path} ${name} ${firstLine(text)}`, path, text: closed, named: true };
}

/** A member as a chunk, under the name of what it belongs to; nothing where the definition's own chunk shows it already. */
export function memberChunk(located: LocatedDefinition, member: string, limits: RingLimits): Chunk {
  const { path, definition } = located;
  const all = definitionChunk(located, limits);
  const found = definition.members.find(({ name }) => name === member);
  if (found === undefined || all.text.includes(found.text)) return all;
  const text = cutChunk(`${firstLine(definition.text)}\n${found.text}`, limits);
  return { key: `definition ${path} ${definition.name}.${member}`, path, text, named: true };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
