import type { Citation } from "#core/contracts/project";
import { element } from "../../pages/dom.ts";

/** Where one of several texts stands in another one, each as a word of its own, the longer before the shorter. */
export function occurrencesOf(
  texts: readonly string[],
  data: string,
): readonly { readonly text: string; readonly start: number; readonly end: number }[] {
  const found: { text: string; start: number; end: number }[] = [];
  for (const text of [...texts].sort((one, other) => other.length - one.length)) {
    for (let start = data.indexOf(text); text !== "" && start >= 0; start = data.indexOf(text, start + 1)) {
      const end = start + text.length;
      const isWord = !/[\w/.:-]$/.test(data.slice(0, start)) && !/^[\w/]/.test(data.slice(end));
      if (isWord && !found.some((one) => one.start < end && start < one.end)) found.push({ text, start, end });
    }
  }
  return found.sort((one, other) => one.start - other.start);
}

/** Makes what a rendered answer names into links, and marks what is not there with the reason. */
export function markCitations(root: HTMLElement, citations: readonly Citation[], open: (citation: Citation) => void): void {
  const byText = new Map(citations.map((citation) => [citation.text, citation]));
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement?.closest("a, pre, button")) nodes.push(node as Text);
  for (const node of nodes) {
    // From the end, so that what stands before stays where it is.
    for (const { text, start, end } of [...occurrencesOf([...byText.keys()], node.data)].reverse()) {
      const citation = byText.get(text);
      if (!citation) continue;
      const named = node.splitText(start);
      named.splitText(end - start);
      const mark = citation.valid
        ? element("button", { type: "button", class: "localcoder-link", onclick: () => open(citation) })
        : element("span", { class: "localcoder-doubtful", title: citation.problem });
      named.replaceWith(mark);
      mark.append(named);
    }
  }
}
