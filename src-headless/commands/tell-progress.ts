import type { AssistEvent } from "#core/contracts/assist";
import type { Terminal } from "../terminal.ts";

/** What an answer on its way tells besides its text, alike for actions and chat. */
type Progress = Extract<AssistEvent, { readonly type: "waiting" | "reading" | "notice" }>;

/** Shows how far an answer is, and notes what the person should know of it. */
export function tellProgress(terminal: Pick<Terminal, "progress" | "note">, model: string, event: Progress): void {
  switch (event.type) {
    case "waiting":
      terminal.progress(event.reason);
      break;
    case "reading":
      terminal.progress(`${model}: reading ${Math.floor((event.evaluated / Math.max(1, event.total)) * 100)} %`);
      break;
    case "notice":
      terminal.note(event.message);
      if (event.hint !== undefined) terminal.note(`  ${event.hint}`);
      break;
  }
}
