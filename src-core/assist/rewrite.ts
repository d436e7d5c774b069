import { blockMarks } from "../edits/exchanges.ts";
import { fenceFor } from "../edits/fence.ts";
import { type AssistPrompt, fenced, fenceLanguage, type PromptContext, surroundingParts } from "./action.ts";
import { isProse } from "./checks/languages.ts";

const forCode = "You are an expert programmer. You answer with the complete new code in one code block and nothing else.";
const forProse = "You are an expert writer. You answer with the complete new text in one code block and nothing else.";

/** What the selection is called in a prompt. */
export function nounOf({ languageId }: PromptContext): "code" | "text" {
  return isProse(languageId) ? "text" : "code";
}

/** What the user asks for, as the task of a prompt. */
export function asAsked(context: PromptContext): string {
  return `Rewrite this ${nounOf(context)}: ${context.instruction.replace(/[.\s]+$/, "")}. Keep everything else as it is.`;
}

/** How an answer names the lines it replaces. */
function inBlocks(noun: string): string {
  return `Answer with one block for each change, in this form:
${blockMarks.search}
the lines as they stand in the ${noun}, exactly, and enough of them to stand there only once
${blockMarks.middle}
the new lines
${blockMarks.replace}
Lines that stay as they are need no block.`;
}

/**
 * The prompt of an action that rewrites the selection. The answer is made to begin inside a fence and ends with it, so that
 * small models write code at once and cannot talk around it. The task stands last: they follow best what they read last.
 */
export function rewritePrompt(task: string, context: PromptContext, { taskHasCode = false } = {}): AssistPrompt {
  const { languageId, selection, purpose } = context;
  const noun = nounOf(context);
  const fence = fenceFor(selection);
  const around = [
    ...(purpose === "" ? [] : [`What the ${noun} is for:\n${fenced(purpose, "plaintext")}`]),
    ...surroundingParts(context, noun),
  ];
  const code = (around.length > 0 ? `The ${noun}:\n` : "") + fenced(selection, languageId, fence);
  const parts = taskHasCode ? [task] : [...around, code, task];
  if (context.exchanges)
    return {
      messages: [
        {
          role: "system",
          text: `You are an expert ${noun === "text" ? "writer" : "programmer"}. You answer with blocks of changes and nothing else.`,
        },
        { role: "user", text: [...parts, inBlocks(noun)].join("\n\n") },
      ],
      answerPrefix: `${blockMarks.search}\n`,
      stops: [],
    };
  return {
    messages: [
      { role: "system", text: noun === "text" ? forProse : forCode },
      { role: "user", text: parts.join("\n\n") },
    ],
    answerPrefix: `${fence}${fenceLanguage(languageId)}\n`,
    stops: [`\n${fence}`],
  };
}
