import type { ErrorCode } from "#core/base/errors";
import type { Turn } from "#core/chat/prompt";
import { chatSystem, nothingCompacted } from "#core/chat/prompt";
import type { ChatThread, ChatTurn } from "#core/contracts/chat";
import type { Compaction, MessageContext } from "#core/contracts/message-context";
import type { Message, Session, Transcript } from "#core/contracts/sessions";

/** The kind of the sessions that are threads. */
export const chatKind = "chat";

/** How a thread stands after an answer that did not come to its end. */
export const endStates: Readonly<Partial<Record<ErrorCode, Session["state"]>>> = { STOPPED: "stopped", ENGINE_GONE: "interrupted" };

/** A thread as the next prompt is made of it. */
export interface ThreadState {
  readonly system: string;
  readonly turns: readonly Turn[];
  /** The place of the next turn; places count also those that no model saw. */
  readonly next: number;
  readonly compaction: Compaction;
  /** What the last question was to be answered with. */
  readonly wish: Pick<MessageContext, "mode" | "model">;
}

/** A thread that has not begun. */
export const emptyThread: ThreadState = { system: chatSystem, turns: [], next: 1, compaction: nothingCompacted, wish: {} };

/** Reads what the next prompt is made of out of the history. */
export function stateOf({ messages }: Transcript): ThreadState {
  const refused = new Set(messages.map(({ context }) => context?.refused));
  let count = 0;
  const turns = messages.flatMap(({ role, text, context }): Turn[] => {
    if ((role !== "user" && role !== "assistant") || context?.secondOpinion) return [];
    count += 1;
    return refused.has(count) ? [] : [{ id: count, role, text, attachments: context?.attachments ?? [] }];
  });
  const last = <T>(of: (message: Message) => T | undefined) => messages.map(of).findLast((value) => value !== undefined);
  const said = last(({ role, context }) => (role === "user" ? context : undefined));
  return {
    system: last(({ role, text }) => (role === "system" ? text : undefined)) ?? chatSystem,
    turns,
    next: count + 1,
    compaction: last(({ context }) => context?.compaction) ?? nothingCompacted,
    wish: { mode: said?.mode, model: said?.model },
  };
}

/** A thread as it is shown. */
export function threadOf({ session, messages }: Transcript): ChatThread {
  const { id, title, state, created, updated, workspace } = session;
  const turns = messages.flatMap(({ role, context, details, ...message }): ChatTurn[] => {
    if (role === "system") return [];
    const { id: messageId, text, created: at } = message;
    const facts = details && {
      model: details.model,
      provider: details.provider,
      place: details.place ?? "",
      tokens: details.tokens,
      tokensPerSecond: details.tokensPerSecond ?? 0,
      firstMilliseconds: details.firstMilliseconds ?? 0,
      milliseconds: details.milliseconds,
      stop: details.stop,
    };
    return [
      { id: messageId, role, text, created: at, attachments: context?.attachments ?? [], facts, secondOpinion: context?.secondOpinion },
    ];
  });
  return { id, title, state, created, updated, workspace, turns };
}

/** An action of the history as the beginning of a thread: what was asked and what was answered. */
export function turnsOfAction({ messages }: Transcript): { readonly question: string; readonly answer: string } {
  const last = (role: Message["role"]) => messages.findLast((message) => message.role === role)?.text ?? "";
  return { question: last("user"), answer: last("assistant") };
}
