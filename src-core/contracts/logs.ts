import { oc } from "@orpc/contract";
import { z } from "zod";
import { logLevels } from "../log.ts";

/** A file of the log. */
export const logFile = z.object({ name: z.string(), path: z.string(), bytes: z.number().int().nonnegative() });

/** Messages of our processes, without code, in files of this user alone. */
export const logsContract = {
  /** Takes down what another process has to say. */
  note: oc.input(z.object({ level: z.enum(logLevels), process: z.string().max(50), text: z.string().max(20_000) })).output(z.void()),
  /** The newest first. */
  files: oc.output(z.array(logFile)),
  /** The end of a file, at most 500 kB. */
  read: oc.input(z.object({ name: z.string().max(255) })).output(z.object({ text: z.string(), cut: z.boolean() })),
};
