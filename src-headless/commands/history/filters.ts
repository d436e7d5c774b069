import { sessionOutcome } from "#core/contracts/sessions";
import { type Invocation, type Option, UsageError } from "../../command.ts";
import { workspaceAround } from "../../document.ts";
import type { Scope } from "./scope.ts";

/** The options that say which sessions are meant. */
export const filterOptions: Readonly<Record<string, Option>> = {
  here: { description: "Only of this folder's project" },
  file: { description: "Only about files with this in their path", value: "TEXT" },
  model: { description: "Only answered by models with this in their name", value: "TEXT" },
  label: { description: "Only with this label; for new, the label it gets", value: "LABEL", short: "l" },
  outcome: { description: "Only proposals that were kept, undone or partly kept", value: "OUTCOME" },
  since: { description: "Only begun on this day or later", value: "YYYY-MM-DD" },
  until: { description: "Only begun on this day or before", value: "YYYY-MM-DD" },
  archived: { description: "Only what is archived, which is left out otherwise" },
};

/** The option that only the whole history has. */
export const kindOption: Readonly<Record<string, Option>> = {
  kind: { description: "Only of this kind: chat, or an action such as improve", value: "KIND" },
};

/** Reads the options as the engine takes them. */
export async function readFilters({ value, has }: Invocation, scope: Scope) {
  const outcome = value("outcome");
  const parsed = outcome === undefined ? undefined : sessionOutcome.safeParse(outcome);
  if (parsed && !parsed.success) throw new UsageError("--outcome is kept, undone or partly.");
  return {
    kind: scope.kind ?? value("kind"),
    path: value("file"),
    model: value("model"),
    label: value("label"),
    outcome: parsed?.data,
    from: dayOf(value("since"), "since", 0),
    to: dayOf(value("until"), "until", 1),
    ...(has("here") && { workspace: await workspaceAround(process.cwd()) }),
    archived: has("archived") ? ("only" as const) : ("without" as const),
  };
}

/** The beginning of a day here, some days later, in milliseconds. */
function dayOf(text: string | undefined, option: string, later: number): number | undefined {
  if (text === undefined) return undefined;
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  const date = new Date(year ?? Number.NaN, (month ?? 0) - 1, day);
  if (Number.isNaN(date.getTime()) || date.getDate() !== day) throw new UsageError(`--${option} takes a day as YYYY-MM-DD.`);
  date.setDate(date.getDate() + later);
  return date.getTime();
}
