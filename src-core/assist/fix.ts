import { type EditorAction, fenced, type PromptContext } from "./action.ts";
import { rewritePrompt } from "./rewrite.ts";

/** Repairs the selection: the problems that stand there, what the user pasted, or what the model finds. */
export const fix: EditorAction = {
  id: "fix",
  title: "Fix selection",
  verb: "Fix",
  on: "code",
  keybinding: "shift+f",
  role: "code",
  shows: "diff",
  instruction: "optional",
  takesProblems: true,
  prompt: (context) => rewritePrompt(`${taskOf(context)} Change only what is needed and keep everything else as it is.`, context),
};

function taskOf({ problems, instruction }: PromptContext): string {
  const told = instruction.includes("\n") ? `It fails with:\n${fenced(instruction, "plaintext")}\n` : instruction && `${instruction}\n`;
  if (problems.length > 0)
    return `${told}Fix ${problems.length === 1 ? "this problem" : "these problems"} in the code:\n${problems.map((problem) => `- ${problem}`).join("\n")}\n`;
  return told === "" ? "There is a mistake in this code. Find it and fix it." : `${told}Find the cause in the code and fix it.`;
}
