import type * as vscodeApi from "vscode";
import type { HistoryFacets, SessionOutcome } from "#core/contracts/sessions";
import { strings } from "../extension/strings.ts";

const words = strings.history;

/** What the list of the history is narrowed to, beside the words of the search. */
export interface HistoryFilters {
  readonly kind?: string;
  readonly outcome?: SessionOutcome;
  readonly archived?: "only";
  readonly path?: string;
  readonly model?: string;
  readonly label?: string;
  /** Days back from now. */
  readonly days?: 1 | 7 | 30;
}

/** The name of a filter: what a chip for it says. */
export function filterName(filters: HistoryFilters, key: keyof HistoryFilters): string {
  const { outcome, path, model, label, days } = filters;
  switch (key) {
    case "outcome":
      return outcome ? words.only[outcome] : "";
    case "archived":
      return words.only.archived;
    case "path":
      return path?.split(/[\\/]/).at(-1) ?? "";
    case "model":
      return model ?? "";
    case "label":
      return `#${label}`;
    case "days":
      return days ? words.since[days] : "";
    case "kind":
      return "";
  }
}

/** The filters that are shown as chips of their own, each with what is left without it. */
export function setFilters(filters: HistoryFilters): { readonly name: string; readonly without: HistoryFilters }[] {
  return (Object.keys(filters) as (keyof HistoryFilters)[])
    .filter((key) => key !== "kind" && filters[key] !== undefined)
    .map((key) => ({ name: filterName(filters, key), without: { ...filters, [key]: undefined } }));
}

/** The filters as the engine takes them. */
export function asQuery({ kind, outcome, archived, path, model, label, days }: HistoryFilters, now: number) {
  return { kind, outcome, archived: archived ?? ("without" as const), path, model, label, from: days && startOfDay(now, days) };
}

function startOfDay(now: number, daysBack: number): number {
  const date = new Date(now);
  date.setHours(0, 0, 0, 0);
  date.setDate(date.getDate() - daysBack);
  return date.getTime();
}

/** Lets the user choose one more filter, or take it back by choosing it again; undefined when nothing was chosen. */
export async function chooseFilter(
  vscode: typeof vscodeApi,
  filters: HistoryFilters,
  { models, labels, archived }: HistoryFacets,
): Promise<HistoryFilters | undefined> {
  type Item = vscodeApi.QuickPickItem & { readonly part?: HistoryFilters };
  const group = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const item = (part: HistoryFilters): Item => {
    const [key] = Object.keys(part) as (keyof HistoryFilters)[];
    const isSet = key !== undefined && filters[key] === part[key];
    return { label: `${isSet ? "$(check) " : ""}${key ? filterName(part, key) : ""}`, part: isSet && key ? { [key]: undefined } : part };
  };
  const document = vscode.window.activeTextEditor?.document;
  const file = document?.uri.scheme === "file" ? document.uri.fsPath : undefined;
  const items: Item[] = [
    group(words.groups.outcome),
    ...(["kept", "partly", "undone"] as const).map((outcome) => item({ outcome })),
    ...(archived > 0 || filters.archived ? [item({ archived: "only" })] : []),
    group(words.groups.time),
    ...([1, 7, 30] as const).map((days) => item({ days })),
    ...(file === undefined ? [] : [{ ...item({ path: file }), description: words.only.thisFile }]),
    ...(labels.length === 0 ? [] : [group(words.groups.labels), ...labels.map((label) => item({ label }))]),
    ...(models.length < 2 && filters.model === undefined ? [] : [group(words.groups.models), ...models.map((model) => item({ model }))]),
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: words.filterTitle });
  return chosen?.part && { ...filters, ...chosen.part };
}
