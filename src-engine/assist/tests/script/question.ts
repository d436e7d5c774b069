import { z } from "zod";
import type { Aliases } from "../../compare/alias-files.ts";

/** What the process that runs tests is asked. Paths are absolute. */
export interface ScriptTests {
  readonly path: string;
  readonly text: string;
  readonly sourcePath: string;
  readonly sourceText: string;
  /** Names for files of the project. */
  readonly aliases: Aliases;
  /** See `UnsavedTests`. */
  readonly corrects?: string | undefined;
}

/** What it answers: what came of each test, by name, and the tests with other results where those were asked for. */
export const scriptReport = z.object({
  results: z.record(z.string(), z.object({ passed: z.boolean(), reason: z.string() })),
  corrected: z.string().optional(),
});

/** See {@link scriptReport}. */
export type ScriptReport = z.infer<typeof scriptReport>;
