import { describeError } from "#core/base/errors";
import { readCommand } from "#core/chat/commands";
import type { Invocation } from "../../command.ts";
import { table } from "../../terminal.ts";
import { completeId } from "../history/scope.ts";
import type { Follower } from "./follow.ts";
import type { Conversation } from "./interactive.ts";

/** What asks a model, and is shown as an answer. */
export interface SlashAnswers {
  answer(text: string): Promise<void>;
  opinion(): Promise<void>;
  handoff(goal: string): Promise<void>;
  /** True for words that say what they are about, by a name or by what is pasted. */
  brings(words: string): boolean;
}

const help: readonly (readonly [string, string])[] = [
  ["/explain, /fix, /test", "ask that of what follows, as in /explain #file:src/cart.ts:3-9"],
  ["/new", "begin a new thread"],
  ["/threads", "list the latest threads"],
  ["/session ID", "go to a thread"],
  ["/branch", "go on in a copy of this thread"],
  ["/handoff GOAL", "begin a new thread with notes and files of this one"],
  ["/rush, /smart, /auto", "answer with the smallest model, with the largest that fits, or as chosen; a question may follow"],
  ["/opinion", "have another model answer the last question as well"],
  ["/model ID", "answer with one model"],
  ["/models", "list the models on this machine"],
  ["/connect", "say how to use a model server, such as Ollama"],
  ["/status", "say what answers and how long it takes"],
  ["/rename NAME", "give this thread another name"],
  ["/quit", "leave"],
  ["#file:NAME, #folder:NAME", "in a question: show the model a file, or lines of it (#file:src/cart.ts:3-9), or a list of files"],
  ["#symbol:NAME, #changes", "in a question: show it a definition, or what is not committed yet"],
  ["(pasted lines)", "in a question: show it what several pasted lines say; Enter sends them with what is typed"],
];

/** Does what a line with a slash says; a failure is told and the conversation goes on. */
export async function runSlash(
  invocation: Invocation,
  line: string,
  state: Conversation,
  follower: Follower,
  answers: SlashAnswers,
): Promise<"leave" | undefined> {
  const [command = "", ...words] = line.slice(1).trim().split(/\s+/);
  try {
    return await run(invocation, command.toLowerCase(), words, state, follower, answers);
  } catch (error) {
    const { message, hint } = describeError(error);
    invocation.terminal.note(message);
    if (hint !== undefined) invocation.terminal.note(`  ${hint}`);
    return undefined;
  }
}

async function run(
  invocation: Invocation,
  command: string,
  words: readonly string[],
  state: Conversation,
  follower: Follower,
  answers: SlashAnswers,
): Promise<"leave" | undefined> {
  const { client, terminal } = invocation;
  const say = (lines: readonly (readonly string[])[]) => {
    for (const text of table(lines)) terminal.print(text);
  };
  switch (command) {
    case "quit":
    case "exit":
      return "leave";
    case "help":
      say(help);
      return undefined;
    case "new":
      state.threadId = undefined;
      follower.leave();
      terminal.note("A new thread begins with the next message.");
      return undefined;
    case "explain":
    case "fix":
    case "test": {
      const rest = words.join(" ");
      if (state.threadId === undefined && !answers.brings(rest))
        terminal.note(`Say what it is about: /${command} #file:src/cart.ts, with :3-9 for lines of it, or paste it behind.`);
      else await answers.answer(readCommand(`/${command} ${rest}`)?.command?.asks?.(rest) ?? rest);
      return undefined;
    }
    case "free":
    case "rush":
    case "smart":
      state.mode = command === "smart" ? "smart" : "rush";
      state.model = undefined;
      if (words.length === 0) return status();
      await answers.answer(words.join(" "));
      return undefined;
    case "auto":
      state.mode = undefined;
      state.model = "auto";
      return status();
    case "mode":
      return run(invocation, words[0] ?? "status", [], state, follower, answers);
    case "model":
      if (words.length === 0) terminal.note("Name a model: /models lists them.");
      else {
        state.model = words.join(" ");
        terminal.note(`${state.model} answers from now on.`);
      }
      return undefined;
    case "models":
      if (words.length > 0) return run(invocation, "model", words, state, follower, answers);
      say((await (await client()).models.list()).filter(({ state: at }) => at === "ready").map(({ id, name }) => [id, name]));
      return undefined;
    case "opinion":
      await answers.opinion();
      return undefined;
    case "handoff":
      await answers.handoff(words.join(" "));
      return undefined;
    case "branch":
      if (state.threadId === undefined) terminal.note("There is no thread yet to go on from.");
      else {
        state.threadId = (await (await client()).chat.branch({ threadId: state.threadId })).threadId;
        await follower.seen(state.threadId);
        terminal.note("This goes on in a copy of the thread.");
      }
      return undefined;
    case "remember":
      terminal.note("localcoder memory add TEXT keeps what each new thread is to know.");
      return undefined;
    case "connect":
      terminal.note("localcoder servers lists model servers on this machine; localcoder servers add ADDRESS takes another one.");
      return undefined;
    case "status":
      return status();
    case "threads":
    case "sessions":
      say((await (await client()).sessions.list({ kind: "chat", limit: 20 })).map(({ id, title }) => [id.slice(0, 8), title]));
      return undefined;
    case "session":
    case "thread":
      if (words[0] === undefined) terminal.note("Name a thread: /threads lists them.");
      else {
        state.threadId = await completeId(invocation, { command: "threads", noun: "thread", kind: "chat" }, words[0]);
        await follower.show(state.threadId);
      }
      return undefined;
    case "rename":
      if (state.threadId === undefined || words.length === 0) terminal.note("Say the name of a thread that has begun.");
      else await (await client()).sessions.update({ id: state.threadId, title: words.join(" ") });
      return undefined;
    default:
      terminal.note(`There is no /${command}. /help lists what there is.`);
      return undefined;
  }

  async function status(): Promise<undefined> {
    const found = await (await client()).chat.expectations({});
    const named = state.model === "auto" ? undefined : state.model;
    if (named !== undefined) terminal.print(`* ${named}`);
    say(
      found.map(({ mode, model, place, seconds }) => [
        named === undefined && (state.mode ?? "auto") === mode ? `* ${mode}` : `  ${mode}`,
        model,
        place,
        seconds === undefined ? "not measured yet" : `about ${Math.max(1, Math.round(seconds))} s`,
      ]),
    );
    return undefined;
  }
}
