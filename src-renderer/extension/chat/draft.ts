import { z } from "zod";
import { chatMode } from "#core/contracts/chat";
import { attachment } from "#core/contracts/message-context";

/** A message as it is to be sent. */
export const draft = z
  .object({
    text: z.string(),
    attachments: z.array(attachment).readonly(),
    /** Only for this message and those after it; what is not said stays as it was. */
    mode: chatMode.optional(),
    model: z.string().optional(),
    /** Names of attachments that are not to be given to the model. */
    exclude: z.array(z.string()).readonly().optional(),
    /** True where another answer to the same question is wanted. */
    again: z.boolean().optional(),
  })
  .readonly();
/** See {@link draft}. */
export type Draft = z.output<typeof draft>;

/** Messages that are in no history yet, in their order, and the thread they are for; none where it has not begun. */
export const unsent = z.object({ threadId: z.string().optional(), drafts: z.array(draft).readonly() }).readonly();
/** See {@link unsent}. */
export type Unsent = z.output<typeof unsent>;
