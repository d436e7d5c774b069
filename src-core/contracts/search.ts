import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath } from "./common.ts";

/** A range in a line of text: lines from 0, columns in UTF-16 units from 0. */
export const textRange = z.object({
  startLine: z.number().int(),
  startColumn: z.number().int(),
  endLine: z.number().int(),
  endColumn: z.number().int(),
});

const scope = {
  folder: absolutePath,
  /** Globs as in VS Code; empty means everything that is not excluded. */
  includes: z.array(z.string()).default([]),
  excludes: z.array(z.string()).default([]),
  /** True: .gitignore and .ignore files are honoured. */
  useIgnoreFiles: z.boolean().default(true),
  followLinks: z.boolean().default(false),
  limit: z.number().int().positive().max(1_000_000).default(20_000),
};

/** What to look for in files. */
export const textQuery = z.object({
  ...scope,
  pattern: z.string().max(10_000),
  regularExpression: z.boolean().default(false),
  caseSensitive: z.boolean().default(false),
  wholeWord: z.boolean().default(false),
  multiline: z.boolean().default(false),
  contextLines: z.number().int().nonnegative().max(100).default(0),
  encoding: z.string().optional(),
});

/** Which files to list. */
export const fileQuery = z.object({ ...scope, pattern: z.string().max(1000).default("") });

/**
 * Hits of one file that belong together. A match is one line with all its hits (`ranges`, and where they stand in the
 * preview), or the lines of one hit; of a very long line, one hit with what stands around it.
 */
export const textMatch = z.object({
  path: z.string(),
  matches: z.array(z.object({ preview: z.string(), range: textRange, previewRanges: z.array(textRange), ranges: z.array(textRange) })),
  /** Lines around the matches, when the query asked for them; lines count from 0. */
  context: z.array(z.object({ line: z.number().int(), text: z.string() })).default([]),
});
/** See {@link textMatch}. */
export type TextMatch = z.infer<typeof textMatch>;

/** Search by ripgrep, outside the window. */
export const searchContract = {
  text: oc
    .input(textQuery)
    .output(
      eventIterator(
        z.discriminatedUnion("type", [
          z.object({ type: z.literal("matches"), files: z.array(textMatch) }),
          z.object({ type: z.literal("done"), limitHit: z.boolean(), message: z.string().optional() }),
        ]),
      ),
    ),
  /** Paths of files, relative to the folder and with `/` between parts, in batches; `pattern` is matched loosely, letter by letter. */
  files: oc.input(fileQuery).output(eventIterator(z.array(z.string()))),
};
