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
  takesPurpose: true,
  looksAtLines: true,
  takesProblems: true,
  prompt: (context) => rewritePrompt(`${taskOf(context)} Change only what is needed and keep everything else as it is.`, context),
  again: (context) =>
    rewritePrompt(
      `${toldIn(context)}One line of this code is wrong, or one is missing. Write the code again with that line as it must be, and every other line as it is.`,
      context,
    ),
};

function toldIn({ instruction }: PromptContext): string {
  return instruction.includes("\n") ? `It fails with:\n${fenced(instruction, "plaintext")}\n` : instruction && `${instruction}\n`;
}

function taskOf(context: PromptContext): string {
  const { problems } = context;
  const told = toldIn(context);
  if (problems.length > 0)
    return `${told}Fix ${problems.length === 1 ? "this problem" : "these problems"} in the code:\n${problems.map((problem) => `- ${problem}`).join("\n")}\n`;
  return told === "" ? "There is a mistake in this code. Find it and fix it." : `${told}Find the cause in the code and fix it.`;
}
