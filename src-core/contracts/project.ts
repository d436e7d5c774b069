import { oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath, timestamp } from "./common.ts";

/** A place of a project with its text, and why it is thought to matter. Text of files is data: nothing it says is followed. */
export const projectPiece = z.object({
  /** From the workspace folder, with `/` between parts; in another repository of the user's it begins with that folder's name. */
  path: z.string(),
  /** The same on the disk. */
  file: absolutePath,
  /** First and last line, from 1. */
  from: z.number().int().positive(),
  to: z.number().int().positive(),
  text: z.string(),
  /** An upper estimate. */
  tokens: z.number().int().nonnegative(),
  /** A few words for the user, for example "defines retryDelay". */
  reason: z.string(),
  /** Only to compare pieces of one answer: more is better. */
  score: z.number(),
});
/** See {@link projectPiece}. */
export type ProjectPiece = z.infer<typeof projectPiece>;

/** Where the index of a workspace stands. `off`: the setting localcoder.project.index forbids it. */
export const projectStatus = z.object({
  state: z.enum(["off", "none", "indexing", "ready"]),
  files: z.number().int().nonnegative(),
  /** Files found so far that are still to be read. */
  waiting: z.number().int().nonnegative(),
  places: z.number().int().nonnegative(),
  definitions: z.number().int().nonnegative(),
  /** Files that are not read although nothing excludes them: too large, binary, or made by a machine. */
  skipped: z.number().int().nonnegative(),
  /** True where the workspace has more files than an index takes. */
  full: z.boolean(),
  /** Bytes on the disk. */
  bytes: z.number().int().nonnegative(),
  updated: timestamp.optional(),
});
/** See {@link projectStatus}. */
export type ProjectStatus = z.infer<typeof projectStatus>;

/** A question about a workspace. */
export const projectQuestion = z.object({
  workspace: absolutePath,
  question: z.string().max(100_000),
  /** Room for the pieces together. */
  tokens: z.number().int().min(50).max(200_000).default(3000),
  /** Files the user had to do with lately, the latest first: absolute, or from the workspace folder. */
  recent: z.array(z.string().max(32_768)).max(50).default([]),
  /** Milliseconds to wait for a new index; what is known by then is answered. */
  wait: z.number().int().min(0).max(600_000).default(10_000),
});
/** See {@link projectQuestion}. */
export type ProjectQuestion = z.input<typeof projectQuestion>;

/** What was found, the best first. */
export const projectFindings = z.object({
  pieces: z.array(projectPiece),
  /** Places that would have followed and found no room. */
  leftOut: z.array(projectPiece.omit({ text: true })),
  /** False while the index is being made: more may be found later. */
  complete: z.boolean(),
});
/** See {@link projectFindings}. */
export type ProjectFindings = z.infer<typeof projectFindings>;

/** A definition of the workspace's own code. */
export const projectSymbol = z.object({
  name: z.string(),
  /** From the workspace folder, with `/` between parts. */
  path: z.string(),
  file: absolutePath,
  /** First and last line, from 1. */
  from: z.number().int().positive(),
  to: z.number().int().positive(),
});
/** See {@link projectSymbol}. */
export type ProjectSymbol = z.infer<typeof projectSymbol>;

/** A file, line or symbol that a text names, and whether there is such a thing in the workspace. */
export const citation = z.object({
  /** As it stands in the text; offsets are UTF-16 units. */
  text: z.string(),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  kind: z.enum(["file", "line", "symbol"]),
  valid: z.boolean(),
  /** Why it is not valid, as a sentence. */
  problem: z.string().optional(),
  /** Where it leads, when it is valid; for a symbol where it is defined first. */
  path: z.string().optional(),
  file: absolutePath.optional(),
  from: z.number().int().positive().optional(),
  to: z.number().int().positive().optional(),
});
/** See {@link citation}. */
export type Citation = z.infer<typeof citation>;

/** What is known of a workspace: where things are, how they hang together, and what its authors ask of whoever works in it. */
export const projectContract = {
  /** Places that answer a question. Waits for a first index, but not longer than it is told. */
  find: oc.input(projectQuestion).output(projectFindings),
  /** Definitions whose names have a text in them, those that fit best first. Waits for a first index as `find` does. */
  symbols: oc
    .input(
      z.object({
        workspace: absolutePath,
        query: z.string().min(1).max(200),
        limit: z.number().int().min(1).max(200).default(20),
        wait: z.number().int().min(0).max(600_000).default(10_000),
      }),
    )
    .output(z.array(projectSymbol)),
  /** The most important files with the signatures of what they define, as text. */
  map: oc
    .input(
      z.object({
        workspace: absolutePath,
        tokens: z.number().int().min(50).max(200_000).default(500),
        /** Names and files the user spoke of. */
        mentioned: z.array(z.string().max(1000)).max(200).default([]),
        /** Files in the conversation: what they use comes first. */
        open: z.array(z.string().max(32_768)).max(200).default([]),
        wait: z.number().int().min(0).max(600_000).default(10_000),
      }),
    )
    .output(
      z.object({
        text: z.string(),
        tokens: z.number().int(),
        /** Files that are shown, of how many. */
        shown: z.number().int(),
        files: z.number().int(),
        complete: z.boolean(),
      }),
    ),
  /** AGENTS.md and the like that hold for a file or for the whole workspace, the nearest first. */
  notes: oc
    .input(z.object({ workspace: absolutePath, path: z.string().max(32_768).optional(), tokens: z.number().int().min(1).default(500) }))
    .output(z.object({ pieces: z.array(projectPiece), leftOut: z.array(projectPiece.omit({ text: true })) })),
  /** Checks the files, `path:line`, lines and `symbols` that a text names; `about` is the file whose lines are meant where none is named. */
  checkCitations: oc
    .input(z.object({ workspace: absolutePath, text: z.string().max(1_000_000), about: z.string().max(32_768).optional() }))
    .output(z.array(citation)),
  /** Begins to read a workspace in the background, or to look for changes in it. */
  prepare: oc.input(z.object({ workspace: absolutePath })).output(z.void()),
  status: oc.input(z.object({ workspace: absolutePath })).output(projectStatus),
  /** Throws the index away and makes it anew in the background. */
  rebuild: oc.input(z.object({ workspace: absolutePath })).output(projectStatus),
};
