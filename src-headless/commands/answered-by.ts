import type { AssistRequest } from "#core/contracts/assist";
import type { Invocation, Option } from "../command.ts";

/** The options that say which model answers. */
export const answeredByOptions = {
  mode: {
    description: "rush (the smallest model, asked once), smart (the largest that fits) or free (as rush)",
    value: "MODE",
    choices: ["rush", "smart", "free"],
    short: "m",
  },
  with: { description: "The model that answers: a catalogue id or the path of a file", value: "MODEL" },
} as const satisfies Readonly<Record<string, Option>>;

/** Reads them. */
export function answeredBy({ value }: Pick<Invocation, "value">): Pick<AssistRequest, "mode" | "model"> {
  const mode = value("mode");
  return { ...(mode !== undefined && { mode: mode === "smart" ? "smart" : "rush" }), model: value("with") };
}
