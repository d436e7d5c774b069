import { expect, test } from "vitest";
import type { CalibrationHole } from "#core/completion/calibration/holes";
import { candidateLayouts, defaultLayout } from "#core/completion/calibration/score";
import type { InfillRequest, InfillResult } from "#core/contracts/inference";
import type { Calibration, CalibrationEvent } from "#core/contracts/models";
import { createCalibrator } from "./calibrator.ts";
import { scriptedModel as model } from "./scripted-completion.ts";

const holes: readonly CalibrationHole[] = ["one", "two", "three", "four"].map((name) => ({
  path: `${name}.ts`,
  prefix: `const ${name} = `,
  suffix: "\n",
  expected: "value;",
}));

/** A model that is right only where the hole opens as it likes. */
function setUp(rightWith: (request: InfillRequest) => boolean) {
  const asked: InfillRequest[] = [];
  const kept: Calibration[] = [];
  const calibrator = createCalibrator(
    {
      inference: {
        async infill(_model, request, signal): Promise<InfillResult> {
          signal?.throwIfAborted();
          asked.push(request);
          const pieces = [{ text: rightWith(request) ? "value;" : "nonsense", probability: 0.9 }];
          const tokens = { prompt: 10, reused: 0, evaluated: 10, generated: 1 };
          const milliseconds = { waiting: 0, evaluating: 1, generating: 1 };
          return { pieces, written: pieces, doubted: false, ended: true, tokens, stop: "line", alternatives: [], parts: [], milliseconds };
        },
      },
      layouts: { keep: async (_path, found) => void kept.push(found) },
    },
    holes,
    () => 5000,
  );
  return { asked, kept, calibrator };
}

async function all(events: AsyncIterable<CalibrationEvent>): Promise<CalibrationEvent[]> {
  const seen: CalibrationEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

test("every layout is tried on every hole, behind all other work, and the best one is kept", async () => {
  const { asked, kept, calibrator } = setUp(({ layout }) => layout?.anchor === "line");
  const events = await all(calibrator.calibrate(model));
  const total = holes.length * (candidateLayouts.length + 1);
  expect(events.slice(0, -1).map((event) => event.type === "progress" && [event.done, event.total])).toEqual(
    Array.from({ length: total }, (_, done) => [done, total]),
  );
  expect(events.at(-1)).toEqual({ type: "done", calibration: kept[0] });
  expect(kept).toMatchObject([{ layout: { anchor: "line", healing: true, names: true }, holes: 4, at: 5000 }]);
  expect(kept[0]?.scores.map(({ exact }) => exact)).toEqual([0, 0, 4, 0, 4]);
  expect(new Set(asked.map(({ priority }) => priority))).toEqual(new Set(["background"]));
  // An open hole of another one would decide where it opens.
  expect(new Set(asked.map(({ document }) => document)).size).toBe(total);
});

test("names are left out where a model does better without them, with the layout that is best otherwise", async () => {
  const { kept, calibrator } = setUp(({ layout }) => layout?.anchor === "window" && layout.names === false);
  await all(calibrator.calibrate(model));
  expect(kept[0]?.layout).toEqual(defaultLayout);
  const other = setUp(({ layout }) => layout?.names === false);
  await all(other.calibrator.calibrate(model));
  expect(other.kept[0]?.layout).toEqual({ ...defaultLayout, names: false });
});

test("a model to which it is all the same keeps the usual layout", async () => {
  const { kept, calibrator } = setUp(() => true);
  await all(calibrator.calibrate(model));
  expect(kept[0]?.layout).toEqual(defaultLayout);
});

test("what is stopped keeps nothing", async () => {
  const { asked, kept, calibrator } = setUp(() => true);
  const stop = new AbortController();
  const run = (async () => {
    for await (const event of calibrator.calibrate(model, stop.signal)) if (event.type === "progress" && event.done === 5) stop.abort();
  })();
  await expect(run).rejects.toMatchObject({ name: "AbortError" });
  for await (const event of calibrator.calibrate(model)) if (event.type === "progress" && event.done === 3) break;
  expect(asked).toHaveLength(8);
  expect(kept).toEqual([]);
});
