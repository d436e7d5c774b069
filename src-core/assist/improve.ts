import type { AssistAction } from "./action.ts";
import { asAsked, rewritePrompt } from "./rewrite.ts";

const task = "Rewrite this code so that it is shorter and easier to read. It must do exactly the same, with the same names.";

/** Rewrites the selection so that it is better, or as the instruction says. */
export const improve: AssistAction = {
  id: "improve",
  title: "Improve selection",
  verb: "Improve",
  keybinding: "g",
  role: "code",
  shows: "diff",
  instruction: "optional",
  prompt: (context) => rewritePrompt(context.instruction === "" ? task : asAsked(context.instruction), context),
};
