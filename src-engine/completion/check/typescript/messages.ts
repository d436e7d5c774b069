import type { Diagnosis, Place, SuggestionPlace, Verdict } from "../place.ts";

/** What the thread is asked; it answers each question once, in order. */
export type Question =
  | { readonly kind: "warm" | "errors"; readonly place: Place }
  | { readonly kind: "check" | "diagnose"; readonly place: SuggestionPlace };

/** What it answers. */
export interface Answer {
  readonly verdict: Verdict;
  readonly diagnosis?: Diagnosis;
  readonly errors?: readonly Diagnosis[];
}
