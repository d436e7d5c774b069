import { serveRouter } from "#core/transport/serve";
import { childProcessWire } from "../transport/child-process.ts";
import { createInferenceRouter } from "./router.ts";
import { createScriptedLoader } from "./scripted.ts";

// A scripted model in a process of its own, for tests of whole programs: LOCALCODER_INFERENCE_PROCESS names this file, and
// LOCALCODER_SCRIPT says in JSON what the model knows and answers, and how long a step takes.

const { answer = "", ...script } = JSON.parse(process.env.LOCALCODER_SCRIPT ?? "{}");
const wire = childProcessWire(process);
serveRouter(createInferenceRouter(createScriptedLoader({ ...script, answer: () => answer })), wire);
wire.onClose(() => process.exit());
