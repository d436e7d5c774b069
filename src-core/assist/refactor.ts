import type { AssistAction } from "./action.ts";
import { rewritePrompt } from "./rewrite.ts";

const system = `You are an expert programmer who changes the structure of code exactly as asked, without changing what it does. You answer with the complete new code in one code block and nothing else.
Change only what the request needs. Never leave anything out.`;

/** Restructures the selection as the user says. */
export const refactor: AssistAction = {
  id: "refactor",
  title: "Refactor selection…",
  verb: "Refactor",
  keybinding: "h",
  role: "code",
  shows: "diff",
  instruction: "required",
  prompt: (context) => rewritePrompt(system, `Request: ${context.instruction}`, context),
};
