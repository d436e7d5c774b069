import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { implement } from "@orpc/server";
import type { z } from "zod";
import { UserError } from "#core/base/errors";
import { type fileQuery, searchContract, type TextMatch } from "#core/contracts/search";
import { withFileErrors } from "../file-errors.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { isTemporaryName } from "../workspace/write.ts";
import { listArguments, type SearchScope, type TextQuery, textArguments } from "./arguments.ts";
import { createLineReader, decodeText, matchesOf, type SearchRecord } from "./records.ts";
import { type RipgrepEnd, runRipgrep } from "./ripgrep.ts";

/** What a search in text hands out: batches of files with their matches, and at last how it ended. */
export type TextResult =
  | { readonly type: "matches"; readonly files: TextMatch[] }
  | { readonly type: "done"; readonly limitHit: boolean; readonly message?: string };

/** A listing of files, as the contract takes it. */
export type FileQuery = z.infer<typeof fileQuery>;

/** Search in the files of one client, by ripgrep. */
export interface Search {
  text(query: TextQuery, signal?: AbortSignal): AsyncGenerator<TextResult, void, void>;
  /** Paths relative to the folder, with `/` between parts. */
  files(query: FileQuery, signal?: AbortSignal): AsyncGenerator<string[], void, void>;
}

/** Creates a {@link Search} that stays inside the client's workspace. */
export function createSearch({ workspace }: { readonly workspace: Pick<Workspace, "resolve"> }): Search {
  async function folderOf(scope: SearchScope): Promise<string> {
    const folder = await workspace.resolve(scope.folder);
    const stats = await withFileErrors(scope.folder, () => stat(folder));
    if (!stats.isDirectory()) throw new UserError("NOT_A_DIRECTORY", `${scope.folder} is not a folder.`, "Search in a folder.");
    return folder;
  }

  /** Ripgrep follows links wherever they lead; what lies outside the workspace is left out here. */
  async function reachable<T>(items: T[], scope: SearchScope, place: (item: T) => string): Promise<T[]> {
    if (!scope.followLinks) return items;
    const allowed = new Map<string, boolean>();
    for (const path of new Set(items.map(place))) {
      const real = await workspace.resolve(path).catch(() => undefined);
      allowed.set(path, real !== undefined);
    }
    return items.filter((item) => allowed.get(place(item)) === true);
  }

  return {
    async *text(query, signal) {
      if (query.pattern === "") return yield { type: "done", limitHit: false };
      const run = runRipgrep(textArguments(query), await folderOf(query), signal);
      const reader = createLineReader();
      let left = query.limit;
      const end = yield* takeWhile(run, async function* (chunk) {
        const files = new Map<string, TextMatch>();
        for (const line of reader.add(chunk)) {
          if (left === 0) break;
          // Two of three records tell where a file begins and ends, and how long it took: not worth parsing.
          if (isAboutLines(line)) left -= collect(JSON.parse(line) as SearchRecord, query.folder, files, left);
        }
        const found = await reachable([...files.values()], query, (file) => file.path);
        if (found.length > 0) yield { type: "matches", files: found } as const;
        return left > 0;
      });
      yield { type: "done", limitHit: left === 0, message: describeEnd(end, reader.skipped) };
    },
    async *files(query, signal) {
      const folder = await folderOf(query);
      const matches = looseMatcher(query.pattern);
      const decoder = new StringDecoder("utf8");
      let rest = "";
      let left = query.limit;
      yield* takeWhile(runRipgrep(listArguments(query), folder, signal), async function* (chunk) {
        const text = rest + decoder.write(chunk);
        const names = (process.platform === "win32" ? text.replaceAll("\\", "/") : text).split("\0");
        rest = names.pop() ?? "";
        const paths = names.filter((path) => matches(path) && !isTemporary(path));
        const found = (await reachable(paths, query, (path) => dirname(join(query.folder, path)))).slice(0, left);
        left -= found.length;
        if (found.length > 0) yield found;
        return left > 0;
      });
    },
  };
}

/** Passes chunks on until one is answered with false; then the run is ended. */
async function* takeWhile<T>(
  run: AsyncGenerator<Buffer, RipgrepEnd, void>,
  use: (chunk: Buffer) => AsyncGenerator<T, boolean, void>,
): AsyncGenerator<T, RipgrepEnd | undefined, void> {
  try {
    for (;;) {
      const next = await run.next();
      if (next.done) return next.value;
      if (!(yield* use(next.value))) return undefined;
    }
  } finally {
    await run.return({ complaints: [] });
  }
}

function isAboutLines(line: string): boolean {
  return line.startsWith('{"type":"match"') || line.startsWith('{"type":"context"');
}

/** Adds a record to the files of a batch and says how many hits it brought, at most `left`. */
function collect(record: SearchRecord, folder: string, files: Map<string, TextMatch>, left: number): number {
  const path = join(folder, decodeText(record.data.path));
  if (isTemporary(path)) return 0;
  const file: TextMatch = files.get(path) ?? { path, matches: [], context: [] };
  files.set(path, file);
  if (record.type === "context") {
    file.context.push({ line: record.data.line_number - 1, text: decodeText(record.data.lines).replace(/\r?\n$/, "") });
    return 0;
  }
  const submatches = record.data.submatches.slice(0, left);
  file.matches.push(...matchesOf({ ...record.data, submatches }));
  return submatches.length;
}

function describeEnd(end: RipgrepEnd | undefined, skipped: number): string | undefined {
  const parts: string[] = [];
  if (end !== undefined && end.complaints.length > 0) {
    parts.push(`${end.complaints.length} files or folders could not be read, the first: ${end.complaints[0]?.replace(/^rg: /, "")}.`);
  }
  if (skipped > 0) parts.push(`${skipped} lines were too long to search in.`);
  return parts.length > 0 ? parts.join(" ") : undefined;
}

// Files that are being written; looked for only where the name says so, as this runs for every file.
function isTemporary(path: string): boolean {
  return path.endsWith(".tmp") && isTemporaryName(basename(path));
}

/** As in quick open: all letters of the pattern, in their order, somewhere in the path. */
function looseMatcher(pattern: string): (path: string) => boolean {
  const letters = pattern.toLowerCase().replaceAll("\\", "/").replace(/\s+/g, "");
  if (letters === "") return () => true;
  return (path) => {
    const text = path.toLowerCase();
    let from = 0;
    for (const letter of letters) {
      const at = text.indexOf(letter, from);
      if (at === -1) return false;
      from = at + letter.length;
    }
    return true;
  };
}

/** Serves a {@link Search} by its contract. */
export function searchRouter(search: Search) {
  const contract = implement(searchContract);
  return contract.router({
    text: contract.text.handler(({ input, signal }) => search.text(input, signal)),
    files: contract.files.handler(({ input, signal }) => search.files(input, signal)),
  });
}
