import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath } from "./common.ts";

/** What lies at a path. A link reports what it points to, and that it is a link; a dangling one is `unknown`. */
export const fileStat = z.object({
  type: z.enum(["file", "directory", "unknown"]),
  link: z.boolean(),
  size: z.number().int().nonnegative(),
  /** Milliseconds since 1970. */
  created: z.number(),
  modified: z.number(),
  readOnly: z.boolean(),
});
/** See {@link fileStat}. */
export type FileStat = z.infer<typeof fileStat>;

/** One change on the disk. */
export const fileChange = z.object({ path: z.string(), type: z.enum(["added", "changed", "deleted"]) });
/** See {@link fileChange}. */
export type FileChange = z.infer<typeof fileChange>;

/** A client may touch files only below the roots it opened (and the settings folder), see docs/decisions/paths.md. */
export const workspaceContract = {
  /**
   * Makes a folder, or a single file, reachable for this client; called for what the user chose, and nothing else.
   * A file that is yet to be written answers with the type `unknown`.
   */
  open: oc.input(z.object({ path: absolutePath })).output(fileStat),
  stat: oc.input(z.object({ path: absolutePath })).output(fileStat),
  list: oc
    .input(z.object({ path: absolutePath }))
    .output(z.array(z.object({ name: z.string(), type: fileStat.shape.type, link: z.boolean() }))),
  /** Reads a file, or a part of it. Bytes travel as a Blob-free Uint8Array in base64 only where the transport needs it. */
  read: oc
    .input(
      z.object({ path: absolutePath, offset: z.number().int().nonnegative().optional(), length: z.number().int().positive().optional() }),
    )
    .output(z.instanceof(Blob)),
  /**
   * Writes through a temporary file and a rename, keeping mode, owner and link; `create`, `overwrite` and `unlock`
   * (replace a file marked read-only, which is READ_ONLY otherwise) as in VS Code.
   */
  write: oc
    .input(
      z.object({
        path: absolutePath,
        content: z.instanceof(Blob),
        create: z.boolean(),
        overwrite: z.boolean(),
        unlock: z.boolean().default(false),
      }),
    )
    .output(z.void()),
  createDirectory: oc.input(z.object({ path: absolutePath })).output(z.void()),
  remove: oc.input(z.object({ path: absolutePath, recursive: z.boolean() })).output(z.void()),
  rename: oc.input(z.object({ from: absolutePath, to: absolutePath, overwrite: z.boolean() })).output(z.void()),
  copy: oc.input(z.object({ from: absolutePath, to: absolutePath, overwrite: z.boolean() })).output(z.void()),
  /**
   * What differs from the last commit below a folder: a diff, the part of it that is staged, and files that Git does not know yet. A
   * long diff is refused.
   */
  uncommitted: oc
    .input(z.object({ path: absolutePath }))
    .output(z.object({ diff: z.string(), staged: z.string(), untracked: z.array(z.string()) })),
  /**
   * Changes below a path until the stream is closed, in batches; the first is empty and says that watching has begun.
   * `excludes` are globs as in VS Code.
   */
  watch: oc
    .input(z.object({ path: absolutePath, recursive: z.boolean(), excludes: z.array(z.string()).default([]) }))
    .output(eventIterator(z.array(fileChange))),
};
