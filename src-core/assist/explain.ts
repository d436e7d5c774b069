import { type EditorAction, fenced, surroundingParts } from "./action.ts";

const system = `You explain code to a programmer who reads it for the first time.
Answer in Markdown: first one sentence that says what the code is for, then a short list of how it works, then what to watch out for, if there is anything.
Name things as the code names them. Say only what the code shows. Be brief.`;

/** Explains the selection in Markdown. */
export const explain: EditorAction = {
  id: "explain",
  title: "Explain selection",
  verb: "Explain",
  on: "code",
  keybinding: "x",
  role: "general",
  shows: "card",
  instruction: "none",
  prompt(context) {
    const { path, languageId, selection } = context;
    const parts = [...surroundingParts(context, "code"), `Explain this code from ${path}:\n${fenced(selection, languageId)}`];
    return {
      messages: [
        { role: "system", text: system },
        { role: "user", text: parts.join("\n\n") },
      ],
      answerPrefix: "",
      stops: [],
    };
  },
};
