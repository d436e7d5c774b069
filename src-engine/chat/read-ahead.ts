import { chatMessages, isExcluded, type Turn } from "#core/chat/prompt";
import type { Attachment } from "#core/contracts/message-context";
import type { Settings } from "#core/settings/schema";
import type { Inference } from "#engine/inference/host";
import { type ChatModels, modelOf, wishOf } from "./answerer.ts";
import type { Message } from "./chat.ts";
import type { ProjectChooser } from "./project-choice.ts";
import type { ThreadState } from "./thread.ts";

/** What {@link readAhead} needs. */
export interface ReadAheadOptions {
  readonly inference: Pick<Inference, "preload" | "readAhead">;
  readonly models: ChatModels;
  readonly settings: { current(workspace?: string): Settings };
  readonly remembered: ((workspace: string | undefined) => Promise<readonly Attachment[]>) | undefined;
  readonly byRules: ProjectChooser["byRules"];
  readonly signal: AbortSignal | undefined;
}

/** Has the model read what the answer to an unfinished message will begin with: the thread, what is attached, and the words so far. */
export async function readAhead(
  message: Message,
  state: ThreadState,
  { inference, models, settings, remembered, byRules, signal }: ReadAheadOptions,
): Promise<{ readonly evaluated: number }> {
  const { workspace, text } = message;
  if (!settings.current(workspace)["localcoder.chat.readAhead"]) return { evaluated: 0 };
  const wish = wishOf(message, state.wish);
  const model = await modelOf(wish, models, { workspace });
  await inference.preload(model, "general");
  const known = state.turns.length === 0 ? ((await remembered?.(workspace)) ?? []) : [];
  // What is found in the project will stand before the words.
  const choice = await byRules({ ...message, mode: wish.mode });
  const attachments = [...known, ...message.attachments].filter((one) => !isExcluded(one, message.exclude));
  const question: Turn = { id: state.next, role: "user", text: choice?.search ? "" : text, attachments };
  const messages = chatMessages(state.system, [...state.turns, question], state.compaction);
  return inference.readAhead(model, "general", { messages }, signal);
}
