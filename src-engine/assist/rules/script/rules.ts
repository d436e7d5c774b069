import type { LanguageRules } from "../language-rules.ts";
import { concise } from "./concise.ts";
import { earlyReturns } from "./early-returns.ts";
import { extractionOf } from "./extract.ts";
import { camelCase, isName, renameable, renamed } from "./rename.ts";
import { simplify } from "./simplify.ts";

/** What code can do by itself with JavaScript, or with types in TypeScript. */
export const scriptRules = (isTyped: boolean): LanguageRules => ({
  rules: (wishes, exactly) => [
    ...(wishes.includes("early-returns") ? [earlyReturns(exactly)] : []),
    ...(wishes.includes("concise") || wishes.includes("early-returns") ? [simplify] : []),
    ...(wishes.includes("concise") ? [concise] : []),
  ],
  locals: { names: renameable, renamed },
  functions: { extraction: extractionOf(isTyped), definition: "function ", question: "is", written: camelCase, isName },
});
