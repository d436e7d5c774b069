import { type CompletionRequest, completionRequest } from "#core/contracts/completion";
import type { ContextChunk, InfillRequest } from "#core/contracts/inference";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createInference, type Inference } from "../inference/host.ts";
import { openScripted, type ScriptedModel } from "../inference/scripted.ts";
import { openInMemory } from "../sessions/database.ts";
import { createParsers } from "../syntax/parser.ts";
import type { SuggestionCheck } from "./check/check.ts";
import { createCompletion } from "./completion.ts";
import type { ContextPlace, ProjectContext } from "./context/project-context.ts";
import { createRequestJournal } from "./journal.ts";
import { createLayouts } from "./layouts.ts";
import { createPause } from "./pause.ts";
import { createStatistics } from "./statistics.ts";
import { createCompletionSyntax } from "./syntax/syntax.ts";

/** The model of these set-ups. */
export const scriptedModel = { id: "scripted", name: "Scripted 1B", path: "/models/scripted.gguf" };

/** Ghost text over a scripted model, for tests. */
export function openScriptedCompletion(
  script: ScriptedModel,
  change: Partial<Settings> = {},
  forRole = async () => scriptedModel,
  check: Pick<SuggestionCheck, "warm" | "check"> = { warm() {}, check: async () => "none" },
) {
  const settings = { current: (): Settings => ({ ...defaultSettings, ...change }) };
  const inference = createInference({ open: openScripted(script), settings });
  const asked: InfillRequest[] = [];
  /** What runs without anybody waiting for it. */
  const background = new Set<Promise<unknown>>();
  const watched: Pick<Inference, "infill" | "prepare" | "current"> = {
    prepare: inference.prepare,
    current: inference.current,
    infill(reference, request, signal, onPiece) {
      asked.push(request);
      const answer = inference.infill(reference, request, signal, onPiece);
      if (request.priority === "background") {
        const settled = answer.catch(() => {}).finally(() => background.delete(settled));
        background.add(settled);
      }
      return answer;
    },
  };
  /** What of the project is known. */
  let chunks: readonly ContextChunk[] = [];
  const wanted: ContextPlace[] = [];
  const context: Pick<ProjectContext, "chunksFor"> = {
    chunksFor(place) {
      wanted.push(place);
      return chunks;
    },
  };
  const journal = createRequestJournal();
  const pause = createPause();
  const sqlite = openInMemory();
  const statistics = createStatistics({ sqlite });
  const layouts = createLayouts({ sqlite });
  const syntax = createCompletionSyntax(createParsers());
  const completion = createCompletion({
    inference: watched,
    models: { forRole },
    settings,
    layouts,
    context,
    journal,
    pause,
    statistics,
    check,
    syntax,
  });
  const request = (place: string, more: Partial<CompletionRequest> = {}) => {
    const [prefix = "", suffix = ""] = place.split("‸");
    return completionRequest.parse({ path: "/work/a.ts", languageId: "typescript", prefix, suffix, ...more });
  };
  return {
    asked,
    /** Places for which context was wanted. */
    wanted,
    knows(context: readonly ContextChunk[]) {
      chunks = context;
    },
    inference,
    journal,
    pause,
    statistics,
    /** `‸` is the cursor. */
    complete: (place: string, more: Partial<CompletionRequest> = {}, signal?: AbortSignal) =>
      completion.complete(request(place, more), signal),
    prepare: (place: string) => completion.prepare(request(place)),
    /** Waits until nothing is written in the background. */
    async quiet() {
      while (background.size > 0) await Promise.all(background);
    },
  };
}
