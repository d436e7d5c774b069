import type { EditorAction } from "./action.ts";
import { asAsked, nounOf, rewritePrompt } from "./rewrite.ts";

/** Restructures the selection as the user says. */
export const refactor: EditorAction = {
  id: "refactor",
  title: "Refactor selection…",
  verb: "Refactor",
  on: "code",
  keybinding: "h",
  role: "code",
  shows: "diff",
  instruction: "required",
  keepsBehaviour: true,
  prompt: (context) => rewritePrompt(`Refactor it without changing what it does. ${asAsked(context)}`, context),
  // What surely keeps what it does, where more was too much.
  again: (context) =>
    rewritePrompt(
      `Make one small change to this ${nounOf(context)}, in one place: ${context.instruction.replace(/[.\s]+$/, "")}. Every condition, number, call and return stays as it is.`,
      context,
    ),
};
