import type { Node } from "web-tree-sitter";
import type { Wish } from "#core/assist/wishes";
import type { Edit, Rule } from "./edits.ts";
import { pythonRules } from "./python/rules.ts";
import { scriptRules } from "./script/rules.ts";

/** A part of a function that can stand in one of its own. */
export interface Extraction {
  /** The new function, under a name that is still to be found. */
  helper(name: string): string;
  edits(name: string): readonly Edit[];
  /** `like_this`: its name by rule, for where the model has none. */
  readonly ruledName: string;
  /** True where it tells whether something is so. */
  readonly isQuestion: boolean;
}

/** What code can do by itself with a language. */
export interface LanguageRules {
  /** `exactly`: only what is the same for values of every kind. */
  rules(wishes: readonly Wish[], exactly: boolean): readonly Rule[];
  /** How local variables are called otherwise. */
  readonly locals?: {
    names(root: Node): readonly string[];
    /** Only where the new names are free. */
    renamed(root: Node, names: ReadonlyMap<string, string>): readonly Edit[];
  };
  readonly functions?: {
    /** The part of a code that is most worth a function of its own. */
    extraction(root: Node, text: string): Extraction | undefined;
    /** What stands before the name of a function. */
    readonly definition: string;
    /** How the name of one begins that tells whether something is so. */
    readonly question: string;
    /** `some_name` as names are written in the language. */
    written(name: string): string;
    /** True for what can be the name of something new. */
    isName(word: string): boolean;
  };
}

const languages: Readonly<Record<string, LanguageRules>> = {
  python: pythonRules,
  javascript: scriptRules(false),
  javascriptreact: scriptRules(false),
  typescript: scriptRules(true),
  typescriptreact: scriptRules(true),
};

/** The rules of a language; undefined where there are none. */
export function rulesOf(languageId: string): LanguageRules | undefined {
  return Object.hasOwn(languages, languageId) ? languages[languageId] : undefined;
}
