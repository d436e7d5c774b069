import type { EditorAction } from "#core/assist/index";

/** What the window needs to know of an action to run it, whether it is built in or somebody's own. */
export type RunnableAction = Pick<EditorAction, "id" | "title" | "role" | "shows" | "instruction" | "takesProblems">;

/** The name of an action over its answer: menus add dots where something is asked first. */
export function titleOf({ title }: RunnableAction): string {
  return title.replace(/…$/, "");
}
