import { StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { StorageScope, StorageTarget } from "@codingame/monaco-vscode-api/vscode/vs/platform/storage/common/storage";
import { IStorageService } from "@codingame/monaco-vscode-api/vscode/vs/platform/storage/common/storage.service";
import { z } from "zod";
import { type Disposable, toDisposable } from "#core/base/disposable";
import { attachment } from "#core/contracts/message-context";
import type { Composer } from "./composer.ts";
import type { Conversation } from "./conversation.ts";
import { type Unsent, unsent } from "./draft.ts";

const keptChat = z.object({
  threadId: z.string().optional(),
  text: z.string(),
  attachments: z.array(attachment),
  unsent: z.array(unsent).readonly().default([]),
});

/** What stands in the chat of a folder beside what its history has: which thread is shown, what is typed, and what waits to be sent. */
export type KeptChat = z.output<typeof keptChat>;

/** Where it outlives the window, also one that is killed. */
export interface ChatKeeper extends Disposable {
  /** What was kept last; nothing where there is none, or where it cannot be read. */
  read(): KeptChat | undefined;
  /** Keeps what there is now: at once where other messages wait, else a moment after the first change. */
  keep(now: KeptChat): void;
}

const key = "localcoder.chat";
const moment = 500;

/** Creates the {@link ChatKeeper} of a window. */
export function createChatKeeper(
  storage: Pick<IStorageService, "get" | "store" | "flush" | "onWillSaveState"> = StandaloneServices.get(IStorageService),
): ChatKeeper {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: KeptChat | undefined;
  let waitingDrafts = namesOf([]);

  function write(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!waiting) return;
    storage.store(key, JSON.stringify(waiting), StorageScope.WORKSPACE, StorageTarget.MACHINE);
    waiting = undefined;
  }

  function writeThrough(): void {
    write();
    void storage.flush();
  }

  // A window that closes asks for all that is to be kept; one that is killed does not.
  const saving = storage.onWillSaveState(write);

  return {
    read() {
      try {
        return keptChat.parse(JSON.parse(storage.get(key, StorageScope.WORKSPACE) ?? ""));
      } catch {
        return undefined;
      }
    },
    keep(now) {
      waiting = now;
      const drafts = namesOf(now.unsent);
      if (drafts !== waitingDrafts) writeThrough();
      else timer ??= setTimeout(writeThrough, moment);
      waitingDrafts = drafts;
    },
    ...toDisposable(() => {
      write();
      saving.dispose();
    }),
  };
}

/** Tells apart what waits without what is attached, which may be long. */
function namesOf(unsent: readonly Unsent[]): string {
  return JSON.stringify(unsent.map(({ threadId, drafts }) => [threadId, drafts.map(({ text }) => text)]));
}

/** Shows what stood in the chat when the window ended, however it ended. The focus stays where it is, and nothing is sent. */
export async function bringBack(
  { read }: Pick<ChatKeeper, "read">,
  composer: Pick<Composer, "isEmpty" | "set">,
  conversation: Pick<Conversation, "open" | "restore" | "state">,
): Promise<void> {
  const kept = read();
  if (!kept) return;
  if (composer.isEmpty()) composer.set(kept.text, kept.attachments);
  conversation.restore(kept.unsent);
  if (kept.threadId === undefined) return;
  await conversation.open(kept.threadId);
  // It was deleted meanwhile.
  if (conversation.state().problem?.code === "NOT_FOUND") await conversation.open();
}
