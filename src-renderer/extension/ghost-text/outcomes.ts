import type * as vscodeApi from "vscode";
import type { Outcome, RetentionSeconds } from "#core/contracts/completion";
import type { Features } from "../features.ts";
import { afterEdit, lengthOf, type Stretch } from "./retention.ts";

/** Tells the engine what becomes of suggestions. Statistics only: nobody waits for it and nothing depends on it. */
export interface Outcomes {
  report(id: string, outcome: Outcome): void;
  /** Follows a text that was just accepted, and tells later how much of it is still there. */
  accepted(document: vscodeApi.TextDocument, range: vscodeApi.Range): void;
}

interface Followed {
  readonly uri: string;
  readonly of: number;
  stretches: readonly Stretch[];
}

const lookedAt: readonly RetentionSeconds[] = [30, 300];
/** Nobody accepts more in five minutes; whoever does, is counted for the last ones. */
const mostFollowed = 200;

/** Creates {@link Outcomes}. */
export function createOutcomes({ vscode, engine, own }: Features): Outcomes {
  const told = new Set<string>();
  let followed: readonly Followed[] = [];

  own(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (followed.length === 0 || contentChanges.length === 0) return;
      const uri = document.uri.toString();
      const replacements = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
        offset: rangeOffset,
        removed: rangeLength,
        added: text.length,
      }));
      for (const text of followed) if (text.uri === uri) text.stretches = afterEdit(text.stretches, replacements);
    }),
  );

  return {
    report(id, outcome) {
      const key = `${id} ${outcome}`;
      if (told.has(key)) return;
      told.add(key);
      if (told.size > 500) told.clear();
      engine.completion.outcome({ id, outcome }).catch(() => undefined);
    },
    accepted(document, range) {
      const from = document.offsetAt(range.start);
      const to = document.offsetAt(range.end);
      if (from === to) return;
      const text: Followed = { uri: document.uri.toString(), of: to - from, stretches: [{ from, to }] };
      followed = [...followed, text].slice(-mostFollowed);
      for (const seconds of lookedAt) {
        setTimeout(() => {
          engine.completion.retained({ seconds, characters: lengthOf(text.stretches), of: text.of }).catch(() => undefined);
          if (seconds === lookedAt.at(-1)) followed = followed.filter((other) => other !== text);
        }, seconds * 1000);
      }
    },
  };
}
