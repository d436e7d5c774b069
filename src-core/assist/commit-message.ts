import { type AssistAction, fenced } from "./action.ts";

const system =
  "You write messages of Git commits: a subject of at most 60 characters in the imperative, a blank line, and one or two sentences that say what changes and why. You answer with the message alone.";

/** Writes the commit message of a change, given as a unified diff. */
export const commitMessage: AssistAction = {
  id: "commit-message",
  title: "Write commit message",
  verb: "Commit message",
  on: "change",
  role: "general",
  shows: "card",
  instruction: "none",
  prompt: ({ selection }) => ({
    messages: [
      { role: "system", text: system },
      { role: "user", text: `${fenced(selection, "diff")}\n\nWrite the commit message of this change.` },
    ],
    // Inside a fence, as for code: small models talk around what they are asked for.
    answerPrefix: "```text\n",
    stops: ["\n```"],
  }),
  compose: (answer) => asMessage(answer),
};

const widest = 72;

/** Subject, blank line, body of lines that are not too wide, without the marks that models put around. */
function asMessage(answer: string): string {
  const lines = answer
    .replace(/^```.*\n?|```\s*$/g, "")
    .trim()
    .split("\n")
    .map((line) => line.trim());
  const [first = "", ...rest] = lines;
  const subject = first
    .replace(/^(?:commit message|subject|title)\s*:\s*/i, "")
    .replace(/^["'`*]+|["'`*.]+$/g, "")
    .trim();
  const body = rest
    .join("\n")
    .replace(/^(?:body|description)\s*:\s*/gim, "")
    .trim()
    .split("\n")
    .map(wrapped)
    .join("\n");
  return body === "" ? subject : `${subject}\n\n${body}`;
}

function wrapped(line: string): string {
  const lines: string[] = [];
  for (const word of line.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > widest) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}
