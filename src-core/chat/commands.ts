import { mentionsOf } from "./mentions.ts";

/** A command that is typed in place of a message. */
export interface ChatCommand {
  readonly name: string;
  /** What it does, for the list that opens with "/". */
  readonly about: string;
  /** What may follow it; empty for nothing. */
  readonly takes: string;
  /** Where it becomes a message: what the model is asked, with what followed the command. */
  readonly asks?: (rest: string) => string;
}

const also = (rest: string) => (rest === "" ? "" : ` ${rest}`);

/** What a message that a command made would be called, with what was said beside it: "Fix: the sum is wrong"; undefined for another message. */
export function commandTitle(text: string, about: string): string | undefined {
  for (const { name, asks } of chatCommands) {
    if (!asks) continue;
    const verb = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
    const title = about === "" ? verb : `${verb} ${about}`;
    if (text === asks("")) return title;
    const [before = "", after = ""] = asks("\0").split("\0");
    if (!text.startsWith(before) || !text.endsWith(after)) continue;
    // What it names stands in the title already.
    const said = text.slice(before.length, text.length - after.length);
    const rest = mentionsOf(said)
      .reduce((left, mention) => left.replace(mention.text, ""), said)
      .trim();
    return rest === "" ? title : `${title}: ${rest}`;
  }
  return undefined;
}

/** Every command of the chat view. */
export const chatCommands: readonly ChatCommand[] = [
  {
    name: "explain",
    about: "Explain the selection or what is attached",
    takes: "what matters most",
    asks: (rest) => `Explain what this code does and how, first in one sentence, then the steps.${also(rest)}`,
  },
  {
    name: "fix",
    about: "Find what is wrong and propose a correction",
    takes: "what goes wrong",
    asks: (rest) =>
      rest === ""
        ? "Find what is wrong in this code and show it corrected, whole functions only."
        : `Something is wrong in this code: ${rest}\nFind the cause and show the code corrected, whole functions only.`,
  },
  {
    name: "test",
    about: "Write tests",
    takes: "what to test",
    asks: (rest) => `Write tests for this code, with the usual cases and the edges.${also(rest)}`,
  },
  { name: "new", about: "Begin a new thread", takes: "" },
  { name: "session", about: "Go on with another thread", takes: "words of its title" },
  { name: "branch", about: "Go on in a copy of this thread", takes: "" },
  { name: "handoff", about: "Begin a new thread with a summary of this one and its files", takes: "what comes next" },
  { name: "opinion", about: "Have another model answer the last question as well", takes: "" },
  { name: "models", about: "Choose the model that answers in this thread", takes: "a model, or auto" },
  { name: "mode", about: "Say how much time an answer may take", takes: "rush, smart or auto" },
  { name: "rush", about: "Answer with the smallest model, at once", takes: "a question" },
  { name: "smart", about: "Answer with the largest model that fits, and look in the project first", takes: "a question" },
  { name: "remember", about: "Say what each new thread is to know, or see what it knows", takes: "what to know" },
  { name: "connect", about: "Use a model server, such as Ollama", takes: "" },
  { name: "theme", about: "Choose the colours of the window", takes: "" },
  { name: "status", about: "Say what answers here and how long it takes", takes: "" },
  { name: "help", about: "List these commands", takes: "" },
];

/** A line that begins with "/": the command it names, undefined for an unknown one, and what follows. */
export function readCommand(
  text: string,
): { readonly name: string; readonly command: ChatCommand | undefined; readonly rest: string } | undefined {
  // A path at the start of a message is no command.
  const match = /^\/([a-z]+)(?=\s|$)\s*([\s\S]*)$/i.exec(text.trim());
  if (!match) return undefined;
  const [, name = "", rest = ""] = match;
  // Other names that people know for the same.
  const known = { free: "rush", thread: "session", threads: "session", model: "models", clear: "new" }[name.toLowerCase()];
  const wanted = known ?? name.toLowerCase();
  return { name, command: chatCommands.find((one) => one.name === wanted), rest: rest.trim() };
}
