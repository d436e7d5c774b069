import { element, iconButton } from "../../pages/dom.ts";
import { strings } from "../strings.ts";

const words = strings.chat;

/** The line above a thread: its title, and the ways to a new one and to the others. */
export function chatHead(actions: { begin(): void; choose(): void }): {
  readonly element: HTMLElement;
  /** Without a title it is a new thread. */
  show(title: string | undefined): void;
} {
  const title = element("span", { class: "title" });
  return {
    element: element(
      "div",
      { class: "head" },
      title,
      iconButton("add", words.newThread, actions.begin),
      iconButton("history", words.threads, actions.choose),
    ),
    show(text) {
      title.textContent = text ?? words.newThread;
    },
  };
}
