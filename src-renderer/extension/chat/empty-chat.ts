import { button, element } from "../../pages/dom.ts";
import { strings } from "../strings.ts";

const words = strings.chat;

/** What stands in the chat before its first question: what it is for, and questions to begin with. */
export function emptyChat(begin: (question: string) => void): HTMLElement {
  const start = (label: string, text: string) => button(label, () => begin(text));
  return element(
    "div",
    { class: "empty" },
    element("p", {}, words.intro),
    element(
      "div",
      { class: "starts" },
      start(words.starts.explain, "/explain #selection "),
      start(words.starts.project, "@project "),
      start(words.starts.changes, `${words.starts.review} #changes `),
    ),
    element("p", { class: "localcoder-quiet" }, words.hint),
  );
}
