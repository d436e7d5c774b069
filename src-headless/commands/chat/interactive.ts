import { createInterface, type Interface } from "node:readline";
import { describeError } from "#core/base/errors";
import { mentionsOf } from "#core/chat/mentions";
import type { ChatAnswer, ChatMode } from "#core/contracts/chat";
import type { Invocation, Person } from "../../command.ts";
import { noteHistory } from "../notices.ts";
import { askOpinion, type Hearing, handOff, readWish, send } from "./ask.ts";
import { noteFacts } from "./execute.ts";
import { followThread } from "./follow.ts";
import { mentioned } from "./mentioned.ts";
import { createPastes } from "./pastes.ts";
import { runSlash } from "./slash.ts";
import { noteSources } from "./sources.ts";

/** Threads whose questions the arrow keys bring back. */
const rememberedThreads = 20;

/** What a conversation at the terminal is at. */
export interface Conversation {
  threadId: string | undefined;
  mode: ChatMode | undefined;
  model: string | undefined;
}

/**
 * A conversation at the terminal. Ctrl-C stops the answer that is being written; where none is, twice leaves. What is typed
 * meanwhile is asked next. Several lines that are pasted go along with the line they are pasted into.
 */
export async function converse(invocation: Invocation, person: Person, threadId?: string): Promise<undefined> {
  const { signal, terminal } = invocation;
  await noteHistory(invocation);
  const wish = await readWish(invocation, threadId);
  const state: Conversation = { threadId, mode: wish.mode, model: wish.model };
  const pastes = createPastes(person);
  const lines = createInterface({
    input: pastes.input,
    output: person.output,
    prompt: "> ",
    terminal: true,
    history: await questions(invocation, threadId),
    historySize: 500,
  });
  const waiting: string[] = [];
  let wake = () => {};
  let left = false;
  let answering: AbortController | undefined;
  let pressed = false;

  lines.on("line", (line) => {
    pressed = false;
    if (line.trim() !== "") waiting.push(line);
    else if (!answering) lines.prompt();
    wake();
  });
  lines.on("close", () => {
    left = true;
    wake();
  });
  lines.on("SIGINT", () => {
    if (answering) answering.abort();
    else if (pressed) lines.close();
    else {
      pressed = true;
      terminal.note("\nPress Ctrl-C again to leave.");
      lines.prompt();
    }
  });
  signal.addEventListener(
    "abort",
    () => {
      answering?.abort();
      lines.close();
    },
    { once: true },
  );

  const follower = followThread(invocation, () => answering === undefined, lines);
  if (threadId !== undefined) await follower.show(threadId);
  terminal.note(terminal.style("dim", "Ask, or /help. Ctrl-C stops an answer; twice leaves."));
  lines.prompt();
  while (!left) {
    const line = waiting.shift();
    if (line === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    if (line.startsWith("/")) {
      if ((await runSlash(invocation, line, state, follower, { answer, opinion, handoff, brings })) === "leave") break;
    } else await answer(line);
    lines.prompt();
  }
  follower.dispose();
  lines.close();
  pastes.dispose();
  if (state.threadId) terminal.note(`localcoder threads continue ${state.threadId.slice(0, 8)} goes on here.`);
  return undefined;

  function answer(line: string): Promise<void> {
    const { question, pasted } = pastes.read(line);
    const request = { text: question, workspace: wish.workspace, threadId: state.threadId, mode: state.mode, model: state.model };
    return show(async (hearing, stop) => {
      const attachments = await mentioned({ ...invocation, signal: stop }, question, wish.workspace);
      return send(invocation, { ...request, attachments: [...pasted, ...attachments] }, hearing, stop);
    });
  }

  /** True for words that say what they are about. */
  function brings(words: string): boolean {
    return mentionsOf(words).length > 0 || pastes.read(words).pasted.length > 0;
  }

  async function handoff(goal: string): Promise<void> {
    const { threadId } = state;
    if (threadId === undefined) terminal.note("There is nothing to hand on yet.");
    else await show((hearing, stop) => handOff(invocation, { threadId, goal, model: state.model }, hearing, stop));
  }

  async function opinion(): Promise<void> {
    const { threadId } = state;
    if (threadId === undefined) terminal.note("There is no answer yet to have a second opinion on.");
    else await show((hearing, stop) => askOpinion(invocation, threadId, hearing, stop));
  }

  async function show(ask: (hearing: Hearing, signal: AbortSignal) => Promise<ChatAnswer>): Promise<void> {
    answering = new AbortController();
    let shown = "";
    try {
      const hearing = {
        started: (id: string) => {
          if (id !== "") state.threadId = id;
        },
        text: (piece: string) => {
          shown += piece;
          terminal.write(piece);
        },
      };
      const done = await ask(hearing, answering.signal);
      if (shown.trim() !== done.text.trim()) terminal.print(`${shown === "" ? "" : "\n"}${done.text}`);
      else terminal.write("\n");
      await noteSources(invocation, done, wish.workspace);
      noteFacts(invocation, done);
    } catch (error) {
      const { code, message, hint } = describeError(error);
      if (shown !== "") terminal.write("\n");
      terminal.note(answering.signal.aborted || code === "STOPPED" ? "Stopped." : message);
      if (hint !== undefined && !answering.signal.aborted) terminal.note(`  ${hint}`);
    } finally {
      answering = undefined;
      if (state.threadId) await follower.seen(state.threadId).catch(() => {});
    }
  }
}

/** What was asked lately, the newest first, for the arrow keys. It comes out of the history, so it goes with it as well. */
async function questions({ client, signal }: Invocation, threadId: string | undefined): Promise<string[]> {
  const { sessions } = await client();
  const latest = await sessions.list({ kind: "chat", limit: rememberedThreads }, { signal });
  const ids = [...new Set([...(threadId === undefined ? [] : [threadId]), ...latest.map(({ id }) => id)])];
  const found: string[] = [];
  for (const id of ids) {
    const { messages } = await sessions.show({ id }, { signal });
    found.push(
      ...messages
        .filter(({ role, text }) => role === "user" && !text.includes("\n"))
        .map(({ text }) => text)
        .reverse(),
    );
  }
  return [...new Set(found)];
}

/** See {@link converse}: what draws the line that is typed. */
export type Lines = Pick<Interface, "prompt">;
