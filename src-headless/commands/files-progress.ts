import { roughly } from "#core/assist/one-by-one";
import type { AssistPlace } from "#core/contracts/assist";
import type { Terminal } from "../terminal.ts";
import type { FilePlan } from "./named-files.ts";

/** Tells how far an action is that goes through files. */
export interface FilesProgress {
  /** What one place is asked about with: its progress is told with the file, the place and the time left, and what is noted with its lines. */
  at(plan: FilePlan, place: AssistPlace): Terminal;
  /** A place is done. */
  done(place: AssistPlace): void;
}

/** A place as it is named in a line of its own: `src/cart.ts:3-9 total`. */
export function placeInWords(file: string, { lines: { from, to }, name }: AssistPlace): string {
  return `${file}:${from}-${to}${/^lines? \d/.test(name) ? "" : ` ${name}`}`;
}

/** Creates {@link FilesProgress} for files with places. */
export function createFilesProgress(
  terminal: Terminal,
  plans: readonly FilePlan[],
  now: () => number = () => performance.now(),
): FilesProgress {
  const units = ({ start, end }: AssistPlace) => end - start + 1;
  let left = plans.flatMap(({ places }) => places).reduce((sum, place) => sum + units(place), 0);
  let past = 0;
  const began = now();

  return {
    at(plan, place) {
      const seconds = ((now() - began) / 1000 / Math.max(1, past)) * left;
      const parts = [
        `${plan.name} (${plans.indexOf(plan) + 1} of ${plans.length})`,
        `${place.name} (${plan.places.indexOf(place) + 1} of ${plan.places.length})`,
        ...(past > 0 ? [`${roughly(seconds)} left`] : []),
      ];
      return {
        ...terminal,
        progress: (line) => terminal.progress([...parts, line].filter((part) => part !== "").join(" · ")),
        note: (line) => terminal.note(/^\s/.test(line) ? line : `${placeInWords(plan.name, place)}: ${line}`),
      };
    },
    done(place) {
      past += units(place);
      left -= units(place);
    },
  };
}
