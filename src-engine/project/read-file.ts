import { join } from "node:path";
import { holdsSecret } from "#core/context/exclusions";
import { codeLanguageOf } from "#core/context/languages";
import { isTelling } from "#core/context/words";
import { searchableWords } from "#core/project/identifiers";
import { cutPlaces, type Place, type Span, sectionsOf } from "#core/project/places";
import { readSource } from "../completion/context/source-file.ts";
import type { OutlineEntry, Outlines } from "./outline.ts";

/** A place with the words an index takes of it. */
export interface ReadPlace extends Place {
  readonly words: { readonly names: string; readonly prose: string; readonly code: string };
}

/** A definition, and whether other files can name it. */
export interface ReadDefinition extends OutlineEntry {
  readonly hidden: boolean;
}

/** What an index keeps of a file. */
export interface ReadFile {
  readonly places: readonly ReadPlace[];
  readonly definitions: readonly ReadDefinition[];
  /** The names its code uses, and how often. */
  readonly names: ReadonlyMap<string, number>;
}

const mostNames = 2000;

/** Reads a file of a root; undefined where nobody wrote it, or it is too large. */
export async function readFileFor(root: string, path: string, outlines: Outlines, signal?: AbortSignal): Promise<ReadFile | undefined> {
  const text = await readSource(join(root, ...path.split("/")));
  if (text === undefined) return undefined;
  const lines = text.split(/\r\n|\r|\n/);
  const outline = await outlines.of(codeLanguageOf(path) ?? "", text.replaceAll("\r\n", "\n"), signal);
  if (outline === undefined) {
    const isProse = /\.(md|mdx|markdown|rst|adoc|txt)$/i.test(path);
    const spans: readonly Span[] = isProse ? sectionsOf(lines) : definitionsByText(lines);
    const definitions = isProse
      ? []
      : spans.map((span) => ({ ...span, within: [], cuts: true, local: false, signature: (lines[span.from] ?? "").trim() }));
    const places = wordsOf(cutPlaces(lines, spans), lines, isProse ? lines : [], isProse ? [] : lines, []);
    return { places, definitions: visible(definitions), names: isProse ? new Map() : countNames(text) };
  }
  const code = outline.code.split("\n");
  const places = cutPlaces(
    lines,
    outline.entries.filter(({ cuts }) => cuts),
  );
  return {
    places: wordsOf(places, lines, outline.prose.split("\n"), code, outline.entries),
    definitions: visible(outline.entries),
    names: countNames(outline.code),
  };
}

/** Fields, what is local, and in a module of JavaScript what it does not export are hidden from other files. */
function visible(entries: readonly OutlineEntry[]): ReadDefinition[] {
  const isModule = entries.some(({ signature }) => /^export\b/.test(signature));
  return entries.map((entry) => {
    const { within, cuts, local, signature } = entry;
    const isKept = isModule && within.length === 0 && !/^export\b/.test(signature);
    return { ...entry, hidden: local || isKept || (!cuts && within.length > 0) };
  });
}

function wordsOf(
  places: readonly Place[],
  lines: readonly string[],
  prose: readonly string[],
  code: readonly string[],
  entries: readonly OutlineEntry[],
): ReadPlace[] {
  const textOf = ({ from, to }: Place, of: readonly string[]) => of.slice(from, to + 1).join("\n");
  return places
    .filter((place) => !holdsSecret(textOf(place, lines)))
    .map((place) => {
      const data = entries.filter((entry) => !entry.cuts && entry.from >= place.from && entry.from <= place.to).map(({ name }) => name);
      const names = [...new Set([...place.names, ...data])];
      return {
        ...place,
        words: {
          names: searchableWords([...place.within, ...names].join(" ")),
          prose: searchableWords(textOf(place, prose)),
          code: searchableWords(textOf(place, code)),
        },
      };
    });
}

function countNames(code: string): Map<string, number> {
  const names = new Map<string, number>();
  for (const name of code.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []) {
    // Everybody says command; Command is a class of this project, or of nobody.
    if ((!isTelling(name) && !/^\p{Lu}\p{Ll}{2}/u.test(name)) || name.length > 60 || (names.size >= mostNames && !names.has(name)))
      continue;
    names.set(name, (names.get(name) ?? 0) + 1);
  }
  return names;
}

/** Definitions of languages without a grammar, going by how nearly all of them write them; each lasts until the next. */
function definitionsByText(lines: readonly string[]): Span[] {
  const starts = lines.flatMap((line, index) => {
    const name =
      /^\s{0,8}(?:(?:export|default|public|private|protected|internal|open|override|abstract|final|sealed|data|static|inline|suspend|async|local|pub|impl|mutating)\s+)*(?:fun|func|fn|def|defp|defmodule|function|class|object|interface|trait|struct|enum|extension|protocol|module|mixin|proc|sub)\s+([\p{L}_][\p{L}\p{N}_.:]*)/u.exec(
        line,
      )?.[1];
    return name === undefined ? [] : [{ name, from: index }];
  });
  return starts.map(({ name, from }, index) => ({ name, from, to: (starts[index + 1]?.from ?? lines.length) - 1 }));
}
