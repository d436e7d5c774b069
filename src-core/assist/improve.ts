import type { EditorAction } from "./action.ts";
import { asAsked, nounOf, rewritePrompt } from "./rewrite.ts";

const tasks = {
  code: "Rewrite this code so that it is shorter and easier to read. It must do exactly the same, with the same names.",
  text: "Rewrite this text so that it is correct, clear and easy to read. It must say exactly the same.",
};

/** Rewrites the selection so that it is better, or as the instruction says. */
export const improve: EditorAction = {
  id: "improve",
  title: "Improve selection",
  verb: "Improve",
  on: "code",
  keybinding: "g",
  role: "code",
  shows: "diff",
  instruction: "optional",
  prompt: (context) => rewritePrompt(context.instruction === "" ? tasks[nounOf(context)] : asAsked(context), context),
};
