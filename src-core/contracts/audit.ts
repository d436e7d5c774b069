import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { networkAttempt } from "./network.ts";

/** What an audit found. */
export const auditFinding = z.object({
  /** Attempts to leave the machine, as the gates recorded them. */
  attempts: z.array(networkAttempt),
  /** Packets that left while every feature was used; missing where nothing counts them. */
  packets: z.number().int().optional(),
  /** What was done on purpose, to show that it would have been noticed: what the gate said, and packets of a process without a gate. */
  proof: z.object({ refused: z.boolean(), packetsWithoutGate: z.number().int().optional() }),
});
/** See {@link auditFinding}. */
export type AuditFinding = z.infer<typeof auditFinding>;

/** What an audit tells while it runs, in this order. */
export const auditEvent = z.discriminatedUnion("type", [
  /** How it is kept from the network, as a command to be repeated; null where this system offers nothing. */
  z.object({ type: z.literal("begun"), how: z.string().nullable() }),
  /** A feature is being used, the `number`th of `of`. */
  z.object({ type: z.literal("using"), name: z.string(), number: z.number().int(), of: z.number().int() }),
  /** It was: "done", or why it could not be. Either way it did what it does with the network. */
  z.object({ type: z.literal("used"), name: z.string(), result: z.string() }),
  z.object({ type: z.literal("found"), finding: auditFinding, clean: z.boolean() }),
]);
/** See {@link auditEvent}. */
export type AuditEvent = z.infer<typeof auditEvent>;

/** Shows that nothing leaves the machine, where the system itself keeps watch. */
export const auditContract = {
  /** Uses every feature once in a network of its own, with a data folder of its own; stopping the stream ends it. */
  run: oc.output(eventIterator(auditEvent)),
};
