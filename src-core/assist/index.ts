import type { AssistAction, EditorAction } from "./action.ts";
import { commitMessage } from "./commit-message.ts";
import { document } from "./document.ts";
import { explain } from "./explain.ts";
import { fix } from "./fix.ts";
import { improve } from "./improve.ts";
import { readme } from "./readme.ts";
import { refactor } from "./refactor.ts";
import { review } from "./review.ts";
import { test } from "./test.ts";

export type { AssistAction, AssistPrompt, EditorAction, PromptContext } from "./action.ts";

/** Every action on code in an editor, in the order of the menus: a new one is one file and its line here. */
export const assistActions: readonly EditorAction[] = [explain, improve, refactor, fix, document, test];

/** Every action there is. */
export const allActions: readonly AssistAction[] = [...assistActions, review, commitMessage, readme];

/** The action with an id. */
export function findAction(id: string): AssistAction | undefined {
  return allActions.find((action) => action.id === id);
}
