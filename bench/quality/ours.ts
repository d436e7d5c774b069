import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ContractRouterClient } from "@orpc/contract";
import { type AnyRouter, createRouterClient } from "@orpc/server";
import type { AssistAnswer, AssistRequest, assistContract } from "#core/contracts/assist";
import { createEngine } from "#engine/engine";
import { openFolders } from "#engine/folders";
import { openForked } from "#engine/inference/forked";

/** The actions as a window has them, with the real model on the processor and a data folder of its own. */
export interface Ours {
  readonly assist: ContractRouterClient<typeof assistContract>;
  /** True when tests that are written may be run. */
  readonly verify: boolean;
  /** Runs an action to its end. */
  run(request: AssistRequest): Promise<AssistAnswer>;
  dispose(): Promise<void>;
}

/** Opens {@link Ours}. */
export async function openOurs(model: string, threads: number, verify: boolean): Promise<Ours> {
  const home = mkdtempSync(join(tmpdir(), "localcoder-bench-"));
  mkdirSync(join(home, "user"));
  const own = {
    "localcoder.models.code": model,
    "localcoder.models.general": model,
    "localcoder.inference.gpu": "off",
    "localcoder.trust.folders": [tmpdir()],
    "localcoder.inference.threads": threads,
    "localcoder.inference.temperature": 0,
    "localcoder.inference.idleUnloadMinutes": 0,
  };
  writeFileSync(join(home, "user", "settings.json"), JSON.stringify(own));
  const folders = await openFolders({ ...process.env, LOCALCODER_HOME: home });
  const entry = fileURLToPath(new URL("../../src-engine/inference/inference.process.ts", import.meta.url));
  const engine = await createEngine({
    folders,
    processName: "bench",
    openInference: openForked(entry, join(folders.logs, "inference.log")),
  });
  const { assist: router } = engine.router as { readonly assist: AnyRouter };
  const assist = createRouterClient(router, {}) as unknown as Ours["assist"];
  return {
    assist,
    verify,
    async run(request) {
      for await (const event of await assist.run(request)) if (event.type === "finished") return event.answer;
      throw new Error("The action ended without an answer.");
    },
    async dispose() {
      await engine.dispose();
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
