import { createKnownTexts, type KnownTexts } from "#core/completion/known";
import type { InfillLayout } from "#core/contracts/inference";

/** What is kept of the documents that were typed in last. */
export interface CompletionDocuments {
  /** What the model wrote for a document; empty after a change of model or layout, which would write something else. */
  knownTexts(path: string, model: string, layout: InfillLayout): KnownTexts;
}

/** More documents than anyone types in at once. */
const mostDocuments = 20;

/** Creates {@link CompletionDocuments}. */
export function createCompletionDocuments(): CompletionDocuments {
  /** Least recently used first. */
  const documents = new Map<string, { readonly writer: string; readonly texts: KnownTexts }>();
  return {
    knownTexts(path, model, layout) {
      const writer = JSON.stringify([model, layout]);
      const before = documents.get(path);
      const document = before?.writer === writer ? before : { writer, texts: createKnownTexts() };
      documents.delete(path);
      documents.set(path, document);
      const [oldest] = documents.keys();
      if (documents.size > mostDocuments && oldest !== undefined) documents.delete(oldest);
      return document.texts;
    },
  };
}
