import { createORPCClient } from "@orpc/client";
import type { AnyContractRouter, ContractRouterClient } from "@orpc/contract";
import { createEmitter, type Emitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import { type Connection, connectClient } from "#core/transport/connect";
import type { Wire } from "#core/transport/wire";

/** A wire, and the news that a newer one is to be used instead although this one has not closed. */
export interface ReplaceableWire {
  readonly wire: Wire;
  readonly replaced?: Promise<void>;
}

/** Opens a wire; asked again each time the last one closed. It keeps trying until it succeeds. */
export type OpenWire = () => Promise<ReplaceableWire>;

/** The other side of a wire as functions that go on working when the wire is replaced. */
export interface Reconnecting<C extends AnyContractRouter> {
  readonly client: ContractRouterClient<C>;
  /** Tells each time there is a wire again after one was lost. */
  readonly reconnected: Emitter<void>;
}

type Call = (input: unknown, options: { signal?: AbortSignal }) => Promise<unknown>;
type Branch = Call & { readonly [name: string]: Branch };

/**
 * Makes one lasting client out of wires that may break.
 * Whatever runs when a wire breaks fails with ENGINE_GONE, because nobody knows how far it got; whatever is called
 * while there is no wire waits for the next one, at most `patience` milliseconds.
 */
export function reconnect<C extends AnyContractRouter>(open: OpenWire, patience = 20_000): Reconnecting<C> {
  const reconnected = createEmitter<void>();
  let current = connect();

  async function connect(): Promise<Connection<C>> {
    const { wire, replaced } = await open();
    const connection = connectClient<C>(wire);
    void replaced?.then(() => connection.close());
    void connection.closed.then(() => {
      current = connect();
      void current.then(() => reconnected.emit());
    });
    return connection;
  }

  const client: ContractRouterClient<C> = createORPCClient({
    async call(path, input, options) {
      const connection = await within(current, patience, options.signal);
      const call = path.reduce<Branch>((branch, name) => branch[name] as Branch, connection.client as Branch);
      return call(input, { signal: options.signal });
    },
  });
  return { client, reconnected };
}

function within<T>(promise: Promise<T>, milliseconds: number, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new UserError("ENGINE_GONE", "The engine does not answer.", "It is being started again. Try once more in a moment.")),
      milliseconds,
    );
    const stop = () => reject(new UserError("STOPPED", "Stopped."));
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    });
  });
}
