import type { Session } from "#core/contracts/sessions";
import { strings } from "../extension/strings.ts";
import { element } from "./dom.ts";

/** A session with the words around what was searched. */
export type Found = Session & { readonly excerpt: string };

/** The heading a time stands under: today, yesterday, or the date. */
export function dayOf(time: number, now: number): string {
  const start = new Date(now);
  start.setHours(0, 0, 0, 0);
  if (time >= start.getTime()) return strings.history.today;
  // Not 24 hours: days with a clock change are shorter or longer.
  start.setDate(start.getDate() - 1);
  if (time >= start.getTime()) return strings.history.yesterday;
  const date = new Date(time);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) });
}

/** A text in which the beginnings of words that were searched for are marked. */
export function highlighted(text: string, query: string): (string | HTMLElement)[] {
  const wanted = query.split(/\s+/).filter(Boolean).map(escaped);
  if (wanted.length === 0) return [text];
  return text.split(new RegExp(`(${wanted.join("|")})`, "giu")).map((part, index) => (index % 2 === 1 ? element("mark", {}, part) : part));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
