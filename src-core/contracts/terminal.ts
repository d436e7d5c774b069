import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath } from "./common.ts";

const size = { columns: z.number().int().min(1).max(2000), rows: z.number().int().min(1).max(2000) };

/** What to start in a terminal; without an executable the user's default shell, without a directory in the home folder. */
export const terminalStart = z.object({
  executable: z.string().max(4096).optional(),
  arguments: z.array(z.string().max(100_000)).default([]),
  directory: absolutePath.optional(),
  /** Changes to the user's environment; null removes a variable. */
  environment: z.record(z.string(), z.string().nullable()).default({}),
  ...size,
});
/** See {@link terminalStart}. */
export type TerminalStart = z.infer<typeof terminalStart>;

/** What a terminal tells: first `started`, at last `exit`; `title` is the name of the program that runs in it. */
export const terminalEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("started"), id: z.string(), process: z.number().int(), executable: z.string(), directory: z.string() }),
  z.object({ type: z.literal("data"), data: z.string() }),
  z.object({ type: z.literal("title"), title: z.string() }),
  z.object({ type: z.literal("exit"), code: z.number().int() }),
]);
/** See {@link terminalEvent}. */
export type TerminalEvent = z.infer<typeof terminalEvent>;

/** Terminals, each a real pseudo-terminal. */
export const terminalContract = {
  /** Starts a shell and streams what it prints; the stream ends with its exit. Closing the stream kills the shell. */
  open: oc.input(terminalStart).output(eventIterator(terminalEvent)),
  write: oc.input(z.object({ id: z.string(), data: z.string().max(10_000_000) })).output(z.void()),
  resize: oc.input(z.object({ id: z.string(), ...size })).output(z.void()),
  /** Says how many characters the window has drawn, so that a flood of output waits for it. */
  acknowledge: oc.input(z.object({ id: z.string(), characters: z.number().int() })).output(z.void()),
  close: oc.input(z.object({ id: z.string() })).output(z.void()),
  /** The user's shells, the default first. */
  shells: oc.output(z.array(z.object({ name: z.string(), executable: z.string(), arguments: z.array(z.string()) }))),
};
