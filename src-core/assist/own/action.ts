import { type AssistAction, fenced, type PromptContext, surroundingParts } from "../action.ts";
import { rewritePrompt } from "../rewrite.ts";
import type { OwnActionText } from "./parse.ts";

const forCards = "You are an expert programmer. You answer in Markdown. Say only what the code shows. Be brief.";

/** The action that a Markdown file describes. `id` is what it is called by. */
export function ownAction(id: string, { title, shows, role, instruction, prompt }: OwnActionText): AssistAction {
  return {
    id,
    title,
    verb: title,
    on: "code",
    role,
    shows,
    instruction,
    prompt(context) {
      const task = filledIn(prompt, context);
      // Where the file does not say where the code stands, it stands first: small models follow best what they read last.
      const taskHasCode = /\{\{\s*selection\s*\}\}/.test(prompt);
      if (shows === "diff") return rewritePrompt(task, context, { taskHasCode });
      const code = taskHasCode ? [] : [...surroundingParts(context, "code"), fenced(context.selection, context.languageId)];
      return {
        messages: [
          { role: "system", text: forCards },
          { role: "user", text: [...code, task].join("\n\n") },
        ],
        answerPrefix: "",
        stops: [],
      };
    },
  };
}

/** Fills the places of a prompt in. What is filled in is not looked at again: code may contain such marks itself. */
function filledIn(prompt: string, context: PromptContext): string {
  const values: Readonly<Record<string, string>> = {
    selection: `\n${fenced(context.selection, context.languageId)}\n`,
    path: context.path,
    language: context.languageId,
    instruction: context.instruction,
    before: context.before,
    after: context.after,
    problems: context.problems.map((problem) => `- ${problem}`).join("\n"),
  };
  return prompt.replace(/\{\{\s*(\w+)\s*\}\}/g, (all, name: string) => values[name] ?? all);
}
