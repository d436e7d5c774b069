import { findAction } from "#core/assist/index";
import { hitEnd, hitStart, type Session } from "#core/contracts/sessions";
import { strings } from "../extension/strings.ts";
import { dateText } from "./dates.ts";
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
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return dateText(time, sameYear ? "day" : "dayAndYear");
}

/** An excerpt in which the hits are marked, as the search marked them. */
export function withHits(excerpt: string): (string | HTMLElement)[] {
  return excerpt.split(hitStart).flatMap((part, index) => {
    if (index === 0) return [part];
    const [hit = "", ...rest] = part.split(hitEnd);
    return [element("mark", {}, hit), rest.join("")];
  });
}

/** Where a session was and how it ended, without what its title says already. */
export function placeOf({ title, path, lines }: Session): string {
  const file = path?.split(/[\\/]/).at(-1) ?? "";
  const place = [file, lines ? strings.history.lines(lines.from, lines.to) : ""].filter(Boolean).join(", ");
  return title.endsWith(place) ? "" : title.includes(file) && lines ? strings.history.lines(lines.from, lines.to) : place;
}

/** What a kind of session is called: the verb of its action, or the chat. */
export function kindName(kind: string): string {
  return kind === "chat" ? strings.history.chat : (findAction(kind)?.verb ?? kind);
}

/** The labels in what a user typed: each once, without marks before them. */
export function labelsOf(text: string): string[] {
  const labels = text.split(",").map((part) => part.trim().replace(/^#+/, "").trim().slice(0, 60));
  return [...new Set(labels.filter((part) => part !== ""))].slice(0, 20);
}
