import { type AnyContractRouter, type ContractRouterClient, isContractProcedure } from "@orpc/contract";
import { type AnyRouter, implement } from "@orpc/server";

/**
 * A router that implements a contract by asking somebody else who does. `target` is called for each call,
 * so that the next one can go to whoever has taken over since.
 */
export function forwardRouter<C extends AnyContractRouter>(contract: C, target: () => Promise<ContractRouterClient<C>>): AnyRouter {
  return forward(contract, async () => (await target()) as Node);
}

type Call = (input: unknown, options: { signal?: AbortSignal }) => Promise<unknown>;
type Node = Call & { readonly [name: string]: Node };

function forward(contract: AnyContractRouter, target: () => Promise<Node>): AnyRouter {
  if (isContractProcedure(contract)) {
    return implement(contract).handler(async ({ input, signal }) => (await target())(input, { signal }));
  }
  return Object.fromEntries(
    Object.entries(contract as Record<string, AnyContractRouter>).map(([name, part]) => [
      name,
      forward(part, async () => (await target())[name] as Node),
    ]),
  );
}
