import { mentionsOf } from "#core/chat/mentions";
import type { ChatTurn } from "#core/contracts/chat";
import type { Attachment } from "#core/contracts/message-context";

/** What was attached to a question by hand: what its text mentions and what the engine found is attached anew when it is sent again. */
export function attachedByHand({ text, attachments }: Pick<ChatTurn, "text" | "attachments">): Attachment[] {
  const mentioned = mentionsOf(text);
  const isMentioned = ({ kind, path }: Attachment) =>
    mentioned.some(
      (one) =>
        (one.kind === kind || (one.kind === "file" && kind === "range")) &&
        (one.name === "" || path.endsWith(one.name) || one.kind === "symbol"),
    );
  return attachments.filter((one) => one.kind !== "found" && one.kind !== "memory" && !isMentioned(one));
}

/** Each place once: what is selected may be attached by hand as well as mentioned. */
export function withoutDoubles(attachments: readonly Attachment[]): Attachment[] {
  const keyOf = ({ kind, path, from, to }: Attachment) => JSON.stringify([kind === "selection" ? "range" : kind, path, from, to]);
  return [...new Map(attachments.map((one) => [keyOf(one), one])).values()];
}
