import type { AssistAction } from "./action.ts";
import { rewritePrompt } from "./rewrite.ts";

const system = `You are an expert programmer who improves code. You answer with the complete new code in one code block and nothing else.
Keep what the code does, its names and its signatures. Never leave anything out.`;

const task = "Rewrite the code so that it is correct, clear and simple: fix mistakes, remove what is not needed, use the language well.";

/** Rewrites the selection so that it is better, or as the instruction says. */
export const improve: AssistAction = {
  id: "improve",
  title: "Improve selection",
  verb: "Improve",
  keybinding: "g",
  role: "code",
  shows: "diff",
  instruction: "optional",
  prompt: (context) =>
    rewritePrompt(system, context.instruction === "" ? task : `Rewrite the code as asked: ${context.instruction}`, context),
};
