import { readQuestion } from "#core/project/question";
import type { Sessions } from "../sessions/sessions.ts";

/** Words of a question that are looked up in the history, and sessions that are looked at for each. */
const mostWords = 6;
const mostOfOneWord = 8;
const mostFiles = 12;

/** Places that the user showed to a model; what an earlier search found says nothing of its own. */
const shownByUser: ReadonlySet<string> = new Set(["file", "range", "selection", "symbol"]);

/**
 * Files that earlier threads and actions of a workspace were about which have words of a question, those first that have most of them.
 * What cannot be looked up is no reason not to answer.
 */
export function earlierFiles(sessions: Pick<Sessions, "search" | "show">, workspace: string, question: string): string[] {
  const counts = new Map<string, number>();
  const words = [...readQuestion(question).terms].sort((one, other) => other.weight - one.weight).slice(0, mostWords);
  const filesOf = new Map<string, ReadonlySet<string>>();
  try {
    for (const { word, weight } of words) {
      for (const { id } of sessions.search({ query: word, workspace, limit: mostOfOneWord })) {
        const files = filesOf.get(id) ?? filesIn(sessions, id);
        filesOf.set(id, files);
        for (const file of files) counts.set(file, (counts.get(file) ?? 0) + weight);
      }
    }
  } catch {
    return [];
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, mostFiles)
    .map(([file]) => file);
}

function filesIn(sessions: Pick<Sessions, "show">, id: string): ReadonlySet<string> {
  const { session, messages } = sessions.show(id);
  const attached = messages.flatMap(({ context }) => context?.attachments ?? []);
  return new Set([
    ...(session.path === undefined ? [] : [session.path]),
    ...attached.filter(({ kind, path }) => shownByUser.has(kind) && path !== "").map(({ path }) => path),
  ]);
}
