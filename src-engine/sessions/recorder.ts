import { UserError } from "#core/base/errors";
import type { AnswerDetails, Message, Session } from "#core/contracts/sessions";
import { isDiskFull } from "./sqlite.ts";
import type { NewSession, Store } from "./store.ts";

/** Writes one running session down. Nothing here throws: an answer goes on even where it cannot be kept. */
export interface SessionRecorder {
  /** Empty when nothing is kept. */
  readonly id: string;
  setModel(model: string, provider: NewSession["provider"]): void;
  /** Adds a whole message. */
  add(role: Message["role"], text: string): void;
  /** Appends to the running answer, beginning one where there is none; what returns from here survives the process. */
  append(text: string): void;
  /** Says how the running answer came about. */
  describe(details: AnswerDetails): void;
  /** Ends the running answer; the next {@link append} begins another. */
  endAnswer(): void;
  /** Keeps a change that was proposed, as git apply takes it. */
  addPatch(diff: string): void;
  finish(state: Session["state"]): void;
  /** Why something is not kept at this moment. */
  problem(): UserError | undefined;
}

/** What is written where nothing is to be kept. */
export const nothingRecorded: SessionRecorder = {
  id: "",
  setModel() {},
  add() {},
  append() {},
  describe() {},
  endAnswer() {},
  addPatch() {},
  finish() {},
  problem: () => undefined,
};

/** Writes into a store the session that `open` begins or opens again there. `changed` is called after every write. */
export function createRecorder(store: Store, id: string, open: () => number, now: () => number, changed: () => void): SessionRecorder {
  let number = 0;
  let message: number | undefined;
  let position = 0;
  let problem: UserError | undefined;
  // In order and tried again with each new one, so that nothing is missing once there is room on the disk again.
  const waiting: (() => void)[] = [];

  function write(step: () => void): void {
    waiting.push(step);
    try {
      for (let next = waiting[0]; next; next = waiting[0]) {
        next();
        waiting.shift();
      }
      problem = undefined;
    } catch (error) {
      problem = explain(error);
      return;
    }
    changed();
  }

  write(() => {
    number = open();
  });
  return {
    id,
    setModel: (model, provider) => write(() => store.setModel(number, model, provider)),
    add: (role, text) => write(() => void store.addMessage(number, role, text, now())),
    append(text) {
      write(() => {
        if (message === undefined) {
          message = store.addMessage(number, "assistant", "", now());
          position = 0;
        }
        store.addPiece(message, position, text);
        position++;
      });
    },
    describe(details) {
      write(() => {
        if (message !== undefined) store.setDetails(message, details);
      });
    },
    endAnswer() {
      write(() => {
        message = undefined;
      });
    },
    addPatch: (diff) => write(() => store.addPatch(number, diff, now())),
    finish: (state) => write(() => store.close(number, state, now())),
    problem: () => problem,
  };
}

function explain(error: unknown): UserError {
  if (isDiskFull(error))
    return new UserError(
      "DISK_FULL",
      "The disk is full, so this answer is not kept in the history.",
      "Free some space; the answer itself goes on.",
    );
  const reason = error instanceof Error ? error.message : String(error);
  return new UserError(
    "DATA_FOLDER_UNUSABLE",
    `This answer is not kept in the history: ${reason}.`,
    "Start LocalCoder again; it checks and repairs the history then.",
  );
}
