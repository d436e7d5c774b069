import type { AssistAction } from "./action.ts";
import { document } from "./document.ts";
import { explain } from "./explain.ts";
import { fix } from "./fix.ts";
import { improve } from "./improve.ts";
import { refactor } from "./refactor.ts";

export type { AssistAction, AssistPrompt, PromptContext } from "./action.ts";

/** Every inline action, in the order of the menus: a new one is one file and its line here. */
export const assistActions: readonly AssistAction[] = [explain, improve, refactor, fix, document];

/** The action with an id. */
export function findAction(id: string): AssistAction | undefined {
  return assistActions.find((action) => action.id === id);
}
