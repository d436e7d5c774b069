import { type Command, type Invocation, UsageError } from "../command.ts";
import { workspaceAround } from "../document.ts";
import { askOpinion, askOptions } from "./chat/ask.ts";
import { chatOrExecute } from "./chat/chat.ts";
import { chatJson, noteFacts } from "./chat/execute.ts";
import { runPart, sharedOptions, sharedParts, sharedUsage } from "./history/parts.ts";
import { replay, replayOptions } from "./history/replaying.ts";
import { completeId, type Scope } from "./history/scope.ts";

const scope: Scope = { command: "threads", noun: "thread", kind: "chat" };

/** `localcoder threads`: the sessions that are conversations. */
export const threads: Command = {
  name: "threads",
  summary: "List conversations, go on with them, and change them",
  usage: [
    'threads new ["MESSAGE"] [-x] [-l LABEL] [-m MODE]',
    'threads continue [ID] ["MESSAGE"] [-x]',
    "threads handoff ID [GOAL...]",
    "threads opinion ID",
    ...sharedUsage("threads"),
    "threads replay ID [--with MODEL]",
  ],
  options: { ...sharedOptions, ...askOptions, ...replayOptions, label: sharedOptions.label as Command["options"][string] },
  examples: [
    ["localcoder threads", "lists conversations, newest first"],
    ["localcoder threads continue", "goes on with the latest one of this project"],
    ['localcoder threads continue 3f2a -x "and the tests?"', "asks one thing more in a thread"],
    ["localcoder threads share 3f2a", "writes a page that can be sent to somebody; nothing is uploaded"],
  ],
  run: (invocation) => runPart(invocation, scope, { ...sharedParts, new: begin, continue: goOn, handoff, opinion, replay }),
};

function begin(invocation: Invocation, _scope: Scope, words: readonly string[]): Promise<number | undefined> {
  return chatOrExecute(invocation, words);
}

async function goOn(invocation: Invocation, _scope: Scope, words: readonly string[]): Promise<number | undefined> {
  const [first, ...rest] = words;
  // What cannot be the beginning of an id is the message.
  if (first !== undefined && /^[0-9a-f][0-9a-f-]{2,35}$/.test(first)) {
    return chatOrExecute(invocation, rest, await completeId(invocation, scope, first));
  }
  const { sessions } = await invocation.client();
  const [latest] = await sessions.list({ kind: "chat", workspace: await workspaceAround(process.cwd()), limit: 1 });
  if (!latest) throw new UsageError("There is no thread of this project yet: localcoder chat begins one.");
  return chatOrExecute(invocation, words, latest.id);
}

/** Has another model answer the last question of a thread as well. */
async function opinion(invocation: Invocation, _scope: Scope, [id]: readonly string[]): Promise<undefined> {
  const { signal, terminal } = invocation;
  if (id === undefined) throw new UsageError("threads opinion takes the id of a thread.");
  const text = (piece: string) => {
    if (terminal.interactive) terminal.write(piece);
  };
  const answer = await askOpinion(invocation, await completeId(invocation, scope, id), { text }, signal);
  if (terminal.json) terminal.printJson(chatJson(answer));
  else if (terminal.interactive) terminal.write("\n");
  else terminal.print(answer.text);
  noteFacts(invocation, answer);
  return undefined;
}

/** Begins a new thread with what matters of an old one. */
async function handoff(invocation: Invocation, _scope: Scope, [id, ...goal]: readonly string[]): Promise<undefined> {
  const { client, signal, terminal } = invocation;
  if (id === undefined) throw new UsageError("threads handoff takes the id of a thread, and what the new one is for.");
  const { chat } = await client();
  const threadId = await completeId(invocation, scope, id);
  for await (const event of await chat.handoff({ threadId, goal: goal.join(" "), model: invocation.value("with") }, { signal })) {
    if (event.type === "waiting") terminal.progress(event.reason);
    else if (event.type === "reading") terminal.progress(`reading ${Math.floor((event.evaluated / Math.max(1, event.total)) * 100)} %`);
    else if (event.type === "text" && terminal.interactive) terminal.write(event.text);
    else if (event.type === "notice") terminal.note(event.message);
    else if (event.type === "finished") {
      terminal.progress("");
      if (terminal.json) terminal.printJson(chatJson(event.answer));
      else {
        if (terminal.interactive) terminal.write("\n");
        terminal.print(event.answer.threadId);
        terminal.note(`localcoder threads continue ${event.answer.threadId.slice(0, 8)} goes on there.`);
      }
    }
  }
}
