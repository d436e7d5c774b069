import { type CalibrationHole, calibrationHoles } from "#core/completion/calibration/holes";
import { bestLayout, candidateLayouts, type LayoutScore, similarity } from "#core/completion/calibration/score";
import { fitSuggestion } from "#core/completion/suggestion";
import type { InfillLayout } from "#core/contracts/inference";
import type { Calibration, CalibrationEvent } from "#core/contracts/models";
import type { Inference, ModelReference } from "../inference/host.ts";
import type { Layouts } from "./layouts.ts";

/** Finds the layout with which a model fills in best. */
export interface Calibrator {
  /** Tries every layout on every hole, one after the other and behind all other work; keeps what it found at the end, and not before. */
  calibrate(model: ModelReference, signal?: AbortSignal): AsyncGenerator<CalibrationEvent, void, void>;
}

/** Enough for any of the lines. */
const mostTokens = 32;

/** Creates a {@link Calibrator}. */
export function createCalibrator(
  { inference, layouts }: { readonly inference: Pick<Inference, "infill">; readonly layouts: Pick<Layouts, "keep"> },
  holes: readonly CalibrationHole[] = calibrationHoles,
  now: () => number = Date.now,
): Calibrator {
  async function fill(
    model: ModelReference,
    { path, prefix, suffix }: CalibrationHole,
    layout: InfillLayout,
    document: string,
    signal?: AbortSignal,
  ) {
    const written = await inference.infill(
      model,
      {
        document,
        path,
        prefix,
        suffix,
        shape: "line",
        maxTokens: mostTokens,
        blockMilliseconds: 0,
        layout,
        priority: "background",
      },
      signal,
    );
    return fitSuggestion(written, { prefix, suffix, documentPrefix: prefix, documentSuffix: suffix }).text;
  }

  return {
    async *calibrate(model, signal) {
      const total = holes.length * (candidateLayouts.length + 1);
      const scores: LayoutScore[] = [];
      let done = 0;
      for (const candidate of [...candidateLayouts, undefined]) {
        // Names are tried last, with what is best by then: each with each would take twice as long.
        const layout = candidate ?? { ...bestLayout(scores, holes.length), names: false };
        let exact = 0;
        let alike = 0;
        for (const hole of holes) {
          yield { type: "progress", layout, done, total };
          // Each hole is a document of its own: an open hole of another one would decide where it opens.
          const text = await fill(model, hole, layout, `localcoder:calibration/${done}`, signal);
          if (text.trim() === hole.expected.trim()) exact += 1;
          alike += similarity(text, hole.expected);
          done += 1;
        }
        scores.push({ layout, exact, similarity: alike / holes.length });
      }
      const calibration: Calibration = { layout: bestLayout(scores, holes.length), holes: holes.length, scores, at: now() };
      await layouts.keep(model.path, calibration);
      yield { type: "done", calibration };
    },
  };
}
