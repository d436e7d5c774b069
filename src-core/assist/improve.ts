import type { EditorAction } from "./action.ts";
import { asAsked, nounOf, rewritePrompt } from "./rewrite.ts";

const tasks = {
  code: "Rewrite this code so that it is shorter and easier to read. It must do exactly the same, with the same names.",
  text: "Rewrite this text so that it is correct, clear and easy to read. It must say exactly the same.",
};

/** What surely keeps what it does, where more was too much. */
const small = {
  code: "Make one small improvement to this code: clearer names of local variables, or one expression that is simpler. Every condition, number, call and return stays as it is.",
  text: "Correct this text where it is wrong, and leave everything else as it is.",
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
  keepsBehaviour: true,
  prompt: (context) => rewritePrompt(context.instruction === "" ? tasks[nounOf(context)] : asAsked(context), context),
  again: (context) => (context.instruction === "" ? rewritePrompt(small[nounOf(context)], context) : undefined),
};
