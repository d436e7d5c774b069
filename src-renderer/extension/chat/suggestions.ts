import { element, icon, replaceChildren } from "../../pages/dom.ts";
import { strings } from "../strings.ts";
import type { Completion, Completions } from "./completions.ts";

/** A list over the input that completes what is typed; the focus stays in the input. */
export interface Suggestions {
  readonly element: HTMLElement;
  /** Looks again what fits; called at each change. */
  refresh(): void;
  /** True when the key was for the list. */
  onKey(event: KeyboardEvent): boolean;
  close(): void;
}

/** Creates {@link Suggestions} for a text field. */
export function createSuggestions(
  field: HTMLTextAreaElement,
  find: (text: string, cursor: number) => Promise<Completions | undefined>,
  changed: () => void,
): Suggestions {
  const list = element("div", {
    id: "localcoder-chat-suggestions",
    class: "suggestions",
    role: "listbox",
    "aria-label": strings.chat.suggestions,
  });
  let shown: Completions | undefined;
  /** The text that what is shown was found for. */
  let foundFor = "";
  let chosen = 0;
  let asked = 0;
  list.hidden = true;
  field.setAttribute("aria-controls", list.id);

  function draw(): void {
    const items = shown?.items ?? [];
    list.hidden = items.length === 0;
    replaceChildren(list, ...items.map(rowOf));
    const current = list.children[chosen];
    if (current && !list.hidden) {
      field.setAttribute("aria-activedescendant", current.id);
      current.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function rowOf(item: Completion, index: number): HTMLElement {
    return element(
      "div",
      {
        id: `localcoder-chat-suggestion-${index}`,
        class: "suggestion",
        role: "option",
        title: item.about,
        "aria-selected": String(index === chosen),
        // A press must not take the focus from the text.
        onmousedown: (event: MouseEvent) => {
          event.preventDefault();
          take(item);
        },
      },
      icon(item.icon),
      element("span", { class: "label" }, item.label),
      element("span", { class: "about" }, item.about),
    );
  }

  function take({ insert, goesOn }: Completion): void {
    if (!shown) return;
    const { start } = shown;
    const end = field.selectionStart;
    // A blank that stands there already is enough.
    const text = insert.endsWith(" ") && field.value[end] === " " ? insert.slice(0, -1) : insert;
    field.setRangeText(text, start, end, "end");
    close();
    changed();
    if (goesOn) refresh();
  }

  function close(): void {
    asked += 1;
    shown = undefined;
    draw();
  }

  function refresh(): void {
    const mine = ++asked;
    void find(field.value, field.selectionStart)
      .catch(() => undefined)
      .then((found) => {
        // An older question may be answered after a newer one.
        if (mine !== asked) return;
        shown = found;
        foundFor = field.value;
        chosen = 0;
        draw();
      });
  }

  return {
    element: list,
    refresh,
    onKey(event) {
      const items = shown?.items ?? [];
      const item = items[chosen];
      if (!item || event.isComposing) return false;
      // Who types on while the list is being found anew must not get what fitted before.
      if (field.value !== foundFor) {
        if (event.key === "Enter" || event.key === "Tab") close();
        return false;
      }
      if (event.key === "ArrowDown") chosen = (chosen + 1) % items.length;
      else if (event.key === "ArrowUp") chosen = (chosen + items.length - 1) % items.length;
      else if (event.key === "Enter" || event.key === "Tab") {
        const { start } = shown ?? { start: 0 };
        // Enter sends what is complete already.
        if (event.key === "Enter" && field.value.slice(start, field.selectionStart).trim() === item.insert.trim()) {
          close();
          return false;
        }
        take(item);
        return true;
      } else if (event.key === "Escape") {
        close();
        return true;
      } else return false;
      draw();
      return true;
    },
    close,
  };
}
