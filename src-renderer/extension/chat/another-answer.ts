import type * as vscodeApi from "vscode";
import type { ChatTurn } from "#core/contracts/chat";
import { strings } from "../strings.ts";
import type { Draft } from "./draft.ts";

/** What is to be different in another answer to the same question; nothing said leaves it to chance. */
export interface Another {
  readonly hint?: string;
  readonly model?: string;
}

/** Asks what is to be different: nothing, a hint, or another model. Undefined when the user goes back. */
export async function askForAnother(
  vscode: typeof vscodeApi,
  models: readonly { readonly id: string; readonly label: string; readonly description: string }[],
): Promise<Another | undefined> {
  const words = strings.assist;
  const same = { label: strings.chat.anotherSame, description: strings.chat.anotherSameDetail, id: undefined };
  const hint = { label: words.otherHint, description: words.otherHintDetail, id: undefined };
  const chosen = await vscode.window.showQuickPick([same, hint, ...models], { placeHolder: words.otherPlaceholder });
  if (chosen === undefined) return undefined;
  if (chosen === same) return {};
  if (chosen.id !== undefined) return { model: chosen.id };
  const said = (await vscode.window.showInputBox({ prompt: words.hintPrompt }))?.trim();
  return said ? { hint: said } : undefined;
}

/** Asks a question of a thread once more, seen with other eyes: without what is named, and with further files or lines of the folder. */
export interface ChangedContext {
  readonly threadId: string;
  readonly questionId: number;
  readonly question: Pick<ChatTurn, "text" | "attachments">;
  /** Names of attachments. */
  readonly exclude: readonly string[];
  readonly pin: readonly { readonly path: string; readonly lines?: { readonly from: number; readonly to: number } }[];
}

/** The question as it is asked once more: with what was attached to it then; what the engine adds by itself it adds anew. */
export function askedAgain({ text, attachments }: Pick<ChatTurn, "text" | "attachments">, { hint, model }: Another): Draft {
  return {
    text: hint === undefined ? text : [text, hint].filter((part) => part.trim() !== "").join("\n\n"),
    attachments: attachments.filter(({ kind }) => kind !== "found" && kind !== "memory"),
    ...(model !== undefined && { model }),
    again: hint === undefined && model === undefined,
  };
}
