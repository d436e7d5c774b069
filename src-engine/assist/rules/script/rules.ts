import type { LanguageRules } from "../language-rules.ts";
import { concise } from "./concise.ts";
import { earlyReturns } from "./early-returns.ts";

/** What code can do by itself with JavaScript and TypeScript. */
export const scriptRules: LanguageRules = {
  rules: (wishes, exactly) => [
    ...(wishes.includes("early-returns") ? [earlyReturns(exactly)] : []),
    ...(wishes.includes("concise") ? [concise] : []),
  ],
};
