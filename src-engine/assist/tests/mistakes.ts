import { mutantsOf } from "#core/assist/tests/mutants";
import { withUnixLineEnds } from "#core/edits/lines";
import type { Request } from "../assist.ts";
import { runTests, type UnsavedTests } from "./run-tests.ts";

/** So many small mistakes are made in the code. */
const mostMistakes = 8;

/** Tests that notice this part of them show something; some mistakes are none, such as `<=` for `<` where both are never the same. */
const enough = 0.6;

/** Small mistakes made in code, to see which of them its tests notice. */
export interface Mistakes {
  readonly count: number;
  /** How many were noticed so far. */
  noticed(): number;
  areEnough(): boolean;
  /** The names of those tests that notice a mistake which none noticed before. */
  shownBy(tests: Omit<UnsavedTests, "sourceText">, names: readonly string[], signal?: AbortSignal): Promise<ReadonlySet<string>>;
}

/** Makes mistakes in the selection of a request. */
export function mistakesIn({ text, selection, languageId }: Request): Mistakes {
  const { start, end } = selection;
  const [before, selected, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  const all = mutantsOf(selected, languageId, mostMistakes).map((mutant) => withUnixLineEnds(before + mutant + after));
  const unnoticed = new Set(all);
  const noticed = () => all.length - unnoticed.size;
  // Code in which no mistake can be made is not held against its tests.
  const areEnough = () => noticed() >= enough * all.length;
  return {
    count: all.length,
    noticed,
    areEnough,
    async shownBy(tests, names, signal) {
      const showing = new Set<string>();
      for (const sourceText of all) {
        if (areEnough()) break;
        if (!unnoticed.has(sourceText)) continue;
        const came = await runTests({ ...tests, sourceText }, signal);
        if (!came.ran || came.failed.length === 0) continue;
        unnoticed.delete(sourceText);
        // Without a name it is all of them that came to no end.
        for (const { name } of came.failed) for (const each of name === "" ? names : [name]) showing.add(each);
      }
      return showing;
    },
  };
}
