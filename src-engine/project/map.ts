import type { MapEntry } from "#core/project/map";
import { centralityOf, edgesOf, type Graph } from "./graph.ts";

/** What a map is to be about. Paths are from the root. */
export interface MapInterest {
  readonly mentioned: readonly string[];
  readonly open: readonly string[];
}

/** Signatures of files nobody uses, so that a project of programs beside each other has a map as well. */
const mostOfOneFile = 12;

const innerShare = 0.2;

/** The definitions of a project, those first that a reader with this interest needs most. */
export function mapEntries(graph: Graph, { mentioned, open }: MapInterest): readonly MapEntry[] {
  const names = new Set(mentioned);
  const isNamed = (path: string, by: readonly string[]) => by.some((one) => path === one || path.endsWith(`/${one}`));
  const opened = new Set([...graph.files].filter(([, { path }]) => isNamed(path, open)).map(([id]) => id));
  const named = new Set([...graph.files].filter(([, { path }]) => isNamed(path, mentioned)).map(([id]) => id));
  const start = new Map([...graph.files].map(([id, { kind }]) => [id, named.has(id) || opened.has(id) ? 50 : kind === "code" ? 1 : 0.1]));
  const interest = { mentioned: names, open: opened };
  const ranks = centralityOf(graph, interest, start);

  // A file hands its rank on along its edges: what arrives for a name is what its definition is worth.
  const outgoing = new Map<number, number>();
  for (const { from, weight } of edgesOf(graph, interest)) outgoing.set(from, (outgoing.get(from) ?? 0) + weight);
  const worth = new Map<string, number>();
  for (const { from, to, weight, name } of edgesOf(graph, interest)) {
    const key = `${to}\0${name}`;
    worth.set(key, (worth.get(key) ?? 0) + ((ranks.get(from) ?? 0) * weight) / (outgoing.get(from) ?? 1));
  }
  const perFile = new Map<number, number>();
  return (
    graph.definitions
      .map((definition) => {
        const { file, name, within } = definition;
        // What nobody else uses follows, by the rank of its file, the outer before the inner.
        const own =
          ((ranks.get(file) ?? 0) / 100) * (within === "" ? 1 : 0.3) * (name.startsWith("_") ? 0.3 : 1) * (names.has(name) ? 100 : 1);
        // A method is named by its name alone, which many share: who uses it is a guess.
        const used = (worth.get(`${file}\0${name}`) ?? 0) * (within === "" ? 1 : innerShare);
        return { definition, worth: used + own };
      })
      .filter(
        ({ definition }) => graph.files.get(definition.file)?.kind === "code" || named.has(definition.file) || opened.has(definition.file),
      )
      // What is open stands in the conversation anyway.
      .filter(({ definition }) => !opened.has(definition.file))
      .sort((one, other) => other.worth - one.worth)
      .flatMap(({ definition: { file, line, signature, within } }) => {
        const number = (perFile.get(file) ?? 0) + 1;
        perFile.set(file, number);
        if (number > mostOfOneFile) return [];
        return [{ path: graph.files.get(file)?.path ?? "", line, signature, inner: within !== "" }];
      })
  );
}
