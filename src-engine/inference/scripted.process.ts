import { serveRouter } from "#core/transport/serve";
import { childProcessWire } from "../transport/child-process.ts";
import { createInferenceRouter } from "./router.ts";
import { createScriptedLoader } from "./scripted.ts";

// A scripted model in a process of its own, for tests of whole programs: LOCALCODER_INFERENCE_PROCESS names this file, and
// LOCALCODER_SCRIPT says in JSON what the model knows and answers, how sure it is and how long a step takes.

const { answer = "", sureness, ...script } = JSON.parse(process.env.LOCALCODER_SCRIPT ?? "{}");
const wire = childProcessWire(process);
serveRouter(
  createInferenceRouter(
    createScriptedLoader({ ...script, answer: () => answer, ...(sureness !== undefined && { probability: () => sureness }) }),
  ),
  wire,
);
wire.onClose(() => process.exit());
