import { parseArgs } from "node:util";

/** The parts of the benchmark, in the order they run. */
export const partNames = ["own", "single", "multi", "holes", "trace", "live", "abort", "window"] as const;
/** See {@link partNames}. */
export type PartName = (typeof partNames)[number];

/** What is to be measured. */
export interface Options {
  readonly parts: readonly PartName[];
  readonly quick: boolean;
  /** A folder with clones of the public repositories that the README names. */
  readonly cases: string | undefined;
  readonly model: string | undefined;
  /** Threads for everybody, when it is not as many as the product takes on this machine. */
  readonly threads: number | undefined;
  /** After these minutes a part stops asking; the next run goes on where it ended. */
  readonly minutes: number;
  /** Whose stored answers are thrown away first. */
  readonly again: readonly string[];
  /** Who is not asked at places. */
  readonly without: readonly string[];
  /** Keeps what was written with the outcomes, to look into misses. */
  readonly texts: boolean;
}

/** Reads the arguments; throws for what it does not know. */
export function readOptions(parameters: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      part: { type: "string", multiple: true, default: [] },
      quick: { type: "boolean", default: false },
      cases: { type: "string" },
      model: { type: "string" },
      threads: { type: "string" },
      minutes: { type: "string", default: "600" },
      again: { type: "string", multiple: true, default: [] },
      without: { type: "string", multiple: true, default: [] },
      texts: { type: "boolean", default: false },
    },
  });
  const wanted = values.part.flatMap((part) => part.split(","));
  for (const name of wanted) {
    if (!(partNames as readonly string[]).includes(name)) throw new Error(`There is no part ${name}. Known are ${partNames.join(", ")}.`);
  }
  // Without a folder only what lies in the checkout can be asked.
  const possible = partNames.filter((name) => values.cases !== undefined || !["single", "multi", "holes"].includes(name));
  return {
    parts: wanted.length > 0 ? partNames.filter((name) => wanted.includes(name)) : possible,
    quick: values.quick,
    cases: values.cases,
    model: values.model,
    threads: values.threads === undefined ? undefined : Number(values.threads),
    minutes: Number(values.minutes),
    again: values.again.flatMap((name) => name.split(",")),
    without: values.without.flatMap((name) => name.split(",")),
    texts: values.texts,
  };
}
