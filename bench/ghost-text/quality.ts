import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "../figures.ts";
import { judge, type Outcome } from "./judge.ts";
import type { Place, Subject } from "./place.ts";
import type { Store } from "./store.ts";

/** Whose answers there are. `program` is ours with all that the model says, `shown` is what ours shows while typing. */
export type SubjectName = "shown" | "program" | "llama.vim" | "healed PSM";

/** Names that are asked together at each place, since the second costs little after the first. */
export type Groups = readonly (readonly SubjectName[])[];

/** Everybody but those who are left out. */
export function groupsWithout(names: readonly string[]): Groups {
  const all: Groups = [["shown", "program"], ["llama.vim"], ["healed PSM"]];
  return all.filter((group) => !group.some((name) => names.includes(name)));
}

/** Places that everybody is asked at before the next ones, so that a piece of a long run can be compared already. */
const together = 20;

/** Opens those who are asked together. */
export type OpenSubjects = (
  names: readonly SubjectName[],
) => Promise<Readonly<Partial<Record<SubjectName, Subject>>> & { dispose(): Promise<void> }>;

/** Asks everybody at all places whose outcome is not known yet, until the deadline. */
export async function askAll(
  places: readonly Place[],
  groups: Groups,
  open: OpenSubjects,
  store: Store,
  { deadline, texts }: { readonly deadline: number; readonly texts: boolean },
): Promise<void> {
  for (let at = 0; at < places.length; at += together) {
    for (const names of groups) {
      const missing = places.slice(at, at + together).filter(({ id }) => names.some((name) => !store.of(name).has(id)));
      if (missing.length === 0 || Date.now() > deadline) continue;
      const opened = await open(names);
      try {
        for (const place of missing) {
          if (Date.now() > deadline) break;
          for (const name of names) {
            const subject = opened[name];
            if (subject === undefined) continue;
            store.put(name, place.id, await withHole(place, async () => judge(place, await subject.complete(place), texts)));
          }
        }
      } finally {
        store.save();
        await opened.dispose();
      }
    }
  }
}

/** Runs with the hole in the file on the disk, since whoever reads the project must not find what is asked for. */
async function withHole<T>(place: Place, run: () => Promise<T>): Promise<T> {
  if (place.workspace === undefined) return run();
  const file = join(place.workspace, place.path);
  writeFileSync(file, place.prefix + place.suffix);
  try {
    return await run();
  } finally {
    writeFileSync(file, place.prefix + place.wanted + place.suffix);
  }
}

/** Outcomes of everybody at the places that everybody was asked at. */
function sharedOutcomes(places: readonly Place[], groups: Groups, store: Store) {
  const shared = places.filter(({ id }) => groups.flat().every((name) => store.of(name).has(id)));
  return {
    count: shared.length,
    of: (name: SubjectName): readonly Outcome[] => shared.flatMap(({ id }) => store.of(name).get(id) ?? []),
  };
}

function share(outcomes: readonly Outcome[], test: (outcome: Outcome) => boolean | undefined): number {
  return (100 * outcomes.filter((outcome) => test(outcome) === true).length) / outcomes.length;
}

/** Figures of a part, beside llama.vim and beside healed PSM. */
export function qualityFigures(
  part: string,
  places: readonly Place[],
  groups: Groups,
  store: Store,
  aims: { readonly passed?: string; readonly exact?: string },
): readonly Figure[] {
  const { count, of } = sharedOutcomes(places, groups, store);
  if (count === 0) return [];
  const beside = (what: string, unit: string, value: (outcomes: readonly Outcome[]) => number, own: SubjectName, aim: string): Figure[] =>
    groups
      .filter((names) => !names.includes("program"))
      .flat()
      .map((peerName) => ({
        what: `${part}: ${what}`,
        unit,
        ours: value(of(own)),
        peer: value(of(peerName)),
        peerName,
        aim,
      }));
  const hasPrograms = of("program").some(({ passed }) => passed !== undefined);
  return [
    ...(hasPrograms
      ? beside(`pass@1, n ${count}`, "%", (all) => share(all, ({ passed }) => passed), "program", aims.passed ?? "stated")
      : []),
    ...beside(`exactly right, n ${count}`, "%", (all) => share(all, ({ exact }) => exact), "program", aims.exact ?? "stated"),
    ...beside("similarity", "%", (all) => (100 * all.reduce((sum, one) => sum + one.similarity, 0)) / all.length, "program", "stated"),
    ...beside("anything shown", "%", (all) => share(all, (one) => one.shown), "shown", "stated"),
    ...beside(
      `${hasPrograms ? "pass@1" : "exactly right"}, of those shown`,
      "%",
      (all) => {
        const some = all.filter((one) => one.shown);
        return share(some, (one) => (hasPrograms ? one.passed : one.exact));
      },
      "shown",
      "stated",
    ),
    ...beside("shown and repeats what follows", "", (all) => all.filter((one) => one.shown && one.repeats).length, "shown", "0"),
    ...checkedFigure(part, places, store),
  ];
}

/** The share of suggestions in TypeScript and JavaScript that were checked before they were shown. */
function checkedFigure(part: string, places: readonly Place[], store: Store): readonly Figure[] {
  const script = places
    .filter(({ languageId }) => /^(?:type|java)script/.test(languageId))
    .flatMap(({ id }) => store.of("shown").get(id) ?? [])
    .filter(({ shown }) => shown);
  if (script.length === 0) return [];
  const checked = share(script, ({ check }) => check === "passed" || check === "repaired");
  return [{ what: `${part}: checked before shown, n ${script.length}`, unit: "%", ours: checked, aim: "80" }];
}
