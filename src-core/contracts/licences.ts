import { oc } from "@orpc/contract";
import { z } from "zod";

/** Under which terms the program may be used, and those of everything in it. */
export const licences = z.object({
  /** The licence of LocalCoder itself. */
  own: z.string(),
  /** The packages of others that it ships with, each with the text of its licence. */
  others: z.string(),
});
/** See {@link licences}. */
export type Licences = z.infer<typeof licences>;

/** The licences that came with the program. */
export const licencesContract = {
  /** Throws NOT_FOUND where they are not beside the program any more. */
  read: oc.output(licences),
};
