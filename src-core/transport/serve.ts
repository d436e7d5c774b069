import type { AnyRouter } from "@orpc/server";
import { StandardRPCHandler } from "@orpc/server/standard";
import { createServerPeerHandleRequestFn } from "@orpc/server/standard-peer";
import { encodeResponseMessage, MessageType, ServerPeer } from "@orpc/standard-server-peer";
import { type Disposable, toDisposable } from "../base/disposable.ts";
import { UserError } from "../base/errors.ts";
import { errorInterceptors, type OnCall, toWireError } from "./errors.ts";
import type { Wire } from "./wire.ts";

/** How a router is served on one wire. */
export interface ServeOptions {
  /** Larger messages are refused unread. */
  readonly maximumBytes?: number;
  /** Told about failures that are nobody's input: for the log. */
  readonly onUnexpected?: (error: unknown) => void;
  readonly onCall?: OnCall;
}

/** The largest message taken by default: a file that the editor saves has to fit. */
const defaultMaximumBytes = 512 * 1024 * 1024;

/**
 * Serves a router on a wire until the wire closes or the result is disposed. A message that is too large or not of the
 * protocol gets an error where it names a call to answer, and is dropped where it does not: it never ends the process.
 */
export function serveRouter(router: AnyRouter, wire: Wire, options: ServeOptions = {}): Disposable {
  const { maximumBytes = defaultMaximumBytes, onUnexpected = () => {}, onCall } = options;
  const handler = new StandardRPCHandler(router, errorInterceptors(onUnexpected, onCall));
  const handleRequest = createServerPeerHandleRequestFn(handler, {});
  let closed = false;
  const peer = new ServerPeer(async (message) => {
    if (!closed) await wire.send(message as string | Uint8Array);
  });
  const close = () => {
    if (closed) return;
    closed = true;
    peer.close();
  };

  async function refuse(head: string, error: UserError): Promise<void> {
    const id = /^\{"i":"([0-9a-zA-Z]{1,20})"/.exec(head)?.[1];
    if (closed || id === undefined) return;
    const wireError = toWireError(error);
    await wire.send(
      (await encodeResponseMessage(id, MessageType.RESPONSE, {
        status: wireError.status,
        headers: {},
        body: { json: wireError.toJSON() },
      })) as string | Uint8Array,
    );
  }

  wire.onMessage(async (data) => {
    const message = messageOf(data);
    if (closed || message === undefined) return;
    try {
      if (message.length > maximumBytes) {
        const limit = Math.round(maximumBytes / 1024 / 1024);
        return await refuse(
          headOf(message),
          new UserError("TOO_LARGE", `The message is larger than ${limit} MB, the most that is taken.`, "Send less at once."),
        );
      }
      await peer.message(message, handleRequest);
    } catch (error) {
      // A call that was stopped, or whose client is gone, ends here as well: nobody is left to be told.
      if (closed || (error instanceof Error && error.name === "AbortError")) return;
      onUnexpected(error);
      await refuse(headOf(message), new UserError("BAD_INPUT", "The message is not of the expected form.", "See docs/protocol.md."));
    }
  });
  wire.onClose(close);
  return toDisposable(() => {
    close();
    wire.close();
  });
}

function messageOf(data: unknown): string | Uint8Array<ArrayBuffer> | undefined {
  if (typeof data === "string") return data;
  if (data instanceof Uint8Array) return data as Uint8Array<ArrayBuffer>;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return undefined;
}

function headOf(message: string | Uint8Array): string {
  return typeof message === "string" ? message.slice(0, 64) : String.fromCharCode(...message.subarray(0, 64));
}
