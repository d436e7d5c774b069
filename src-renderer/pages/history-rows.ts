import { arrange, element } from "./dom.ts";
import { dayOf, type Found } from "./history-list.ts";

/**
 * Draws the sessions of a list under the days they stand for. Rows of sessions that are as they were stay in the document, so that a row
 * that goes or comes costs no more than itself.
 */
export function createSessionRows(
  list: HTMLElement,
  rowOf: (session: Found, query: string) => HTMLElement,
): (found: readonly Found[], query: string) => void {
  let drawn = new Map<string, { readonly node: HTMLElement; readonly signature: string }>();
  return (found, query) => {
    const before = drawn;
    drawn = new Map();
    const part = (key: string, signature: string, make: () => HTMLElement) => {
      const known = before.get(key);
      drawn.set(key, known?.signature === signature ? known : { node: make(), signature });
    };
    let day = "";
    for (const session of found) {
      const its = dayOf(session.updated, Date.now());
      if (its !== day) part(`day before ${session.id}`, its, () => element("h3", { class: "day", role: "presentation" }, its));
      day = its;
      part(session.id, JSON.stringify([session, query !== ""]), () => rowOf(session, query));
    }
    arrange(
      list,
      [...drawn.values()].map(({ node }) => node),
    );
  };
}
