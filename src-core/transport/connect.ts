import { createORPCClient, mapEventIterator } from "@orpc/client";
import { type StandardLinkClient, StandardRPCLink } from "@orpc/client/standard";
import type { AnyContractRouter, ContractRouterClient } from "@orpc/contract";
import { ClientPeer } from "@orpc/standard-server-peer";
import { UserError } from "../base/errors.ts";
import { isStream } from "./stream.ts";
import type { Wire } from "./wire.ts";

/** The other end of a wire as typed functions. */
export interface Connection<C extends AnyContractRouter> {
  readonly client: ContractRouterClient<C>;
  /** Kept when the wire has closed, whoever closed it. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Speaks a contract over a wire. Whatever waits when the wire closes fails with `gone`, streams included. */
export function connectClient<C extends AnyContractRouter>(
  wire: Wire,
  gone: () => UserError = () => new UserError("ENGINE_GONE", "The engine has stopped.", "Try again: it is being restarted."),
): Connection<C> {
  let isClosed = false;
  let resolveClosed: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    resolveClosed = resolve;
  });
  const peer = new ClientPeer(async (message) => {
    if (isClosed) throw gone();
    await wire.send(message as string | Uint8Array);
  });
  const onClose = () => {
    if (isClosed) return;
    isClosed = true;
    peer.close({ reason: gone() });
    resolveClosed();
  };
  wire.onMessage((message) => {
    // What is not an answer of ours cannot be matched to a call; the call it was meant for is failed by the close.
    peer.message(message as string | Uint8Array<ArrayBuffer>).catch(() => {
      onClose();
      wire.close("The answer is not of the expected form.");
    });
  });
  wire.onClose(onClose);

  const sender: StandardLinkClient<Record<never, never>> = {
    async call(request) {
      if (isClosed) throw gone();
      // A call that was stopped or whose wire is closed has no queue any more and says so in its own words; ours are clearer.
      const clear = (error: unknown) => (isQueueError(error) ? (request.signal?.aborted ? stopped() : gone()) : error);
      try {
        const response = await peer.request(request);
        const { body } = response;
        const clearBody = isStream(body)
          ? mapEventIterator(body, { value: async (value) => value, error: async (error) => clear(error) })
          : body;
        return { ...response, body: () => Promise.resolve(clearBody) };
      } catch (error) {
        throw clear(error);
      }
    },
  };
  return {
    client: createORPCClient(new StandardRPCLink(sender, { url: "http://orpc" })),
    closed,
    close() {
      onClose();
      wire.close();
    },
  };
}

function stopped(): UserError {
  return new UserError("STOPPED", "Stopped.");
}

function isQueueError(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("[AsyncIdQueue]");
}
