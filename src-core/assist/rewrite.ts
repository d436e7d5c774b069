import { fenceFor } from "../edits/fence.ts";
import { type AssistPrompt, fenced, fenceLanguage, type PromptContext } from "./action.ts";

const instructions = "You are an expert programmer. You answer with the complete new code in one code block and nothing else.";

/** What the user asks for, as the task of a prompt. */
export function asAsked(instruction: string): string {
  return `Rewrite this code: ${instruction.replace(/[.\s]+$/, "")}. Keep everything else as it is.`;
}

/**
 * The prompt of an action that rewrites the selection. The answer is made to begin inside a fence and ends with it, so
 * that small models write code at once and cannot talk around it.
 */
export function rewritePrompt(task: string, context: PromptContext): AssistPrompt {
  const { path, languageId, selection, before, after } = context;
  const fence = fenceFor(selection);
  const parts = [
    before && `These lines stand before the code in ${path}:\n${fenced(before, languageId)}`,
    after && `These lines stand after it:\n${fenced(after, languageId)}`,
    (before || after ? "The code:\n" : "") + fenced(selection, languageId, fence),
    task,
  ];
  return {
    messages: [
      { role: "system", text: instructions },
      { role: "user", text: parts.filter(Boolean).join("\n\n") },
    ],
    answerPrefix: `${fence}${fenceLanguage(languageId)}\n`,
    stops: [`\n${fence}`],
  };
}
