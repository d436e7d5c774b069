import { describeError } from "#core/base/errors";
import { takesLong } from "#core/base/takes-long";
import type { ChatEvent, ChatMode } from "#core/contracts/chat";
import type { Attachment } from "#core/contracts/message-context";
import type { Settings } from "#core/settings/schema";
import type { SessionRecorder } from "#engine/sessions/recorder";

/** What {@link createProjectLookup} needs; the first two where the project is looked through. */
export interface ProjectLookupOptions {
  /** Places of the project that a question is about, within so many tokens; for smart mode. */
  readonly find?: (workspace: string, question: string, tokens: number, signal?: AbortSignal) => Promise<readonly Attachment[]>;
  /** What an answer names that is not there, each as a sentence. */
  readonly check?: (workspace: string, answer: string) => Promise<readonly string[]>;
  readonly settings: { current(workspace?: string): Settings };
}

/** What is looked up in the project before and after an answer about it. */
export interface ProjectLookup {
  /** What is found for a question. Nothing found is no reason not to answer. */
  findings(
    message: { readonly text: string; readonly workspace?: string },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChatEvent, readonly Attachment[], void>;
  /** What an answer names is looked up afterwards. That it cannot be looked up says nothing about the answer. */
  doubts(answer: string, workspace: string | undefined, recorder: SessionRecorder): AsyncGenerator<ChatEvent, void, void>;
}

/** Tokens of what is found in the project: a share of the model's window. */
const findingsShare = 0.2;

/** True for a question that the project is looked up for: each one of smart mode, and one that says so in any mode. */
export function asksProject(text: string, mode: ChatMode | undefined): boolean {
  return mode === "smart" || /(?<!\S)@project\b/i.test(text);
}

/** Creates a {@link ProjectLookup}. */
export function createProjectLookup({ find, check, settings }: ProjectLookupOptions): ProjectLookup {
  return {
    async *findings({ text, workspace }, signal) {
      if (!find || workspace === undefined) return [];
      const tokens = Math.floor(settings.current(workspace)["localcoder.inference.contextSize"] * findingsShare);
      const looking = find(workspace, text, tokens, signal);
      if (await takesLong(looking)) yield { type: "waiting", reason: "Looking in the project." };
      try {
        return await looking;
      } catch (error) {
        if (signal?.aborted) throw error;
        yield {
          type: "notice",
          code: describeError(error).code,
          message: `The project could not be searched: ${describeError(error).message}`,
        };
        return [];
      }
    },
    async *doubts(answer, workspace, recorder) {
      const found = check && workspace !== undefined ? await check(workspace, answer).catch(() => []) : [];
      if (found.length === 0) return;
      const message = found.join("\n");
      recorder.add("note", message);
      yield { type: "notice", code: "NOT_FOUND", message };
    },
  };
}
