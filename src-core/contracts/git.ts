import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath } from "./common.ts";

/** How one side of a file differs from the other. */
const difference = z.enum(["modified", "added", "deleted", "renamed", "copied", "retyped"]);

/** One file that differs from the last commit. A path is written from the root of its repository, with slashes. */
export const gitChange = z.object({
  path: z.string(),
  /** Its path before it was renamed or copied. */
  original: z.string().optional(),
  /** What the next commit would do with it. */
  staged: difference.optional(),
  /** What is not staged. */
  unstaged: z.union([difference, z.literal("untracked")]).optional(),
  /** Both sides of a merge changed it: who did what. */
  conflict: z
    .enum(["both-modified", "both-added", "both-deleted", "added-by-us", "added-by-them", "deleted-by-us", "deleted-by-them"])
    .optional(),
});
/** See {@link gitChange}. */
export type GitChange = z.infer<typeof gitChange>;

/** Where a repository stands. */
export const gitStatus = z.object({
  /** Missing where a commit and no branch is checked out. */
  branch: z.string().optional(),
  /** The commit that is checked out; missing before the first. */
  commit: z.string().optional(),
  /** The remote branch that this one follows. */
  upstream: z.string().optional(),
  /** Commits that only this branch has, and that only its upstream has; missing where there is none, or it is gone. */
  ahead: z.number().int().optional(),
  behind: z.number().int().optional(),
  /** What is going on and has to be ended or given up. */
  operation: z.enum(["merge", "rebase", "cherry-pick", "revert"]).optional(),
  /** The message that Git proposes for what is going on. */
  proposedMessage: z.string().optional(),
  changes: z.array(gitChange),
  /** How many more there are than are listed. */
  more: z.number().int().nonnegative(),
});
/** See {@link gitStatus}. */
export type GitStatus = z.infer<typeof gitStatus>;

/** A branch, of this repository or of a remote. */
export const gitBranch = z.object({
  /** With the name of the remote in front where it is one of its branches. */
  name: z.string(),
  remote: z.string().optional(),
  current: z.boolean(),
  commit: z.string(),
  subject: z.string(),
  /** Milliseconds since 1970 of its last commit. */
  time: z.number(),
});
/** See {@link gitBranch}. */
export type GitBranch = z.infer<typeof gitBranch>;

/** One commit. */
export const gitCommit = z.object({ id: z.string(), author: z.string(), time: z.number(), subject: z.string() });
/** See {@link gitCommit}. */
export type GitCommit = z.infer<typeof gitCommit>;

/** Another place with the same repository. */
export const gitRemote = z.object({
  name: z.string(),
  /** As it is configured, without a password that stands in it. */
  address: z.string(),
  /** The machine it names; missing for a folder of this machine. */
  host: z.string().optional(),
});
/** See {@link gitRemote}. */
export type GitRemote = z.infer<typeof gitRemote>;

/** A version of a file: that of a commit, what is staged, or a side of a conflict. */
export const gitVersion = z.union([
  z.object({ commit: z.string().regex(/^(HEAD|[0-9a-f]{4,64})\^?$/) }),
  z.object({ staged: z.literal(true) }),
  z.object({ conflict: z.enum(["base", "ours", "theirs"]) }),
]);
/** See {@link gitVersion}. */
export type GitVersion = z.infer<typeof gitVersion>;

const path = z.string().min(1).max(32_768);
const paths = z.array(path).min(1).max(100_000);
const root = absolutePath;
/** A name that Git takes for no option; whether it is a good one says Git. */
const name = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^-\s]\S*$/);

/** Git in the folders that a client has open. Reading runs nothing that a repository names; changing does, as in a terminal. */
export const gitContract = {
  /** The repository that a folder lies in, else those directly below it. One whose root lies above the folder is `outside` of it. */
  find: oc.input(z.object({ path: absolutePath })).output(z.array(z.object({ root: z.string(), outside: z.boolean() }))),
  status: oc.input(z.object({ root })).output(gitStatus),
  /** Something happened in the repository itself; the first event says that watching has begun. */
  changes: oc.input(z.object({ root })).output(eventIterator(z.object({}))),
  /** Those of the paths that Git ignores. */
  ignored: oc.input(z.object({ root, paths })).output(z.array(z.string())),
  show: oc.input(z.object({ root, path, version: gitVersion })).output(z.instanceof(Blob)),
  stage: oc.input(z.object({ root, paths })).output(z.void()),
  /** Stages a text in the place of a file, as when single lines of it are staged. */
  stageContent: oc.input(z.object({ root, path, content: z.string().max(50_000_000) })).output(z.void()),
  unstage: oc.input(z.object({ root, paths })).output(z.void()),
  /** Makes tracked files what is staged of them, and deletes those that Git does not know. */
  discard: oc.input(z.object({ root, paths })).output(z.void()),
  /** `all` stages what is tracked first. */
  commit: oc.input(z.object({ root, message: z.string().min(1).max(1_000_000), all: z.boolean(), amend: z.boolean() })).output(z.void()),
  /** Takes the last commit back, leaves its changes staged, and gives its message. */
  undoCommit: oc.input(z.object({ root })).output(z.object({ message: z.string() })),
  /** The message of the last commit. */
  lastMessage: oc.input(z.object({ root })).output(z.object({ message: z.string() })),
  branches: oc.input(z.object({ root })).output(z.array(gitBranch)),
  /** Checks out a branch; one of a remote under its own name. */
  checkOut: oc.input(z.object({ root, branch: name })).output(z.void()),
  createBranch: oc.input(z.object({ root, branch: name, from: name.optional() })).output(z.void()),
  /** Without `force` one whose commits are nowhere else stays. */
  deleteBranch: oc.input(z.object({ root, branch: name, force: z.boolean() })).output(z.void()),
  merge: oc.input(z.object({ root, branch: name })).output(z.void()),
  /** Gives up, or goes on with, what is going on. */
  abort: oc.input(z.object({ root })).output(z.void()),
  proceed: oc.input(z.object({ root })).output(z.void()),
  stash: oc.input(z.object({ root, message: z.string().max(10_000) })).output(z.void()),
  stashes: oc.input(z.object({ root })).output(z.array(z.object({ index: z.number().int(), message: z.string() }))),
  popStash: oc.input(z.object({ root, index: z.number().int().nonnegative() })).output(z.void()),
  /** The commits that changed a file, the newest first. */
  history: oc.input(z.object({ root, path, limit: z.number().int().min(1).max(1000) })).output(z.array(gitCommit)),
  initialise: oc.input(z.object({ root })).output(z.void()),
  remotes: oc.input(z.object({ root })).output(z.array(gitRemote)),
  /** These three reach the remote; a window asks for its host first. */
  fetch: oc.input(z.object({ root, remote: name })).output(z.void()),
  pull: oc.input(z.object({ root })).output(z.void()),
  /** `branch` gives the branch an upstream of that name. */
  push: oc.input(z.object({ root, remote: name, branch: name.optional() })).output(z.void()),
};
