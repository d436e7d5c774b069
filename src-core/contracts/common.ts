import { z } from "zod";

/** An absolute path on the machine that runs the engine, in that system's own notation. */
export const absolutePath = z.string().min(1).max(32_768);

/** Tokens of one request. `reused` were in the key-value cache already, `evaluated` were not. */
export const tokenCounts = z.object({
  prompt: z.number().int().nonnegative(),
  reused: z.number().int().nonnegative(),
  evaluated: z.number().int().nonnegative(),
  generated: z.number().int().nonnegative(),
});
/** See {@link tokenCounts}. */
export type TokenCounts = z.infer<typeof tokenCounts>;

/** Why the model ended: by itself, at a line or block rule, or because something cut it short. */
export const stopReason = z.enum(["end", "line", "block", "suffix", "repeat", "limit", "time", "stopped"]);
/** See {@link stopReason}. */
export type StopReason = z.infer<typeof stopReason>;

/** Where the chance of an answer begins. */
export const seed = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** Tokens of each step in which a prompt was evaluated. */
export const slices = z.array(z.number().int().positive()).max(100_000);

/** The roles a model can have; one file may serve several. */
export const modelRole = z.enum(["completion", "code", "general", "router", "embedding"]);
/** See {@link modelRole}. */
export type ModelRole = z.infer<typeof modelRole>;

/** What answered: a model here by llama.cpp, Ollama here, another server, a tool without a model, or the stand-in for a model. */
export const provider = z.enum(["local-llama", "ollama-local", "server", "local-tool", "stub"]);
/** See {@link provider}. */
export type Provider = z.infer<typeof provider>;

/** Where a secret of the user is: nowhere, in a variable, locked by the keyring here, in a file of this user alone, or locked by a keyring elsewhere. */
export const secretPlace = z.enum(["none", "environment", "keyring", "file", "locked"]);
/** See {@link secretPlace}. */
export type SecretPlace = z.infer<typeof secretPlace>;

/** A time as milliseconds since 1970, UTC. */
export const timestamp = z.number().int().nonnegative();
