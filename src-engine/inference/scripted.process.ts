import { inferenceContract } from "#core/contracts/inference";
import { forwardRouter } from "#core/transport/forward";
import { serveRouter } from "#core/transport/serve";
import { childProcessWire } from "../transport/child-process.ts";
import { openScripted } from "./scripted.ts";

// A scripted model in a process of its own, for tests of whole programs: LOCALCODER_INFERENCE_PROCESS names this file, and
// LOCALCODER_SCRIPT says in JSON what the model knows, answers, and how long it takes.

const { answer, ...script } = JSON.parse(process.env.LOCALCODER_SCRIPT ?? "{}");
const { client } = await openScripted({ ...script, answer: () => answer ?? "" })();
const wire = childProcessWire(process);
serveRouter(
  forwardRouter(inferenceContract, async () => client),
  wire,
);
wire.onClose(() => process.exit());
