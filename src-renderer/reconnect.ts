import type { ClientContext, ClientLink, ClientOptions } from "@orpc/client";
import { createEmitter, type Emitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";

/** One connection to the other side, until it closes. */
export interface Line {
  readonly link: ClientLink<ClientContext>;
  /** Settles when nothing more can come over this line. */
  readonly closed: Promise<void>;
}

/** Opens a line; called again each time the last one closed. It keeps trying until it succeeds. */
export type OpenLine = () => Promise<Line>;

/** A link that outlives its lines, and the news that there is a new one. */
export interface ReconnectingLink {
  readonly link: ClientLink<ClientContext>;
  readonly reconnected: Emitter<void>;
}

const gone = () =>
  new UserError("ENGINE_GONE", "The engine stopped while it was working on this.", "It is being started again. Try once more in a moment.");

/**
 * Makes one lasting link out of lines that may break.
 * Whatever runs when a line breaks fails with ENGINE_GONE, because nobody knows how far it got; whatever is called
 * while there is no line waits for the next one, at most `patience` milliseconds.
 */
export function createReconnectingLink(open: OpenLine, patience = 20_000): ReconnectingLink {
  const reconnected = createEmitter<void>();
  let current = connect(false);

  function connect(again: boolean): Promise<Line> {
    const opening = open();
    void opening.then((line) => {
      if (again) reconnected.emit();
      void line.closed.then(() => {
        current = connect(true);
      });
    });
    return opening;
  }

  async function call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>): Promise<unknown> {
    const line = await within(current, patience, options.signal);
    const broken = line.closed.then(() => Promise.reject(gone()));
    // Every race below has its own handler; this one only keeps a break between two calls from being "unhandled".
    broken.catch(() => undefined);
    const output = await Promise.race([line.link.call(path, input, options), broken]);
    return isIterator(output) ? breakable(output, broken) : output;
  }

  return { link: { call }, reconnected };
}

function isIterator(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === "object" && value !== null && "next" in value && Symbol.asyncIterator in value;
}

function breakable(iterator: AsyncIterator<unknown>, broken: Promise<never>): AsyncGenerator<unknown> {
  return {
    next: () => Promise.race([iterator.next(), broken]),
    return: async (value) => {
      await Promise.race([iterator.return?.(value), broken.catch(() => undefined)]);
      return { done: true, value };
    },
    throw: async (error) => {
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return(undefined);
    },
  };
}

function within(line: Promise<Line>, milliseconds: number, signal: AbortSignal | undefined): Promise<Line> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(gone()), milliseconds);
    const stop = () => reject(new UserError("STOPPED", "Stopped."));
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    line.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    });
  });
}
