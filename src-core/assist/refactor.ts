import type { EditorAction } from "./action.ts";
import { asAsked, rewritePrompt } from "./rewrite.ts";

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
};
