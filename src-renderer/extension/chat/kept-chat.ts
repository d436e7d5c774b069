import { StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { StorageScope, StorageTarget } from "@codingame/monaco-vscode-api/vscode/vs/platform/storage/common/storage";
import { IStorageService } from "@codingame/monaco-vscode-api/vscode/vs/platform/storage/common/storage.service";
import { z } from "zod";
import { type Disposable, toDisposable } from "#core/base/disposable";
import { attachment } from "#core/contracts/message-context";
import type { Composer } from "./composer.ts";
import type { Conversation } from "./conversation.ts";

const keptChat = z.object({ threadId: z.string().optional(), text: z.string(), attachments: z.array(attachment) });

/** What stands in the chat of a folder beside what its history has: which thread is shown, and what is typed but not sent. */
export type KeptChat = z.output<typeof keptChat>;

/** Where it outlives the window, also one that is killed. */
export interface ChatKeeper extends Disposable {
  /** What was kept last; nothing where there is none, or where it cannot be read. */
  read(): KeptChat | undefined;
  /** Keeps what there is now, a moment after it was said for the last time. */
  keep(look: () => KeptChat): void;
}

const key = "localcoder.chat";
const moment = 500;

/** Creates the {@link ChatKeeper} of a window. */
export function createChatKeeper(storage = StandaloneServices.get(IStorageService)): ChatKeeper {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: (() => KeptChat) | undefined;

  function write(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!waiting) return;
    storage.store(key, JSON.stringify(waiting()), StorageScope.WORKSPACE, StorageTarget.MACHINE);
    waiting = undefined;
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
    keep(look) {
      waiting = look;
      timer ??= setTimeout(() => {
        write();
        void storage.flush();
      }, moment);
    },
    ...toDisposable(() => {
      write();
      saving.dispose();
    }),
  };
}

/** Shows what stood in the chat when the window ended, however it ended. The focus stays where it is. */
export async function bringBack(
  { read }: Pick<ChatKeeper, "read">,
  composer: Pick<Composer, "isEmpty" | "set">,
  conversation: Pick<Conversation, "open" | "state">,
): Promise<void> {
  const kept = read();
  if (!kept) return;
  if (composer.isEmpty()) composer.set(kept.text, kept.attachments);
  if (kept.threadId === undefined) return;
  await conversation.open(kept.threadId);
  // It was deleted meanwhile.
  if (conversation.state().problem?.code === "NOT_FOUND") await conversation.open();
}
