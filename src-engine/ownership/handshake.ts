import { z } from "zod";
import { UserError } from "#core/base/errors";
import type { Wire } from "#core/transport/wire";

/** The first message of a guest. */
const hello = z.object({ hello: z.object({ version: z.string().max(100), process: z.number() }) });

/** The owner's answer; a guest of another version is told so by it, too. */
const welcome = z.object({ welcome: z.object({ version: z.string(), process: z.number() }) });

/** Longest wait for an answer: an owner may first have to repair a large database. */
const patience = 60_000;

/** Says hello to the owner and waits to be let in. Throws UNSUPPORTED where the owner is another version. */
export async function greetOwner(wire: Wire, version: string): Promise<void> {
  const answer = nextMessage(wire, patience);
  await wire.send(JSON.stringify({ hello: { version, process: process.pid } }));
  const parsed = welcome.safeParse(parse(await answer));
  if (!parsed.success) {
    const message = "Something else answers on the socket of LocalCoder's data folder.";
    throw new UserError("ENGINE_BUSY", message, "Quit that program, or set LOCALCODER_HOME to another folder.");
  }
  const owner = parsed.data.welcome;
  if (owner.version !== version) {
    throw new UserError(
      "UNSUPPORTED",
      `LocalCoder ${owner.version} is running (process ${owner.process}), and this is version ${version}.`,
      "Quit the running one, and try again.",
    );
  }
}

/** Waits for a guest's hello and answers it; false when the guest is of another version or not a guest at all. */
export async function greetGuest(wire: Wire, version: string): Promise<boolean> {
  const parsed = hello.safeParse(parse(await nextMessage(wire, patience)));
  if (!parsed.success) return false;
  await wire.send(JSON.stringify({ welcome: { version, process: process.pid } }));
  return parsed.data.hello.version === version;
}

function nextMessage(wire: Wire, milliseconds: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new UserError("ENGINE_BUSY", "The running LocalCoder does not answer.", "Quit it and start again.")),
      milliseconds,
    );
    wire.onMessage((message) => {
      clearTimeout(timer);
      resolve(message);
    });
    wire.onClose(() => {
      clearTimeout(timer);
      reject(new UserError("ENGINE_GONE", "The engine has stopped."));
    });
  });
}

function parse(message: unknown): unknown {
  try {
    return typeof message === "string" && message.length < 10_000 ? JSON.parse(message) : undefined;
  } catch {
    return undefined;
  }
}
