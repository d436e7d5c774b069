import { describeError } from "#core/base/errors";
import type { Transcript } from "#core/contracts/sessions";
import type { Settings } from "#core/settings/schema";
import { nothingRecorded, type SessionRecorder } from "#engine/sessions/recorder";
import type { Sessions } from "#engine/sessions/sessions";
import { createHiddenHistory } from "./hidden-history.ts";
import { chatKind, emptyThread, stateOf, type ThreadState, turnsOfAction } from "./thread.ts";

/** The part of the history that threads are kept in. */
export type ThreadHistory = Pick<Sessions, "begin" | "resume" | "show" | "branch" | "rewind">;

/** The threads of chat, wherever they are kept: in the history, or in memory where the user keeps none. */
export interface Threads {
  /** A thread or an action of the history, and the history it is in; throws where there is none. */
  find(threadId: string): { readonly history: ThreadHistory; readonly found: Transcript };
  /** Begins a thread; where no history is kept, in memory. */
  begin(
    title: string,
    workspace: string | undefined,
    model: Parameters<Sessions["begin"]>[0]["model"],
    state: ThreadState,
  ): SessionRecorder;
  /** Goes on with a thread. An action of the history becomes one: its answer is the first. */
  goOn(threadId: string): { readonly recorder: SessionRecorder; readonly state: ThreadState; readonly title: string };
  /** Copies what was asked and answered by an action into a thread of its own; answers the id of that. */
  fromAction(found: Transcript): string;
  dispose(): void;
}

/** Creates the {@link Threads} of a chat. */
export function createThreads(sessions: ThreadHistory, settings: { current(workspace?: string): Settings }): Threads {
  const hidden = createHiddenHistory(settings);

  function find(threadId: string): ReturnType<Threads["find"]> {
    const quiet = hidden.opened();
    try {
      return { history: sessions, found: sessions.show(threadId) };
    } catch (error) {
      if (!quiet || describeError(error).code !== "NOT_FOUND") throw error;
      return { history: quiet, found: quiet.show(threadId) };
    }
  }

  function goOn(threadId: string): ReturnType<Threads["goOn"]> {
    const { history, found } = find(threadId);
    if (found.session.kind === chatKind) return { recorder: history.resume(threadId), state: stateOf(found), title: found.session.title };
    return goOn(fromAction(found));
  }

  function fromAction(found: Transcript): string {
    const { title, workspace, path, lines: at, model, provider } = found.session;
    const { question, answer: text } = turnsOfAction(found);
    const recorder = sessions.begin({
      ...{ title, kind: chatKind, workspace, path, lines: at, model, provider },
      messages: [
        { role: "system", text: emptyThread.system },
        { role: "user", text: question },
        { role: "assistant", text },
      ],
    });
    recorder.finish("done");
    return recorder.id;
  }

  return {
    find,
    begin(title, workspace, model, state) {
      const session = { title, kind: chatKind, workspace, model, messages: [{ role: "system" as const, text: state.system }] };
      const recorder = sessions.begin(session);
      return recorder === nothingRecorded ? hidden.open().begin(session) : recorder;
    },
    goOn,
    fromAction,
    dispose: () => hidden.dispose(),
  };
}
