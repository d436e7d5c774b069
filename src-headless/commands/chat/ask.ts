import { UserError } from "#core/base/errors";
import type { ChatAnswer, ChatEvent, ChatMode, ChatRequest } from "#core/contracts/chat";
import { formatBytes } from "#core/models/format";
import type { Invocation, Option } from "../../command.ts";
import { decodeText, workspaceAround } from "../../document.ts";
import { untilAborted } from "../../lines.ts";
import { answeredBy, answeredByOptions } from "../answered-by.ts";
import { tellProgress } from "../tell-progress.ts";

/** The options of everything that asks. */
export const askOptions: Readonly<Record<string, Option>> = {
  execute: { description: "Answer one message, print the answer and end", short: "x" },
  ...answeredByOptions,
  label: { description: "A label for the thread", value: "LABEL", short: "l" },
  "stream-json": { description: "With -x: one JSON object a line, in the shape of amp's command line" },
  "stream-json-input": { description: "With --stream-json: messages come on the input, one JSON object a line" },
  "stream-json-thinking": { description: "As --stream-json, with what a model thinks before it answers" },
};

/** The largest text that is read from a pipe, in bytes. */
const mostPiped = 4_000_000;
/** Nothing came on the input for so long: the person should know what is waited for. */
const silentMilliseconds = 3000;

/** How a message is to be answered. */
export interface Wish {
  readonly threadId?: string;
  readonly mode?: ChatMode;
  readonly model?: string;
  readonly workspace: string;
}

/** Reads the options that say how. */
export async function readWish(invocation: Invocation, threadId?: string): Promise<Wish> {
  return {
    ...(threadId !== undefined && { threadId }),
    ...answeredBy(invocation),
    workspace: await workspaceAround(process.cwd()),
  };
}

/** What happens while a message is answered. */
export interface Hearing {
  started?(threadId: string): void;
  text?(text: string): void;
}

type Asking = Pick<Invocation, "client" | "terminal" | "value">;

/** Sends a message and waits for its answer; says meanwhile what goes on. */
export async function send(invocation: Asking, request: ChatRequest, hearing: Hearing, signal: AbortSignal): Promise<ChatAnswer> {
  const { chat } = await invocation.client();
  return hear(invocation, await chat.send(request, { signal }), hearing, signal);
}

/** Says what another model would take for the last question of a thread, and has it answer. */
export async function askOpinion(invocation: Asking, threadId: string, hearing: Hearing, signal: AbortSignal): Promise<ChatAnswer> {
  const { chat } = await invocation.client();
  const { model, place, seconds, bytes, isLoaded } = await chat.opinionExpectation({ threadId }, { signal });
  const cost = [
    `${model} on ${place}`,
    isLoaded ? "in memory already" : bytes !== undefined && `${formatBytes(bytes)} to load`,
    seconds === undefined ? "not measured yet" : `about ${Math.max(1, Math.round(seconds))} s`,
  ].filter(Boolean);
  invocation.terminal.note(`Second opinion: ${cost.join(", ")}. Ctrl-C stops it.`);
  return hear(invocation, await chat.secondOpinion({ threadId }, { signal }), hearing, signal);
}

/** Begins a new thread with notes and files of another one; what it begins with is its answer. */
export async function handOff(
  invocation: Asking,
  request: { readonly threadId: string; readonly goal: string; readonly model?: string | undefined },
  hearing: Hearing,
  signal: AbortSignal,
): Promise<ChatAnswer> {
  const { chat } = await invocation.client();
  return hear(invocation, await chat.handoff(request, { signal }), hearing, signal);
}

async function hear(invocation: Asking, events: AsyncIterable<ChatEvent>, hearing: Hearing, signal: AbortSignal): Promise<ChatAnswer> {
  const { sessions } = await invocation.client();
  const { terminal } = invocation;
  let model = "";
  let answer: ChatAnswer | undefined;
  for await (const event of events) {
    switch (event.type) {
      case "started": {
        model = event.model;
        hearing.started?.(event.threadId);
        await addLabel(event.threadId);
        terminal.progress(`${model}: starting`);
        break;
      }
      case "waiting":
      case "reading":
      case "notice":
        tellProgress(terminal, model, event);
        break;
      case "text":
        hearing.text?.(event.text);
        break;
      case "finished":
        answer = event.answer;
        break;
    }
  }
  terminal.progress("");
  if (answer === undefined) throw new Error("The answer ended without its last part.");
  return answer;

  async function addLabel(id: string): Promise<void> {
    const label = invocation.value("label");
    if (label === undefined || id === "") return;
    const { session } = await sessions.show({ id }, { signal });
    await sessions.update({ id, labels: [...new Set([...(session.labels ?? []), label])] }, { signal });
  }
}

/** What is piped in; empty when nothing is. */
export async function readPiped({ input, inputIsPiped, signal, terminal }: Invocation): Promise<string> {
  if (!inputIsPiped) return "";
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // A program that was started without an input of its own may have one that never ends.
  const silent = setTimeout(
    () => terminal.note("Reading the input until it ends; add </dev/null where there is none."),
    silentMilliseconds,
  );
  try {
    for await (const piece of untilAborted(input, signal)) {
      clearTimeout(silent);
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > mostPiped)
        throw new UserError(
          "TOO_LARGE",
          `More than ${mostPiped / 1e6} MB are piped in.`,
          "No model can read that: pipe the part you ask about.",
        );
    }
  } finally {
    clearTimeout(silent);
  }
  const decoded = decodeText(Buffer.concat(pieces));
  if (decoded === undefined) throw new UserError("UNSUPPORTED", "What is piped in is no text.", "Pipe in what a person could read.");
  return decoded.text;
}

/** A question with what was piped in beside it; that alone is the question where nothing else was said. */
export function messageOf(question: string, piped: string): Pick<ChatRequest, "text" | "attachments"> {
  if (piped.trim() === "") return { text: question };
  if (question.trim() === "") return { text: piped };
  const isChange = /^(?:diff --git |--- \S)/m.test(piped);
  return {
    text: question,
    attachments: [
      { kind: isChange ? "changes" : "text", path: isChange ? "" : "input", text: piped, ...(isChange && { languageId: "diff" }) },
    ],
  };
}
