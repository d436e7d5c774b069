import { oc } from "@orpc/contract";
import { z } from "zod";
import { networkPermit } from "./network.ts";

/** What the address of releases says: one JSON object with the newest release. */
export const release = z.object({
  /** Numbers with dots. */
  version: z.string().regex(/^\d+(\.\d+){1,3}$/),
  /** What is new, as plain text. */
  notes: z.string().max(20_000).optional(),
  packages: z
    .array(z.object({ file: z.string().max(255), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(100)
    .default([]),
});

/** What a look for a newer version found. */
export const updateCheck = z.object({ address: z.string(), current: z.string(), isNewer: z.boolean(), newest: release });
/** See {@link updateCheck}. */
export type UpdateCheck = z.infer<typeof updateCheck>;

/** Newer versions: looked for when the user asks, and by nothing else. */
export const updatesContract = {
  /**
   * Asks the address of the setting what is newest, and sends nothing but that request. Throws SWITCHED_OFF where that is off, NOT_FOUND
   * where no address is set, and NO_PERMISSION, with the address and what is sent, where its host was not permitted.
   */
  check: oc.input(z.object({ permit: networkPermit })).output(updateCheck),
};
