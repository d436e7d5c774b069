import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { estimateTokens } from "#core/context/budget";
import { createExclusions } from "#engine/completion/context/exclusions";
import { walk } from "#engine/project/walk";
import { ripgrepPath } from "#engine/search/ripgrep";
import { openSqlite } from "#engine/sessions/sqlite";

const run = promisify(execFile);

/** Words that no search would be made for. */
const stopWords = new Set(
  "a an and are as at be by can do does for from has have how if in into is it its not of on or that the their them then there these this to was what when where which will with".split(
    " ",
  ),
);

/** The words of a question as they stand, without the commonest. */
export function plainWords(question: string): string[] {
  return [...new Set((question.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).filter((word) => word.length > 1 && !stopWords.has(word)))];
}

/** Searches for each word with ripgrep, and ranks files by how many of the words they have, then by how often. */
export async function ripgrepAndRank(folder: string, question: string): Promise<string[]> {
  const program = await ripgrepPath();
  const files = new Map<string, { words: number; hits: number }>();
  for (const word of plainWords(question)) {
    const { stdout } = await run(
      program,
      ["--count-matches", "--ignore-case", "--fixed-strings", "--with-filename", "--null", "-e", word, "./"],
      {
        cwd: folder,
        maxBuffer: 2 ** 26,
      },
    ).catch((error: { code?: number; stdout?: string }) => {
      if (error.code === 1) return { stdout: "" };
      throw error;
    });
    for (const row of stdout.split("\n").filter(Boolean)) {
      const [path = "", count = "0"] = row.split("\0");
      const name = path.replace(/^\.\//, "");
      const before = files.get(name) ?? { words: 0, hits: 0 };
      files.set(name, { words: before.words + 1, hits: before.hits + Number(count) });
    }
  }
  return [...files].sort(([one, a], [other, b]) => b.words - a.words || b.hits - a.hits || (one < other ? -1 : 1)).map(([path]) => path);
}

/** Lines of a piece. */
const window = 40;

/** A full-text index over pieces of 40 lines of the same files, with SQLite's own words and its own BM25. */
export async function plainBm25(
  folder: string,
  isTaken: (path: string) => boolean,
): Promise<{ find(question: string, tokens: number): string[]; close(): void }> {
  const { files } = await walk(folder, createExclusions(folder), 100_000, new AbortController().signal);
  const sqlite = openSqlite(":memory:");
  sqlite.exec("CREATE VIRTUAL TABLE pieces USING fts5 (text, path UNINDEXED, tokenize = 'unicode61')");
  const insert = sqlite.prepare("INSERT INTO pieces VALUES (?, ?)");
  sqlite.transaction(() => {
    for (const path of files.keys()) {
      if (!isTaken(path)) continue;
      const lines = readFileSync(join(folder, path), "utf8").split("\n");
      for (let from = 0; from < lines.length; from += window) insert.run(lines.slice(from, from + window).join("\n"), path);
    }
  })();
  return {
    find(question, tokens) {
      const words = plainWords(question).map((word) => `"${word}"`);
      if (words.length === 0) return [];
      const rows = sqlite
        .prepare("SELECT path, text FROM pieces WHERE pieces MATCH ? ORDER BY bm25(pieces) LIMIT 200")
        .all(words.join(" OR ")) as {
        path: string;
        text: string;
      }[];
      const found: string[] = [];
      let free = tokens;
      for (const { path, text } of rows) {
        const cost = estimateTokens(text);
        if (cost > free) continue;
        free -= cost;
        found.push(path);
      }
      return [...new Set(found)];
    },
    close: () => sqlite.close(),
  };
}
