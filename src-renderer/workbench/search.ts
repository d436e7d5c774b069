import { getService } from "@codingame/monaco-vscode-api";
import type { CancellationToken } from "@codingame/monaco-vscode-api/vscode/vs/base/common/cancellation";
import { prepareQuery, scoreFuzzy2 } from "@codingame/monaco-vscode-api/vscode/vs/base/common/fuzzyScorer";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import {
  type IFileMatch,
  type IFileQuery,
  type IFolderQuery,
  type ISearchComplete,
  type ISearchProgressItem,
  type ISearchResultProvider,
  type ITextQuery,
  QueryGlobTester,
  SearchProviderType,
  TextSearchCompleteMessageType,
} from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/search/common/search";
import { ISearchService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/search/common/search.service";
import { isStopped } from "#core/base/errors";
import type { Engine } from "../connection.ts";
import { globsOf, toFileMatch } from "./search-matches.ts";

/** Lets the search view and quick open look through files outside the window. */
export async function registerSearch(engine: Engine): Promise<void> {
  const service = await getService(ISearchService);
  const provider = createSearchProvider(engine);
  service.registerSearchResultProvider("file", SearchProviderType.file, provider);
  service.registerSearchResultProvider("file", SearchProviderType.text, provider);
}

function createSearchProvider(engine: Engine): ISearchResultProvider {
  return {
    getAIName: async () => undefined,
    clearCache: async () => undefined,

    async textSearch(query, onProgress, token) {
      const results: IFileMatch[] = [];
      const messages: ISearchComplete["messages"] = [];
      let limitHit = false;
      await untilCancelled(token, async (signal) => {
        for (const folder of query.folderQueries) {
          const events = await engine.search.text({ ...scopeOf(query, folder), ...contentOf(query, folder) }, { signal });
          for await (const event of events) {
            if (event.type === "matches") {
              for (const file of event.files) {
                const match = toFileMatch(file, folder.folder.fsPath);
                results.push(match);
                onProgress?.(match satisfies ISearchProgressItem);
              }
            } else {
              limitHit ||= event.limitHit;
              if (event.message) messages.push({ text: event.message, type: TextSearchCompleteMessageType.Warning });
            }
          }
        }
      });
      return { results, limitHit, messages };
    },

    async fileSearch(query, token) {
      const results: IFileMatch[] = [];
      const limit = query.maxResults ?? Number.POSITIVE_INFINITY;
      let limitHit = false;
      await untilCancelled(token, async (signal) => {
        for (const folder of query.folderQueries) {
          limitHit = (await findFiles(engine, query, folder, limit, results, signal)) || limitHit;
        }
      });
      return { results, limitHit, messages: [] };
    },
  };
}

/** Adds the files of one folder that fit the query, the best first; true when there were more than may be shown. */
async function findFiles(
  engine: Engine,
  query: IFileQuery,
  folder: IFolderQuery,
  limit: number,
  results: IFileMatch[],
  signal: AbortSignal,
): Promise<boolean> {
  const tester = new QueryGlobTester(query, folder);
  const pattern = prepareQuery(query.filePattern ?? "");
  const found: { path: string; score: number }[] = [];
  // Quick open types a few letters and wants the best of all files, so the limit is applied after scoring.
  for await (const paths of await engine.search.files({ ...scopeOf(query, folder), limit: 1_000_000 }, { signal })) {
    for (const path of paths) {
      if (!tester.includedInQuerySync(path, path.slice(path.lastIndexOf("/") + 1))) continue;
      if (query.shouldGlobMatchFilePattern || !pattern.normalized) {
        found.push({ path, score: 0 });
        continue;
      }
      const [score] = scoreFuzzy2(path, pattern);
      if (score) found.push({ path, score });
    }
    if (query.exists && found.length > 0) return true;
  }
  if (query.sortByScore) found.sort((a, b) => b.score - a.score || a.path.length - b.path.length);
  for (const { path } of found.slice(0, limit - results.length)) results.push({ resource: URI.joinPath(folder.folder, path) });
  return found.length > limit;
}

function scopeOf(query: ITextQuery | IFileQuery, folder: IFolderQuery) {
  const excludes = (folder.excludePattern ?? []).flatMap(({ pattern }) => globsOf(pattern));
  return {
    folder: folder.folder.fsPath,
    includes: [...globsOf(query.includePattern), ...globsOf(folder.includePattern)],
    excludes: [...globsOf(query.excludePattern), ...excludes],
    useIgnoreFiles: !folder.disregardIgnoreFiles,
    followLinks: !folder.ignoreSymlinks,
  };
}

function contentOf(query: ITextQuery, folder: IFolderQuery) {
  const content = query.contentPattern;
  return {
    pattern: content.pattern,
    regularExpression: content.isRegExp ?? false,
    caseSensitive: content.isCaseSensitive ?? false,
    wholeWord: content.isWordMatch ?? false,
    multiline: content.isMultiline ?? false,
    contextLines: query.surroundingContext ?? 0,
    encoding: folder.fileEncoding,
    limit: query.maxResults ?? 20_000,
  };
}

async function untilCancelled(token: CancellationToken | undefined, search: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const subscription = token?.onCancellationRequested(() => controller.abort());
  try {
    await search(controller.signal);
  } catch (error) {
    // What was found before the user typed on is still an answer.
    if (!controller.signal.aborted && !isStopped(error)) throw error;
  } finally {
    subscription?.dispose();
  }
}
