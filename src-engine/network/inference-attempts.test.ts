import { createRouterClient } from "@orpc/server";
import { expect, it } from "vitest";
import { createEmitter } from "#core/base/emitter";
import type { NetworkAttempt } from "#core/contracts/network";
import { defaultSettings } from "#core/settings/schema";
import { createInference } from "../inference/host.ts";
import { createInferenceRouter } from "../inference/router.ts";
import { createScriptedLoader } from "../inference/scripted.ts";
import { createNetwork } from "./network.ts";

it("what the inference process may not reach stands in the ledger", async () => {
  const settings = { current: () => defaultSettings };
  const refused = createEmitter<NetworkAttempt>();
  const router = createInferenceRouter(createScriptedLoader({}), refused);
  const network = createNetwork({ processName: "engine", settings });
  const inference = createInference({
    open: async () => {
      let kill = () => {};
      const exited = new Promise<{ reason: string }>((resolve) => {
        kill = () => resolve({ reason: "killed" });
      });
      return { client: createRouterClient(router), exited, kill };
    },
    settings,
    onAttempt: network.report,
  });
  const rows = network.watch();
  await inference.ensure({ id: "m", name: "M", path: "/m.gguf" }, "code");
  refused.emit({ time: 1, process: "inference", host: "refused.test", purpose: "unknown", allowed: false, reason: "Nobody asked for it." });
  expect((await rows.next()).value).toMatchObject({ process: "inference", host: "refused.test" });
  expect(network.attempts()).toHaveLength(1);
  await rows.return();
  await inference.dispose();
  network.dispose();
});
