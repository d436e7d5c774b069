import { describeError } from "#core/base/errors";
import { takesLong } from "#core/base/takes-long";
import { attachmentName } from "#core/chat/prompt";
import { fileSpokenOf } from "#core/chat/spoken-of";
import type { ChatEvent } from "#core/contracts/chat";
import type { Attachment } from "#core/contracts/message-context";
import type { Settings } from "#core/settings/schema";
import type { FoundForChat, ProjectForChat } from "#engine/project/for-chat";
import type { SessionRecorder } from "#engine/sessions/recorder";

/** What {@link createProjectLookup} needs; the first two where the project is looked through. */
export interface ProjectLookupOptions extends Partial<ProjectForChat> {
  readonly settings: { current(workspace?: string): Settings };
}

/** What an answer is about. */
interface About {
  readonly workspace: string | undefined;
  /** All that the thread was shown. */
  readonly attachments: readonly Attachment[];
  readonly isAboutProject: boolean;
}

/** What was found, and a sentence about what was not given to the model; empty for nothing. */
interface Findings extends FoundForChat {
  readonly note: string;
}

/** What is looked up in the project before and after an answer about it. */
export interface ProjectLookup {
  /** What is found for a question. Nothing found is no reason not to answer. */
  findings(
    question: { readonly text: string; readonly workspace?: string },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChatEvent, Findings, void>;
  /** What an answer names is looked up afterwards. That it cannot be looked up says nothing about the answer. */
  doubts(answer: string, about: About, recorder: SessionRecorder): AsyncGenerator<ChatEvent, void, void>;
}

/** Tokens of what is found in the project: a share of the model's window. */
const findingsShare = 0.2;
/** Places without room that are named; of the others only the number is said. */
const mostNamed = 3;

/** Nothing was looked for. */
export const noFindings: Findings = { attachments: [], leftOut: [], complete: true, note: "" };

/** Creates a {@link ProjectLookup}. */
export function createProjectLookup({ find, check, settings }: ProjectLookupOptions): ProjectLookup {
  return {
    async *findings({ text, workspace }, signal) {
      if (!find || workspace === undefined) return noFindings;
      const tokens = Math.floor(settings.current(workspace)["localcoder.inference.contextSize"] * findingsShare);
      const looking = find(workspace, text, tokens);
      if (await takesLong(looking)) yield { type: "waiting", reason: "Looking in the project." };
      try {
        const found = await looking;
        return { ...found, note: noteOn(found, tokens) };
      } catch (error) {
        if (signal?.aborted) throw error;
        yield {
          type: "notice",
          code: describeError(error).code,
          message: `The project could not be searched: ${describeError(error).message}`,
        };
        return noFindings;
      }
    },
    async *doubts(answer, { workspace, attachments, isAboutProject }, recorder) {
      if (!check || workspace === undefined) return;
      const spokenOf = { file: fileSpokenOf(attachments), names: isAboutProject };
      const found = await check(workspace, answer, spokenOf).catch(() => []);
      if (found.length === 0) return;
      const message = found.join("\n");
      recorder.add("note", message);
      yield { type: "notice", code: "NOT_FOUND", message };
    },
  };
}

function noteOn({ leftOut, complete }: FoundForChat, tokens: number): string {
  const parts: string[] = [];
  if (leftOut.length > 0) {
    const named = leftOut.slice(0, mostNamed).map(({ path, from, to }) => attachmentName({ kind: "found", path, from, to, text: "" }));
    const places = leftOut.length === 1 ? "1 more place was found and has" : `${leftOut.length} more places were found and have`;
    parts.push(
      `${places} no room in the ${tokens} tokens for what is found: ${named.join("; ")}${leftOut.length > named.length ? "; …" : "."}`,
    );
  }
  if (!complete) parts.push("The project is still being read, so more may be found later.");
  return parts.join(" ");
}
