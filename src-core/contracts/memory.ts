import { oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath } from "./common.ts";

/** Where something is remembered: in the project's folder, with all who work on it, or for this user everywhere. */
export const memoryScope = z.enum(["project", "user"]);
/** See {@link memoryScope}. */
export type MemoryScope = z.infer<typeof memoryScope>;

/** One thing that is remembered: an item of a list in a Markdown file. */
export const memoryItem = z.object({
  scope: memoryScope,
  text: z.string(),
  path: z.string(),
  /** From 1. */
  line: z.number().int().positive(),
});
/** See {@link memoryItem}. */
export type MemoryItem = z.infer<typeof memoryItem>;

/** What might be remembered, because it was said in a thread. */
export const memoryProposal = z.object({ text: z.string(), sessionId: z.string(), title: z.string() });
/** See {@link memoryProposal}. */
export type MemoryProposal = z.infer<typeof memoryProposal>;

const place = z.object({ workspace: absolutePath.optional(), scope: memoryScope });
const text = z.string().trim().min(1).max(2000);

/**
 * What the user wants to be known in every thread: plain Markdown files that can be edited by hand as well. Nothing is remembered
 * that the user did not write or accept, and nothing is used while `localcoder.memory.enabled` is off.
 */
export const memoryContract = {
  list: oc
    .input(z.object({ workspace: absolutePath.optional() }))
    .output(
      z.object({ enabled: z.boolean(), files: z.array(z.object({ scope: memoryScope, path: z.string() })), items: z.array(memoryItem) }),
    ),
  add: oc.input(place.extend({ text })).output(memoryItem),
  /** `before` is what the line said when it was read: a file that was changed meanwhile is left alone. */
  edit: oc.input(place.extend({ line: z.number().int().positive(), before: z.string(), text })).output(memoryItem),
  remove: oc.input(place.extend({ line: z.number().int().positive(), before: z.string() })).output(z.void()),
  /** What was said in the latest threads of a workspace that is worth remembering and neither accepted nor dismissed yet. */
  proposals: oc.input(z.object({ workspace: absolutePath.optional() })).output(z.array(memoryProposal)),
  dismiss: oc.input(z.object({ text })).output(z.void()),
};
