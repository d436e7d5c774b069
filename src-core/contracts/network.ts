import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { timestamp } from "./common.ts";

/** Why a process wanted to reach a host. */
export const networkPurpose = z.enum(["model-download", "model-server", "update-check", "git", "loopback", "unknown"]);
/** See {@link networkPurpose}. */
export type NetworkPurpose = z.infer<typeof networkPurpose>;

/** One attempt to reach a host, allowed or refused. */
export const networkAttempt = z.object({
  time: timestamp,
  /** main, window, engine, inference, terminal or command line. */
  process: z.string(),
  host: z.string(),
  port: z.number().int().optional(),
  purpose: networkPurpose,
  allowed: z.boolean(),
  reason: z.string(),
  /** Its number in the ledger: an attempt that is told again under the same number has moved more bytes. */
  id: z.number().int().optional(),
  /** Bytes that went out and came in, where a connection was made. */
  sent: z.number().int().nonnegative().optional(),
  received: z.number().int().nonnegative().optional(),
});
/** See {@link networkAttempt}. */
export type NetworkAttempt = z.infer<typeof networkAttempt>;

/** What the user decided of a host for a purpose: it may be reached, or never. */
export const networkPermission = z.object({
  host: z.string(),
  purpose: networkPurpose,
  granted: timestamp,
  verdict: z.enum(["allowed", "never"]).default("allowed"),
});
/** See {@link networkPermission}. */
export type NetworkPermission = z.infer<typeof networkPermission>;

/** Whether asking for something is also the permission for its host: from now on, or this once. */
export const networkPermit = z.union([z.boolean(), z.literal("once")]).default(false);
/** See {@link networkPermit}. */
export type NetworkPermit = z.infer<typeof networkPermit>;

/** Something of ours wants a host that nobody decided about. */
export const networkQuestion = z.object({
  id: z.number().int(),
  host: z.string(),
  port: z.number().int().optional(),
  purpose: networkPurpose,
});
/** See {@link networkQuestion}. */
export type NetworkQuestion = z.infer<typeof networkQuestion>;

/** What the user may answer: for what is going on now, for this host from now on, never from now on, or not this time. */
export const networkAnswer = z.enum(["once", "always", "never", "not-now"]);
/** See {@link networkAnswer}. */
export type NetworkAnswer = z.infer<typeof networkAnswer>;

/** Whether the ledger is as it was written: each row carries a hash of itself and of the row before, and rows are numbered. */
export const ledgerCheck = z.object({
  rows: z.number().int().nonnegative(),
  /** The first row that does not follow from the one before it. */
  broken: networkAttempt.optional(),
  /** How many of the newest or oldest rows are gone, which no hash of another row tells. */
  missing: z.number().int().positive().optional(),
});
/** See {@link ledgerCheck}. */
export type LedgerCheck = z.infer<typeof ledgerCheck>;

/** The network ledger and its permissions. */
export const networkContract = {
  /** The newest, the newest first. */
  attempts: oc.input(z.object({ limit: z.number().int().min(1).max(10_000).default(1000) })).output(z.array(networkAttempt)),
  /** All that the ledger keeps, the newest first, in pieces. */
  everything: oc.output(eventIterator(z.array(networkAttempt))),
  verify: oc.output(ledgerCheck),
  watch: oc.output(eventIterator(networkAttempt)),
  /** Other processes (main for its windows) report what their gate decided. */
  report: oc.input(networkAttempt).output(z.void()),
  /** Questions that are open, and those that come; without anybody who follows this nothing is asked, and nothing is permitted. */
  questions: oc.output(eventIterator(networkQuestion)),
  answer: oc.input(z.object({ id: z.number().int(), answer: networkAnswer })).output(z.void()),
  /** Asks for a host on behalf of a program of the user's, such as Git, and records the verdict. Waits for the user where nobody decided yet. */
  ask: oc
    .input(z.object({ host: z.string().min(1).max(255), port: z.number().int().optional(), purpose: z.literal("git") }))
    .output(z.object({ allowed: z.boolean(), reason: z.string() })),
  permissions: oc.output(z.array(networkPermission)),
  allow: oc.input(z.object({ host: z.string().max(255), purpose: networkPurpose })).output(z.void()),
  /** Refuses a host for a purpose from now on, without asking, until that is revoked. */
  forbid: oc.input(z.object({ host: z.string().max(255), purpose: networkPurpose })).output(z.void()),
  /** Takes a permission, or a "never", back. */
  revoke: oc.input(z.object({ host: z.string().max(255), purpose: networkPurpose })).output(z.void()),
};
