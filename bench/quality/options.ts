import { parseArgs } from "node:util";

/** The parts of the benchmark, in the order they run. */
export const partNames = ["fix", "improve", "refactor", "document", "test"] as const;
/** See {@link partNames}. */
export type PartName = (typeof partNames)[number];

/** What is to be measured. */
export interface Options {
  readonly parts: readonly PartName[];
  /** A folder with clones of the public repositories that docs/quality.md names. */
  readonly cases: string;
  readonly model: string | undefined;
  readonly threads: number;
  /** After these minutes a part stops asking; the next run goes on where it ended. */
  readonly minutes: number;
  /** Targets of a part, spread evenly; all when it is not said. */
  readonly count: number;
  /** Every other target: the half that rules were chosen on, or the one they were not. */
  readonly half: "tuned" | "other" | undefined;
  /** Tests that are written are run before they are offered, and functions before and after a change, as a user may allow it. */
  readonly verify: boolean;
  /** Whose stored outcomes are thrown away first. */
  readonly again: readonly string[];
  /** Who is not asked. */
  readonly without: readonly string[];
}

/** Reads the arguments; throws for what it does not know. */
export function readOptions(parameters: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      part: { type: "string", multiple: true, default: [] },
      cases: { type: "string" },
      model: { type: "string" },
      threads: { type: "string", default: "1" },
      minutes: { type: "string", default: "600" },
      count: { type: "string" },
      half: { type: "string" },
      verify: { type: "boolean", default: false },
      again: { type: "string", multiple: true, default: [] },
      without: { type: "string", multiple: true, default: [] },
    },
  });
  const wanted = values.part.flatMap((part) => part.split(","));
  for (const name of wanted) {
    if (!(partNames as readonly string[]).includes(name)) throw new Error(`There is no part ${name}. Known are ${partNames.join(", ")}.`);
  }
  const { half } = values;
  if (half !== undefined && half !== "tuned" && half !== "other") throw new Error("A half is tuned or other.");
  if (values.cases === undefined)
    throw new Error("Name the folder with the repositories: --cases FOLDER; docs/quality.md says what lies there.");
  return {
    parts: wanted.length > 0 ? partNames.filter((name) => wanted.includes(name)) : partNames,
    cases: values.cases,
    model: values.model,
    threads: Number(values.threads),
    minutes: Number(values.minutes),
    count: values.count === undefined ? Number.POSITIVE_INFINITY : Number(values.count),
    half,
    verify: values.verify,
    again: values.again.flatMap((name) => name.split(",")),
    without: values.without.flatMap((name) => name.split(",")),
  };
}
