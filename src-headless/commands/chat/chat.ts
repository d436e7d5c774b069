import type { Command, Invocation } from "../../command.ts";
import { askOptions } from "./ask.ts";
import { execute } from "./execute.ts";
import { converse } from "./interactive.ts";

/** A conversation where somebody types, else one answer: output that goes to a file or a program means execute. */
export function chatOrExecute(invocation: Invocation, words: readonly string[], threadId?: string): Promise<number | undefined> {
  const { has, person } = invocation;
  const asksOnce = has("execute") || has("stream-json") || has("stream-json-thinking") || words.length > 0;
  if (person && !asksOnce) return converse(invocation, person, threadId);
  return execute(invocation, words, threadId);
}

/** `localcoder chat`, and what stands before all commands: `localcoder -x "question"`. */
export const chat: Command = {
  name: "chat",
  summary: "Ask, in a conversation or once",
  usage: ["chat", 'chat "QUESTION"', '-x "QUESTION"'],
  options: askOptions,
  examples: [
    ["localcoder chat", "begins a conversation; /help in it tells more"],
    ['localcoder -x "how is a cart totalled?" -m rush', "prints one answer of the smallest model"],
    ['git diff | localcoder -x "review this"', "asks about what is piped in"],
    ['localcoder -x "what is 2+2?" --stream-json', "prints one JSON object a line"],
  ],
  run: (invocation) => chatOrExecute(invocation, invocation.positionals),
};
