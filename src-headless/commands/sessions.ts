import type { Command } from "../command.ts";
import { changeOptions } from "./history/changing.ts";
import { kindOption } from "./history/filters.ts";
import { runPart, sharedOptions, sharedParts, sharedUsage, wholeParts } from "./history/parts.ts";
import { replay, replayOptions } from "./history/replaying.ts";

/** `localcoder sessions`: the history. */
export const sessions: Command = {
  name: "sessions",
  summary: "List, show, search and change the history",
  usage: [...sharedUsage("sessions"), "sessions replay ID [--with MODEL]", "sessions forget --yes", "sessions back-up FILE"],
  options: { ...sharedOptions, ...kindOption, ...replayOptions, yes: changeOptions.yes },
  examples: [
    ["localcoder sessions", "lists the latest, newest first"],
    ["localcoder sessions search retry delay --file queue", "finds sessions with both words about files with queue in their path"],
    ["localcoder sessions show 3f2a", "prints a session; the beginning of its id is enough"],
    ["localcoder sessions export --all --outcome kept --format script > changes.sh", "writes a script with all changes that were kept"],
    ["localcoder sessions replay 3f2a", "asks the same again, from nothing and with the same chance, and compares"],
  ],
  run: (invocation) => runPart(invocation, { command: "sessions", noun: "session" }, { ...sharedParts, ...wholeParts, replay }),
};
