import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Figure, printFigures } from "../figures.ts";
import type { Options, PartName } from "./options.ts";
import { type KeptOutcome, resultsFolder, type Store } from "./store.ts";

const aims: Readonly<Record<PartName, { readonly right: string; readonly offered: string }>> = {
  fix: { right: "1.5 x", offered: "stated" },
  improve: { right: "97", offered: "60" },
  refactor: { right: "97", offered: "60" },
  document: { right: "100", offered: "80" },
  test: { right: "90", offered: "50" },
};

/** Prints the figures of a part at the targets that both were asked at, and keeps them beside the outcomes. */
export function reportPart(
  model: string,
  part: PartName,
  targets: readonly { readonly id: string }[],
  store: Store,
  options: Options,
): void {
  const subjects = (["ours", "plain"] as const).filter((subject) => !options.without.includes(subject));
  const shared = targets.filter(({ id }) => subjects.every((subject) => store.of(subject).has(id)));
  if (shared.length === 0) return;
  const outcomesOf = (subject: string) => shared.flatMap(({ id }) => store.of(subject).get(id) ?? []);
  const ours = outcomesOf("ours");
  const plain = subjects.includes("plain") ? outcomesOf("plain") : undefined;
  const figure = (what: string, aim: string, value: (outcomes: readonly KeptOutcome[]) => number, unit = "%"): Figure => ({
    what: `${what}, n ${shared.length}`,
    unit,
    ours: value(ours),
    ...(plain && { peer: value(plain), peerName: "plain prompt" }),
    aim,
  });
  // A test that was left out and named is none of those that are offered; that the others show little speaks against them.
  const isClear = ({ doubts }: KeptOutcome) => (part === "test" ? !doubts.includes("weak") : doubts.length === 0);
  const clear = (outcomes: readonly KeptOutcome[]) => outcomes.filter((each) => each.offered && isClear(each));
  const figures =
    part === "fix"
      ? [
          figure("right", aims.fix.right, (all) => share(all, ({ right, offered }) => right && offered)),
          figure("offered", aims.fix.offered, (all) => share(all, ({ offered }) => offered)),
          figure("right, of those offered", "stated", (all) =>
            share(
              all.filter(({ offered }) => offered),
              ({ right }) => right,
            ),
          ),
        ]
      : [
          figure("right, of those offered without doubts", aims[part].right, (all) => share(clear(all), ({ right }) => right)),
          figure("offered without doubts", aims[part].offered, (all) => (100 * clear(all).length) / all.length),
          figure("offered at all", "stated", (all) => share(all, ({ offered }) => offered)),
        ];
  const seconds = figure("seconds, mean", "stated", (all) => all.reduce((sum, one) => sum + one.seconds, 0) / all.length, "s");
  const conditions = `${basename(model)}, ${options.threads} threads`;
  printFigures(`${part}: ${conditions}`, [...figures, seconds]);
  writeFileSync(
    join(resultsFolder(model), `${part}-figures.json`),
    JSON.stringify({ at: new Date().toISOString(), conditions, figures }, null, 1),
  );
}

function share(outcomes: readonly KeptOutcome[], test: (outcome: KeptOutcome) => boolean): number {
  return outcomes.length === 0 ? Number.NaN : (100 * outcomes.filter(test).length) / outcomes.length;
}
