import { type MessageContext, messageContext } from "#core/contracts/message-context";
import { type AnswerDetails, answerDetails, type Message } from "#core/contracts/sessions";

/** A row of the table of messages. */
export type MessageRow = Omit<Message, "details" | "context"> & { readonly details: string | null; readonly context: string | null };

/** A row as it is shown; `rest` is what came after its text and is not yet part of it. */
export function toMessage({ details, context, ...message }: MessageRow, rest: string): Message {
  return { ...message, text: message.text + rest, ...toDetails(details), ...toContext(context) };
}

/** As it stands in its column. */
export function json(value: AnswerDetails | MessageContext | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** What a newer or damaged row says is left out rather than refused: the answer itself is what counts. */
function toDetails(json: string | null): Pick<Message, "details"> {
  if (json === null) return {};
  try {
    const { success, data } = answerDetails.safeParse(JSON.parse(json));
    return success ? { details: data } : {};
  } catch {
    return {};
  }
}

function toContext(text: string | null): Pick<Message, "context"> {
  if (text === null) return {};
  try {
    const { success, data } = messageContext.safeParse(JSON.parse(text));
    return success ? { context: data } : {};
  } catch {
    return {};
  }
}
