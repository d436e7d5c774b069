import type { ChatThread, OpinionExpectation } from "#core/contracts/chat";
import type { Draft } from "./draft.ts";

/** An answer that is being written. */
export interface Running {
  readonly draft: Draft;
  readonly phase: "starting" | "waiting" | "reading" | "writing";
  readonly text: string;
  /** What it waits for, in the engine's words. */
  readonly reason?: string;
  readonly read?: { readonly evaluated: number; readonly total: number };
  readonly notices: readonly string[];
  readonly model?: string;
  readonly place?: string;
  /** Tokens a second so far, by pieces of text. */
  readonly speed?: number;
}

/** What the view shows. */
export interface ConversationState {
  readonly thread?: ChatThread;
  /** The thread's, also while its first answer is written and the thread itself was not read yet. */
  readonly threadId?: string;
  readonly running?: Running;
  /** Messages that wait for the answer before them. */
  readonly queue: readonly Draft[];
  /** Messages that were not sent because the answer before them was stopped or failed, or the window ended: the user says whether they go. */
  readonly held: readonly Draft[];
  /** What a second opinion on the last answer would take, while the user looks at it. */
  readonly offer?: OpinionExpectation;
  /** Why the last message was not answered; `draft` is that message where it stands in the thread. */
  readonly problem?: { readonly code: string; readonly message: string; readonly hint?: string; readonly draft?: Draft };
}
