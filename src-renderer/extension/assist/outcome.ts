import { shownPath } from "#core/assist/title";
import type { AssistRequest } from "#core/contracts/assist";
import type { SessionOutcome } from "#core/contracts/sessions";
import { unifiedDiff } from "#core/edits/unified";
import { linesOf } from "./proposal.ts";

/** Follows what the user does with a proposal, so that the history can say what became of it. */
export interface OutcomeTracker {
  /** A proposal is there, with so many changes. */
  proposed(sessionId: string, changes: number): void;
  /** Changes were kept; the lines that were asked about are these now. */
  kept(changes: number, lines: readonly string[]): void;
  /** Nothing more is done with the proposal. */
  ended(): void;
}

/** What is told to the history at the end. */
export interface Outcome {
  readonly id: string;
  readonly outcome: SessionOutcome;
  readonly diff?: string;
}

/** Creates an {@link OutcomeTracker} for a request about some whole lines, counted from 1. */
export function trackOutcome(
  request: Pick<AssistRequest, "path" | "text" | "workspace">,
  lines: { readonly first: number; readonly count: number },
  tell: (outcome: Outcome) => void,
): OutcomeTracker {
  let sessionId = "";
  let offered = 0;
  let taken = 0;
  let now: readonly string[] = [];

  /** The change that was kept, in the document as it was asked about. */
  function diff(): string {
    const all = linesOf(request.text);
    const end = lines.first - 1 + lines.count;
    const lineEnd = /\r\n|\n|\r/.exec(request.text)?.[0] ?? "\n";
    const text = [...all.slice(0, lines.first - 1), ...now, ...all.slice(end)].join(lineEnd);
    return unifiedDiff(shownPath(request.path, request.workspace), request.text, text);
  }

  return {
    proposed(id, changes) {
      sessionId = id;
      offered = changes;
      taken = 0;
    },
    kept(changes, after) {
      taken += changes;
      now = after;
    },
    ended() {
      // Nothing was proposed, or no history is kept.
      if (sessionId === "" || offered === 0) return;
      const id = sessionId;
      sessionId = "";
      if (taken === 0) tell({ id, outcome: "undone" });
      else tell({ id, outcome: taken === offered ? "kept" : "partly", diff: diff() });
    },
  };
}
