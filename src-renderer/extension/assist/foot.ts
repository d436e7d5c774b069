import { element, link } from "../../pages/dom.ts";
import { strings } from "../strings.ts";

/** The line under an answer that says what made it; once it is known, a click shows what the model saw. */
export function createFoot(openSeen: () => void): { element: HTMLElement; update(text: string, isKnown: boolean): void } {
  const root = element("span", { class: "foot" });
  let drawn = "";
  return {
    element: root,
    update(text, isKnown) {
      const next = `${isKnown} ${text}`;
      if (next === drawn) return;
      drawn = next;
      root.replaceChildren(isKnown && text !== "" ? link(text, openSeen, strings.seen.button) : text);
    },
  };
}
