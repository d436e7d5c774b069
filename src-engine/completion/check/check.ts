import type { CompletionSyntax } from "../syntax/syntax.ts";
import { type Diagnosis, isCheckable, type Place, type SuggestionPlace, type Verdict } from "./place.ts";
import { createCheckThread } from "./typescript/thread.ts";

/** Looks at suggestions before they are shown. */
export interface SuggestionCheck {
  /** Gets ready for suggestions in a document, in the background; for each request, before the model is asked. */
  warm(place: Place): void;
  /** Answers within the time there is; a check that takes longer is given up. */
  check(place: SuggestionPlace): Promise<Verdict>;
  /** What the compiler says of the document with a text in it and did not say before; undefined where it says nothing, or nothing is known. */
  diagnose(place: SuggestionPlace): Promise<Diagnosis | undefined>;
  /** What the compiler says is wrong in a document; nothing where it knows too little, or takes too long. */
  errors(place: Place): Promise<readonly Diagnosis[]>;
  dispose(): Promise<void>;
}

/** Milliseconds for what is said of a whole answer, which took seconds itself. */
const diagnosePatience = 15_000;

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

  async function judge(place: SuggestionPlace, signal: AbortSignal): Promise<Verdict> {
    if (typed.has(place.languageId)) return await thread.check(place, signal);
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
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), patience);
      const late = new Promise<Verdict>((resolve) => controller.signal.addEventListener("abort", () => resolve("late")));
      try {
        return await Promise.race([judge(place, controller.signal).catch((): Verdict => "late"), late]);
      } finally {
        clearTimeout(timer);
      }
    },
    async diagnose(place) {
      if (!isCheckable(place) || !typed.has(place.languageId)) return undefined;
      const late = new Promise<undefined>((resolve) => setTimeout(resolve, diagnosePatience, undefined).unref());
      return await Promise.race([thread.diagnose(place), late]);
    },
    async errors(place) {
      if (!isCheckable(place) || !typed.has(place.languageId)) return [];
      const late = new Promise<[]>((resolve) => setTimeout(resolve, diagnosePatience, []).unref());
      return await Promise.race([thread.errors(place), late]);
    },
    dispose: thread.dispose,
  };
}
