import { type ChangedFile, changedFiles } from "../git/changed-files.ts";
import { type AssistAction, fenced } from "./action.ts";
import { filesLeftOut, isUntrue, namesAll } from "./commit-claims.ts";
import { clauseOf, fileLines, subjectOf, widest } from "./commit-facts.ts";

const system =
  "You write messages of Git commits: a subject of at most 60 characters in the imperative, a blank line, and one or two sentences that say what changes and why. You answer with the message alone.";

/** Writes the commit message of a change, given as a unified diff. What it does to which file is found by code, and the answer held to it. */
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
      { role: "user", text: `${fenced(selection, "diff")}\n\n${factsOf(changedFiles(selection))}Write the commit message of this change.` },
    ],
    // Inside a fence, as for code: small models talk around what they are asked for.
    answerPrefix: "```text\n",
    stops: ["\n```"],
  }),
  compose: (answer, { selection }) => asMessage(answer, selection),
};

/** A single file speaks for itself; of several a small model sees only the first. Numbers of lines it would only say back. */
function factsOf(files: readonly ChangedFile[]): string {
  return files.length < 2 ? "" : `It changes ${files.length} files:\n${fileLines(files, false).join("\n")}\n\n`;
}

/** Subject, blank line, body of lines that are not too wide, without the marks that models put around; true of the whole change. */
function asMessage(answer: string, diff: string): string {
  const files = changedFiles(diff);
  const lines = answer
    .replace(/^```.*\n?|```\s*$/g, "")
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => !isAboutOneFile(line, files));
  const [first = "", ...rest] = lines.join("\n").trim().split("\n");
  const written = first
    .replace(/^(?:commit message|subject|title)\s*:\s*/i, "")
    .replace(/^["'`*]+|["'`*.]+$/g, "")
    .trim();
  const body = rest
    .join("\n")
    .replace(/^(?:body|description)\s*:\s*/gim, "")
    .trim();
  if (files.length === 0 || answer.trim() === "") return withBody(written, [body]);
  const told = body
    .split("\n")
    .filter((line) => !isUntrue(line, files, diff))
    .join("\n");
  const subject = subjectFor(written, files, diff);
  const isKept = subject.startsWith(written) || isUntrue(written, files, diff);
  const paragraphs = isKept ? [told] : [`${written}.`, told];
  const isTold = files.length < 2 || namesAll(`${written}\n${told}`, files);
  return withBody(subject, isTold ? paragraphs : [...paragraphs, fileLines(files, true).join("\n")]);
}

/** True for "src/cart.ts: add total": what is done file by file is said by code, which knows it. */
function isAboutOneFile(line: string, files: readonly ChangedFile[]): boolean {
  return files.some(({ path }) =>
    line
      .replace(/^[-*] /, "")
      .replaceAll("`", "")
      .startsWith(`${path}:`),
  );
}

/** The subject as it was written, as far as it is short and true of all files; else with what it leaves out, shorter, or by rule. */
function subjectFor(written: string, files: readonly ChangedFile[], diff: string): string {
  if (written === "" || isUntrue(written, files, diff)) return subjectOf(files);
  const leftOut = filesLeftOut(written, files);
  if (leftOut.length === 0) return written.length <= widest ? written : (shortened(written) ?? subjectOf(files));
  const longer = `${written}, ${clauseOf(leftOut)}`;
  return longer.length <= widest ? longer : subjectOf(files);
}

/** A sentence up to where its next part begins, which is to be long enough to say something. */
function shortened(sentence: string): string | undefined {
  const ends = Array.from(
    sentence.matchAll(/[,;:]? (?:and|so that|before|after|when|which|because|by|for|in|to)\b|[,;:] /g),
    ({ index }) => index,
  );
  const end = ends.findLast((at) => at <= widest);
  return end !== undefined && end >= widest / 3 ? sentence.slice(0, end) : undefined;
}

function withBody(subject: string, paragraphs: readonly string[]): string {
  return [subject, ...paragraphs.filter((text) => text !== "").map((text) => text.split("\n").map(wrapped).join("\n"))].join("\n\n");
}

function wrapped(line: string): string {
  const lines: string[] = [];
  for (const word of line.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (last.length + word.length + 1 > widest) lines.push(line.startsWith("- ") ? `  ${word}` : word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}
