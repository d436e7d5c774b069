import { oc } from "@orpc/contract";
import { z } from "zod";
import { secretPlace } from "./common.ts";

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
  state: z.enum(["ready", "silent", "refused", "wants-key"]),
  /** Why it is not ready; one sentence. */
  reason: z.string().optional(),
  /** Where the key is that it is asked with. */
  key: secretPlace.optional(),
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

/** The key for a server: where it is, and a sentence about it. It is never given out. */
export const serverKey = z.object({ key: secretPlace, note: z.string().optional() });
/** See {@link serverKey}. */
export type ServerKey = z.infer<typeof serverKey>;

const key = z.string().max(4000);
const address = z.object({ address: z.string().min(1).max(2000) });

/** Model servers: Ollama, LM Studio, llama-server and whatever speaks like OpenAI. */
export const serversContract = {
  /** Looks for servers on their usual ports of this machine, and asks those that were added. */
  list: oc.output(z.array(modelServer)),
  /** Adds a server. One beyond this machine is asked only with `permit`, which writes the permission for its host. */
  add: oc.input(address.extend({ permit: z.boolean().default(false), key: key.optional() })).output(modelServer),
  /** Keeps the key that a server wants, for this server alone; an empty one is forgotten. */
  setKey: oc.input(address.extend({ key })).output(serverKey),
  /** Forgets a server, its key, and the permission for its host. */
  remove: oc.input(address).output(z.void()),
};
