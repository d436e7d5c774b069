import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";

/** A request of TypeScript's own protocol for editors; what is asked for is its matter. */
export const typescriptRequest = z.looseObject({
  seq: z.number().int(),
  type: z.literal("request"),
  command: z.string().max(100),
});
/** See {@link typescriptRequest}. */
export type TypeScriptRequest = z.infer<typeof typescriptRequest>;

/** What a language server tells: first `started`, then answers and events of its protocol; `exit` comes last. */
export const typescriptEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("started"), id: z.string(), process: z.number().int() }),
  z.object({ type: z.literal("messages"), messages: z.array(z.unknown()) }),
  z.object({ type: z.literal("exit"), code: z.number().int().nullable() }),
]);
/** See {@link typescriptEvent}. */
export type TypeScriptEvent = z.infer<typeof typescriptEvent>;

/** TypeScript's language server, which knows the whole project. */
export const typescriptContract = {
  /** Starts a server and streams what it says; closing the stream ends it. */
  open: oc.output(eventIterator(typescriptEvent)),
  /** Hands requests on in their order. */
  write: oc.input(z.object({ id: z.string(), requests: z.array(typescriptRequest) })).output(z.void()),
};
