import type { Disposable } from "#core/base/disposable";
import { readCommand } from "#core/chat/commands";
import type { ChatRequest } from "#core/contracts/chat";
import type { Attachment } from "#core/contracts/message-context";
import type { Engine } from "../../connection.ts";
import type { Attaching } from "./attachments.ts";
import { withoutDoubles } from "./draft-attachments.ts";

/** What {@link createReadingAhead} needs. */
export interface ReadingAheadOptions {
  readonly engine: { readonly chat: Pick<Engine["chat"], "readAhead"> };
  readonly attaching: Pick<Attaching, "of">;
  /** Told what was written when it is read. */
  readonly onRead: (text: string) => void;
  /** What the message will be sent with beside its words; undefined where it will wait, or goes in the place of another. */
  readonly target: () => Pick<ChatRequest, "threadId" | "workspace" | "mode" | "model"> | undefined;
}

/** Has the model read a question while it is written. */
export interface ReadingAhead extends Disposable {
  /** Told at each change of what is written. */
  changed(text: string, attachments: readonly Attachment[]): void;
  /** The question is sent, or given up. */
  stop(): void;
}

/** Milliseconds that typing rests before what was written is read. */
const rest = 400;

/** Creates a {@link ReadingAhead}. Nobody waits for it, so no failure is told: whoever asks is told the same. */
export function createReadingAhead({ engine, attaching, onRead, target }: ReadingAheadOptions): ReadingAhead {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading: AbortController | undefined;
  let isWriting = false;

  function stop(): void {
    clearTimeout(timer);
    reading?.abort();
    reading = undefined;
    isWriting = false;
  }

  async function read(text: string, explicit: readonly Attachment[]): Promise<void> {
    const to = target();
    if (to === undefined || readCommand(text) !== undefined) return;
    reading?.abort();
    const controller = new AbortController();
    reading = controller;
    const attachments = withoutDoubles([...explicit, ...(await attaching.of(text))]);
    if (controller.signal.aborted) return;
    await engine.chat.readAhead({ ...to, text, attachments }, { signal: controller.signal });
    onRead(text);
  }

  return {
    changed(text, attachments) {
      clearTimeout(timer);
      if (text.trim() === "" && attachments.length === 0) {
        stop();
        return;
      }
      // The first letter is reason enough to bring the model into memory.
      timer = setTimeout(() => void read(text, attachments).catch(() => {}), isWriting ? rest : 0);
      isWriting = true;
    },
    stop,
    dispose: stop,
  };
}
