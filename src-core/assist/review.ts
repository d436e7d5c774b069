import { type AssistAction, fenced } from "./action.ts";

const system = `You review a change to code before it is committed.
Answer in Markdown with a short list of what is wrong or risky, the most important first, each with its file and what to do instead: mistakes, cases that are forgotten, names that mislead.
Say only what the change shows. If nothing is wrong, say so in one sentence.`;

/** What Git notes about a file before its lines. Small models take it for a part of the change. */
const remarks = /^(?:diff --git|index|similarity index|dissimilarity index) .*\n/gm;

/** Reviews a change, given as a unified diff. */
export const review: AssistAction = {
  id: "review",
  title: "Review change",
  verb: "Review",
  on: "change",
  role: "general",
  shows: "card",
  instruction: "none",
  prompt: ({ selection }) => ({
    messages: [
      { role: "system", text: system },
      { role: "user", text: `${fenced(selection.replace(remarks, ""), "diff")}\n\nReview this change.` },
    ],
    answerPrefix: "",
    stops: [],
  }),
};
