import { describeError } from "#core/base/errors";
import { readCommand } from "#core/chat/commands";
import type { Attachment } from "#core/contracts/message-context";
import { strings } from "../strings.ts";
import type { Attaching } from "./attachments.ts";
import type { Draft } from "./draft.ts";
import { withoutDoubles } from "./draft-attachments.ts";
import type { ModelChoice } from "./model-choice.ts";

const words = strings.chat;

/** What {@link createSubmit} needs. */
export interface SubmitOptions {
  readonly attaching: Pick<Attaching, "of" | "shown">;
  readonly choice: Pick<ModelChoice, "choose" | "sent">;
  /** Does what a command says that asks no model; answers whether what was typed may go. */
  readonly run: (command: string, rest: string) => Promise<boolean>;
  /** Shows a line in the chat; always false. */
  readonly tell: (text: string) => false;
  /** False where it cannot be sent now. */
  readonly send: (draft: Draft) => boolean;
}

/** Makes what becomes of what was typed: a command, or a message with all that it mentions. It answers whether what was typed may go. */
export function createSubmit({ attaching, choice, run, tell, send }: SubmitOptions) {
  return async (text: string, explicit: readonly Attachment[]): Promise<boolean> => {
    const command = readCommand(text);
    if (command && !command.command) return tell(words.noCommand(command.name));
    const asked = command ? (command.command?.asks?.(command.rest) ?? command.rest) : text;
    const said = command?.command?.name;
    try {
      if (command?.command && !command.command.asks && !((said === "rush" || said === "smart") && command.rest !== ""))
        return await run(command.command.name, command.rest);
      if (said === "rush" || said === "smart") choice.choose({ mode: said });
      const attachments = [...explicit, ...(await attaching.of(text))];
      if (command?.command?.asks && attachments.length === 0) {
        const shown = await attaching.shown();
        if (shown) attachments.push(shown);
      }
      return send({ text: asked, attachments: withoutDoubles(attachments), ...choice.sent() });
    } catch (error) {
      const { message, hint } = describeError(error);
      return tell(strings.errors.withHint(message, hint));
    }
  };
}
