import { splitIdentifier } from "./identifiers.ts";

/** A question about code, taken apart. */
export interface Question {
  /** What to look for, each once; `weight` is less for words that say little about a place. */
  readonly terms: readonly Term[];
  /** Names of the code as they were written: `retryDelay`, `Session.close`, anything in backticks. */
  readonly names: readonly string[];
  /** Files and folders it names. */
  readonly paths: readonly string[];
  /** What else than code is asked about. */
  readonly about: { readonly tests: boolean; readonly prose: boolean };
}

/** A word to look for. */
export interface Term {
  readonly word: string;
  readonly weight: number;
}

/** As many as a pasted text may cost. */
const mostTerms = 40;

/** They say how one asks, not what about. */
const asking = new Set(
  `a about after all also an and any are as at be because been before being between both but by can cannot code could did do does doing
  done each else every explain file files find for from get gets give given goes got had has have he here how i if in into is it its just
  let like look me more most my no nor not of off on once one only or other our out over own please same she should show so some such
  tell than that the their them then there these they this those through to too under until up upon us via was we were what when where
  whether which while who why will with within without would you your`.split(/\s+/),
);

/** What people say of every change and every piece of code. */
const general = new Set(
  `add added adding adds allow allowed allows avoid better bug call called calls change changed changes class clean cleanup correct
  correctly create created creates defined definition ensure error errors fix fixed fixes fixing function functions handle handled
  handles handling happen happens implement implementation implemented implements improve improved improves instead introduce issue
  make makes making method methods minor misc module move moved moves new now object old place problem properly refactor remove removed
  removes rename renamed replace replaced return returned returns rework set sets simplify small stop support supported supports type
  types update updated updates use used user uses using value values work working works wrong`.split(/\s+/),
);

/** How much a word of {@link general} counts beside others. */
const generalWeight = 0.35;
/** A whole identifier with several parts says more than its parts. */
const wholeWeight = 1.5;
const pairWeight = 1;

/** Takes a question apart. */
export function readQuestion(text: string): Question {
  const terms = new Map<string, number>();
  const add = (word: string, weight: number) => {
    if (terms.size < mostTerms || terms.has(word)) terms.set(word, Math.max(weight, terms.get(word) ?? 0));
  };
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [, quoted = ""] of text.matchAll(/`([^`\n]{1,200})`/g)) for (const name of namesIn(quoted)) names.add(name);
  for (const [found] of text.matchAll(/[\w@$~.-]*(?:[\\/][\w@$.-]+)+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]\w{0,5}\b/gi))
    paths.add(
      found
        .replaceAll("\\", "/")
        .replace(/^\.\//, "")
        .replace(/[.:]+$/, ""),
    );
  const pairs: string[] = [];
  let last = "";
  for (const [name] of text.matchAll(/[\p{L}\p{N}_$]+/gu)) {
    const split = splitIdentifier(name);
    const isName = names.has(name) || split.length > 1;
    if (isName && /^[\p{L}_$]/u.test(name) && name.length > 2) names.add(name);
    for (const word of split) {
      if (word.length < 2 || (asking.has(word) && !isName)) continue;
      add(word, general.has(word) ? generalWeight : 1);
    }
    if (split.length > 1) add(split.join(""), wholeWeight);
    // Two words in prose are often one name in code: "retry delay" and retryDelay.
    const word = split.length === 1 && !asking.has(split[0] as string) ? (split[0] as string) : "";
    if (last.length > 1 && word.length > 1) pairs.push(last + word);
    last = word;
  }
  for (const pair of pairs) add(pair, pairWeight);
  return {
    terms: [...terms].map(([word, weight]) => ({ word, weight })),
    names: [...names],
    paths: [...paths],
    about: {
      tests: /\b(?:tests?|tested|testing|specs?|fixtures?|coverage)\b/i.test(text),
      prose: /\b(?:docs?|documentation|documented|readme|changelog|change log|guide|licen[cs]e|contributing)\b/i.test(text),
    },
  };
}

function namesIn(quoted: string): string[] {
  return (quoted.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []).filter((name) => name.length > 2);
}
