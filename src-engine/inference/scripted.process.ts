import { serveRouter } from "#core/transport/serve";
import { childProcessWire } from "../transport/child-process.ts";
import { createInferenceRouter } from "./router.ts";
import { createScriptedLoader, type ScriptedModel } from "./scripted.ts";

// A scripted model in a process of its own, for tests of whole programs: LOCALCODER_INFERENCE_PROCESS names this file, and
// LOCALCODER_SCRIPT says in JSON what the model knows and answers, how sure it is and of which pieces less, and how long a step takes.

const { answer = "", sureness = 0.9, doubts = {}, ...script } = JSON.parse(process.env.LOCALCODER_SCRIPT ?? "{}");
const model: ScriptedModel = { ...script, answer: () => answer, probability: (piece) => doubts[piece] ?? sureness };
const wire = childProcessWire(process);
serveRouter(createInferenceRouter(createScriptedLoader(model)), wire);
wire.onClose(() => process.exit());
