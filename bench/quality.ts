// How right the actions are, beside the plain prompt to the same model. Run by `npm run bench -- quality --cases FOLDER`;
// docs/quality.md says what is measured and which options there are.

import { modelFile } from "./model.ts";
import { readOptions } from "./quality/options.ts";
import { openOurs } from "./quality/ours.ts";
import { targetsOf } from "./quality/parts.ts";
import { openPlain } from "./quality/plain.ts";
import { reportPart } from "./quality/report.ts";
import { openStore } from "./quality/store.ts";
import { some } from "./quality/targets.ts";

const options = readOptions(process.argv.slice(2));
const model = modelFile(options.model);
for (const part of options.parts) {
  const ofHalf = targetsOf(part, options).filter(
    (_, index) => options.half === undefined || (options.half === "tuned") === (index % 2 === 0),
  );
  const targets = some(ofHalf, options.count);
  const store = openStore(model, options.verify ? `${part}-verified` : part, options.again);
  const deadline = Date.now() + options.minutes * 60_000;
  for (const subject of ["ours", "plain"] as const) {
    const missing = targets.filter(({ id }) => !store.of(subject).has(id));
    if (options.without.includes(subject) || missing.length === 0) continue;
    const opened = subject === "ours" ? await openOurs(model, options.threads, options.verify) : openPlain(model, options.threads);
    try {
      for (const target of missing) {
        if (Date.now() > deadline) break;
        const outcome = await ("run" in opened ? target.ours(opened) : target.plain(opened));
        store.put(subject, target.id, outcome);
        console.log(
          `${part} ${subject} ${target.id}: ${outcome.offered ? "offered" : "nothing"}, ${outcome.right ? "right" : "not right"} ${outcome.doubts.join(" ")}, ${outcome.seconds.toFixed(1)} s`,
        );
      }
    } finally {
      await opened.dispose();
    }
  }
  reportPart(model, part, targets, store, options);
}
