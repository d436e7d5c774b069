import type { LanguageRules } from "../language-rules.ts";
import { comprehension } from "./comprehension.ts";
import { concise } from "./concise.ts";
import { earlyReturns } from "./early-returns.ts";
import { extraction } from "./extract.ts";
import { isName } from "./locals.ts";
import { renameable, renamed } from "./rename.ts";
import { simplify } from "./simplify.ts";

/** What code can do by itself with Python. */
export const pythonRules: LanguageRules = {
  rules(wishes, exactly) {
    const isShorter = wishes.includes("concise");
    return [
      ...(wishes.includes("early-returns") ? [earlyReturns(exactly, isShorter)] : []),
      ...(isShorter || wishes.includes("early-returns") ? [simplify] : []),
      ...(isShorter ? [comprehension(exactly), concise(exactly)] : []),
    ];
  },
  locals: { names: (root) => renameable(root).map(({ name }) => name), renamed },
  functions: { extraction, definition: "def ", question: "is_", written: (name) => name, isName },
};
