import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Place } from "./place.ts";

const folder = fileURLToPath(new URL("../cases/own", import.meta.url));

const languages: Readonly<Record<string, string>> = { ts: "typescript", js: "javascript", py: "python", go: "go", rs: "rust" };

/** A file of our own set without its marks, and the holes that were marked in it. */
export interface OwnFile {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
  readonly places: readonly Place[];
}

/** The files in `bench/cases/own`. In each, `«…»` marks a hole: the rest of a line, or several lines. */
export function ownFiles(): readonly OwnFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .map((name) => readFile(name.replace(/\.txt$/, ""), readFileSync(join(folder, name), "utf8")));
}

function readFile(path: string, marked: string): OwnFile {
  const text = marked.replace(/[«»]/g, "");
  const languageId = languages[path.split(".").at(-1) ?? ""] ?? "plaintext";
  const places: Place[] = [];
  for (const match of marked.matchAll(/«([^»]*)»/g)) {
    const before = marked.slice(0, match.index).replace(/[«»]/g, "");
    const wanted = match[1] ?? "";
    const lines = before.split("\n");
    places.push({
      id: `own/${path}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`,
      path,
      languageId,
      prefix: before,
      suffix: text.slice(before.length + wanted.length),
      wanted,
      judged: wanted.includes("\n") ? "all" : "line",
    });
  }
  return { path, languageId, text, places };
}
