import type { ContractRouterClient } from "@orpc/contract";
import { describeError } from "#core/base/errors";
import { type fixtureContract, fixtureRouter } from "../transport/contract.fixture.ts";
import { openOwnership } from "./ownership.ts";

// One engine of a test: it takes commands from the test and tells what came of them.
const [dataFolder = "", version = "1"] = process.argv.slice(2);
const send = (message: unknown) => process.send?.(message);
try {
  const ownership = await openOwnership<typeof fixtureContract>({
    dataFolder,
    version,
    create: async () => ({ router: fixtureRouter(), dispose: async () => {} }),
  });
  process.on("message", async (command: "call" | "wait" | "dispose") => {
    try {
      if (command === "dispose") {
        await ownership.dispose();
        process.disconnect();
        return;
      }
      const client: ContractRouterClient<typeof fixtureContract> = await ownership.target();
      if (command === "wait") await client.calls.wait();
      const sum = await client.calls.add({ left: 1, right: 2 });
      send({ done: command, sum, role: ownership.role() });
    } catch (error) {
      send({ done: command, error: describeError(error) });
    }
  });
  process.on("disconnect", () => process.exit());
  send({ done: "open", role: ownership.role() });
} catch (error) {
  send({ done: "open", error: describeError(error) });
  process.disconnect();
}
