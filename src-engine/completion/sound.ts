import type { FittedSuggestion } from "#core/completion/suggestion";
import type { Alternative, CheckOutcome } from "#core/contracts/completion";
import type { SuggestionCheck } from "./check/check.ts";
import type { Place, SuggestionPlace } from "./check/place.ts";

/** What is to be shown after it was checked. */
export interface SoundSuggestion<Candidate> {
  readonly suggestion: FittedSuggestion;
  readonly check: CheckOutcome;
  /** The candidate that took the place of a broken suggestion. */
  readonly instead?: Candidate;
}

/** Checks a suggestion; in place of a broken one it takes the first candidate that passes, and without any shows nothing. */
export async function takeSound<Candidate>(
  { check }: Pick<SuggestionCheck, "check">,
  place: Place,
  first: FittedSuggestion,
  candidates: () => Promise<readonly Candidate[]>,
  finish: (candidate: Candidate) => FittedSuggestion,
): Promise<SoundSuggestion<Candidate>> {
  if (first.text === "") return { suggestion: first, check: "none" };
  const verdict = await judge(first);
  if (verdict !== "broken") return { suggestion: first, check: verdict };
  for (const instead of await candidates()) {
    const suggestion = finish(instead);
    if (suggestion.text === "" || suggestion.text === first.text) continue;
    if ((await judge(suggestion)) === "passed") return { suggestion, check: "repaired", instead };
  }
  return { suggestion: { ...first, text: "", replaces: 0, hidden: "broken" }, check: "none" };

  function judge(suggestion: FittedSuggestion) {
    return check(suggestionPlace(place, suggestion));
  }
}

/** Leaves out further suggestions that are broken. */
export async function withoutBroken(
  { check }: Pick<SuggestionCheck, "check">,
  place: Place,
  alternatives: readonly Alternative[],
): Promise<Alternative[]> {
  const sound: Alternative[] = [];
  // One after the other: a newer check takes the place of one that waits.
  for (const other of alternatives) if ((await check(suggestionPlace(place, other))) !== "broken") sound.push(other);
  return sound;
}

function suggestionPlace(place: Place, { text, replaces }: Pick<Alternative, "text" | "replaces">): SuggestionPlace {
  const { path, languageId, workspace, prefix, suffix } = place;
  return { path, languageId, workspace, prefix, suffix, text, replaces };
}
