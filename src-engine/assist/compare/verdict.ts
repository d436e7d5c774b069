import { z } from "zod";

/** How a {@link Verdict} is read from a process. */
export const verdictShape = z.discriminatedUnion("verdict", [
  z.object({ verdict: z.literal("same"), count: z.number() }),
  z.object({ verdict: z.literal("different"), why: z.string() }),
  z.object({ verdict: z.literal("unknown"), why: z.string() }),
]);

/** Whether a document still does what it did: the same for `count` arguments, something else, or nobody can say. */
export type Verdict = z.infer<typeof verdictShape>;
