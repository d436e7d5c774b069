import { UserError } from "#core/base/errors";
import type { MessageContext } from "#core/contracts/message-context";
import type { AnswerDetails, Message, Session } from "#core/contracts/sessions";
import { isDiskFull, isLocked } from "./sqlite.ts";
import type { NewSession, Store } from "./store.ts";

/** Writes one running session down. Nothing here throws: an answer goes on even where it cannot be kept. */
export interface SessionRecorder {
  /** Empty when nothing is kept. */
  readonly id: string;
  setModel(model: string, provider: NewSession["provider"]): void;
  /** Adds a whole message and returns its id; 0 where it is not kept, or not yet. */
  add(role: Message["role"], text: string, context?: MessageContext): number;
  /**
   * Appends to the running answer, beginning one where there is none, of which the context then is; what returns from here survives
   * the process.
   */
  append(text: string, context?: MessageContext): void;
  /** Says how the running answer came about. */
  describe(details: AnswerDetails): void;
  /** Ends the running answer and returns its id, 0 where there is none; the next {@link append} begins another. */
  endAnswer(): number;
  /** Keeps a change that was proposed, as git apply takes it. */
  addPatch(diff: string): void;
  finish(state: Session["state"]): void;
  /** Tries once more what is not kept yet; true where nothing is left. */
  settle(): boolean;
  /** Why something is not kept at this moment. */
  problem(): UserError | undefined;
}

/** What is written where nothing is to be kept. */
export const nothingRecorded: SessionRecorder = {
  id: "",
  setModel() {},
  add: () => 0,
  append() {},
  describe() {},
  endAnswer: () => 0,
  addPatch() {},
  finish() {},
  settle: () => true,
  problem: () => undefined,
};

/** Milliseconds until a history that another program holds is tried again: each try makes the answer wait. */
const lockedRest = 5000;
/** How often that is done for an answer that is over. */
const mostTries = 120;

/** Writes into a store the session that `open` begins or opens again there. `changed` is called after every write. */
export function createRecorder(store: Store, id: string, open: () => number, now: () => number, changed: () => void): SessionRecorder {
  let number = 0;
  let message: number | undefined;
  let position = 0;
  let problem: UserError | undefined;
  let resting = 0;
  // In order and tried again with each new one, so that nothing is missing once there is room on the disk again.
  const waiting: (() => void)[] = [];

  function write(step: () => void): void {
    waiting.push(step);
    if (now() >= resting) flush();
  }

  function flush(): void {
    try {
      for (let next = waiting[0]; next; next = waiting[0]) {
        next();
        waiting.shift();
      }
      problem = undefined;
    } catch (error) {
      problem = explain(error);
      if (isLocked(error)) resting = now() + lockedRest;
      return;
    }
    changed();
  }

  /** Nothing more is written that would try again what is waiting. */
  function keepTrying(): void {
    let tries = 0;
    const timer = setInterval(() => {
      flush();
      tries += 1;
      if (waiting.length === 0 || tries === mostTries) clearInterval(timer);
    }, lockedRest);
    timer.unref();
  }

  write(() => {
    number = open();
  });
  return {
    id,
    setModel: (model, provider) => write(() => store.setModel(number, model, provider)),
    add(role, text, context) {
      let added = 0;
      write(() => {
        added = store.addMessage(number, role, text, now(), context);
      });
      return added;
    },
    append(text, context) {
      write(() => {
        if (message === undefined) {
          message = store.addMessage(number, "assistant", "", now(), context);
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
      const ended = message ?? 0;
      write(() => {
        message = undefined;
      });
      return ended;
    },
    addPatch: (diff) => write(() => store.addPatch(number, diff, now())),
    finish(state) {
      // The last chance: there may be no next piece to come with.
      resting = 0;
      write(() => store.close(number, state, now()));
      if (waiting.length > 0) keepTrying();
    },
    settle() {
      if (waiting.length > 0) flush();
      return waiting.length === 0;
    },
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
  if (isLocked(error))
    return new UserError(
      "ENGINE_BUSY",
      "Another program holds the history, so this answer is not kept yet.",
      "The answer goes on, and is kept as soon as the other one lets go.",
    );
  const reason = error instanceof Error ? error.message : String(error);
  return new UserError(
    "DATA_FOLDER_UNUSABLE",
    `This answer is not kept in the history: ${reason}.`,
    "Start LocalCoder again; it checks and repairs the history then.",
  );
}
