import type { EditorAction } from "#core/assist/index";
import { isInsertion } from "#core/assist/insertion";
import type { AssistRequest } from "#core/contracts/assist";
import { strings } from "../strings.ts";

/** What the window needs to know of an action to run it, whether it is built in or somebody's own. */
export type RunnableAction = Pick<
  EditorAction,
  "id" | "title" | "role" | "shows" | "instruction" | "takesProblems" | "takesDocumentation" | "keepsBehaviour"
>;

/** The name of an action over its answer: menus add dots where something is asked first. */
export function titleOf({ title }: Pick<RunnableAction, "title">): string {
  return title.replace(/…$/, "");
}

/** What stands over the answer to a request: at an empty line what is written there, else the name of the action. */
export function headingOf(action: RunnableAction, request: AssistRequest): string {
  return isInsertion(action, request) ? strings.assist.insert((request.instruction ?? "").trim()) : titleOf(action);
}
