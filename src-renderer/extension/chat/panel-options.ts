import type { Disposable } from "#core/base/disposable";
import type { Attachment } from "#core/contracts/message-context";
import type { Another } from "./another-answer.ts";
import type { Attaching } from "./attachments.ts";
import type { Draft } from "./draft.ts";
import type { TurnActions } from "./turns.ts";

/** The chat as its commands see it. */
export interface Panel extends Disposable {
  open(threadId?: string): Promise<void>;
  attach(attachment: Attachment): void;
  /** Sends a question as it is. */
  ask(text: string, attachments: readonly Attachment[]): void;
  /** Asks a question of a thread once more, as it is given. */
  askAgain(threadId: string, questionId: number, draft: Draft): Promise<void>;
  focus(): void;
}

/** What `fillPanel` needs beside the features. */
export interface PanelOptions {
  readonly attaching: Attaching;
  readonly code: Pick<TurnActions, "copy" | "insert" | "apply">;
  readonly nameOf: (model: string) => string;
  readonly chooseThread: (words: string) => Promise<string | undefined>;
  readonly chooseModel: () => Promise<string | undefined>;
  /** Asks what is to be different in another answer. */
  readonly askForAnother: () => Promise<Another | undefined>;
}
