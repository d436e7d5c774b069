import { allActions } from "#core/assist/index";
import { strings } from "../extension/strings.ts";
import { element } from "./dom.ts";
import { type HistoryFilters, setFilters } from "./history-filters.ts";
import { kindName } from "./history-list.ts";

const words = strings.history;

/** What the chips show. */
export interface ChipsState {
  readonly filters: HistoryFilters;
  /** Kinds of sessions there are. */
  readonly kinds: readonly string[];
  /** Whether only this folder's sessions are listed; undefined where the window has no folder. */
  readonly onlyHere: boolean | undefined;
}

/** The chips above the list: this folder, each kind there is, and each filter that is set. */
export function historyChips({ filters, kinds, onlyHere }: ChipsState, change: (next: Partial<ChipsState>) => void): HTMLElement[] {
  const chip = (label: string, pressed: boolean, next: Partial<ChipsState>, title?: string) =>
    element(
      "button",
      {
        type: "button",
        class: "localcoder-chip",
        "aria-pressed": String(pressed),
        "aria-label": title,
        title,
        "data-key": label,
        onclick: () => change(next),
      },
      label,
    );
  // In the order of the actions, whatever is more frequent: a chip stays where it was.
  const order = ["chat", ...allActions.map(({ id }) => id)];
  const sorted = [...kinds].sort((one, other) => order.indexOf(one) - order.indexOf(other));
  return [
    ...(onlyHere === undefined ? [] : [chip(words.thisWorkspace, onlyHere, { onlyHere: !onlyHere })]),
    ...sorted.map((kind) =>
      chip(kindName(kind), filters.kind === kind, { filters: { ...filters, kind: filters.kind === kind ? undefined : kind } }),
    ),
    ...setFilters(filters).map(({ name, without }) => chip(`${name} ×`, true, { filters: without }, words.removeFilter(name))),
  ];
}
