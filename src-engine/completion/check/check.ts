import type { CompletionSyntax } from "../syntax/syntax.ts";
import { isCheckable, type Place, type SuggestionPlace, type Verdict } from "./place.ts";
import { createCheckThread } from "./typescript/thread.ts";

/** Looks at suggestions before they are shown. */
export interface SuggestionCheck {
  /** Gets ready for suggestions in a document, in the background; for each request, before the model is asked. */
  warm(place: Place): void;
  /** Answers within the time there is; a check that takes longer is given up. */
  check(place: SuggestionPlace): Promise<Verdict>;
  dispose(): Promise<void>;
}

const typed = new Set(["typescript", "typescriptreact", "javascript", "javascriptreact"]);

/** Creates {@link SuggestionCheck}. `patience` is the time of one check in milliseconds. */
export function createSuggestionCheck({
  syntax,
  patience = 30,
}: {
  readonly syntax: Pick<CompletionSyntax, "warm" | "isBroken">;
  readonly patience?: number;
}): SuggestionCheck {
  const thread = createCheckThread();

  async function judge(place: SuggestionPlace): Promise<Verdict> {
    if (typed.has(place.languageId)) return await thread.check(place);
    const broken = await syntax.isBroken(place);
    return broken === undefined ? "none" : broken ? "broken" : "passed";
  }

  return {
    warm(place) {
      if (!isCheckable(place)) return;
      if (typed.has(place.languageId)) thread.warm(place);
      else void syntax.warm(place).catch(() => {});
    },
    async check(place) {
      if (!isCheckable(place)) return "none";
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<Verdict>((resolve) => {
        timer = setTimeout(resolve, patience, "late");
      });
      const verdict = judge(place).catch((): Verdict => "late");
      try {
        return await Promise.race([verdict, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    dispose: thread.dispose,
  };
}
