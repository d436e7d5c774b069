import { oc } from "@orpc/contract";
import { z } from "zod";

/** Kinds of model servers, by what they speak. */
export const serverKind = z.enum(["ollama", "llama-server", "lm-studio", "openai"]);
/** See {@link serverKind}. */
export type ServerKind = z.infer<typeof serverKind>;

/** A model server that is known, and whether it answers now. */
export const modelServer = z.object({
  address: z.string(),
  /** Missing while it was never reached. */
  kind: serverKind.optional(),
  /** Its name, with the version it states. */
  title: z.string(),
  /** On this machine, or beyond it with a permission. */
  place: z.enum(["here", "beyond"]),
  /** Found on its usual port, or named by the user. */
  origin: z.enum(["found", "added", "environment"]),
  state: z.enum(["ready", "silent", "refused"]),
  /** Why it is not ready; one sentence. */
  reason: z.string().optional(),
  models: z.array(
    z.object({
      /** What settings call it. */
      id: z.string(),
      name: z.string(),
      bytes: z.number().int().optional(),
      contextLength: z.number().int().optional(),
      chats: z.boolean(),
      fillsIn: z.boolean(),
    }),
  ),
});
/** See {@link modelServer}. */
export type ModelServer = z.infer<typeof modelServer>;

const address = z.object({ address: z.string().min(1).max(2000) });

/** Model servers: Ollama, LM Studio, llama-server and whatever speaks like OpenAI. */
export const serversContract = {
  /** Looks for servers on their usual ports of this machine, and asks those that were added. */
  list: oc.output(z.array(modelServer)),
  /** Adds a server. One beyond this machine is asked only with `permit`, which writes the permission for its host. */
  add: oc.input(address.extend({ permit: z.boolean().default(false) })).output(modelServer),
  /** Forgets a server, and the permission for its host. */
  remove: oc.input(address).output(z.void()),
};
