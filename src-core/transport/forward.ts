import { type AnyContractRouter, type ContractRouterClient, isContractProcedure } from "@orpc/contract";
import { type AnyRouter, implement } from "@orpc/server";
import { describeError } from "../base/errors.ts";

/**
 * A router that implements a contract by asking somebody else who does. `target` is called for each call, so that the next
 * one can go to whoever has taken over since. Streams named in `lasting` ("sessions.changes") go on with the next one by
 * themselves: they tell news, and whoever listens to news does not care who tells it.
 */
export function forwardRouter<C extends AnyContractRouter>(
  contract: C,
  target: () => Promise<ContractRouterClient<C>>,
  lasting: readonly string[] = [],
): AnyRouter {
  return forward(contract, async () => (await target()) as Node, lasting, "");
}

type Call = (input: unknown, options: { signal?: AbortSignal }) => Promise<unknown>;
type Node = Call & { readonly [name: string]: Node };

function forward(contract: AnyContractRouter, target: () => Promise<Node>, lasting: readonly string[], path: string): AnyRouter {
  if (isContractProcedure(contract)) {
    if (lasting.includes(path)) return implement(contract).handler(({ input, signal }) => follow(target, input, signal));
    return implement(contract).handler(async ({ input, signal }) => (await target())(input, { signal }));
  }
  return Object.fromEntries(
    Object.entries(contract as Record<string, AnyContractRouter>).map(([name, part]) => [
      name,
      forward(part, async () => (await target())[name] as Node, lasting, path === "" ? name : `${path}.${name}`),
    ]),
  );
}

async function* follow(target: () => Promise<Node>, input: unknown, signal: AbortSignal | undefined): AsyncGenerator<unknown, void, void> {
  for (;;) {
    // What fails here is not a change of hands but the end of it all.
    const call = await target();
    try {
      yield* (await call(input, { signal })) as AsyncGenerator<unknown, void, void>;
      return;
    } catch (error) {
      if (signal?.aborted || describeError(error).code !== "ENGINE_GONE") throw error;
    }
  }
}
