import { type Wish, wishesOf } from "#core/assist/wishes";
import type { AssistEvent } from "#core/contracts/assist";
import type { TokenCounts } from "#core/contracts/common";
import type { Frame } from "#core/edits/frame";
import { type Attempt, type Run, sum } from "../attempt.ts";
import { judge } from "../judge.ts";
import { mayCompare } from "../kept-behaviour.ts";
import { leastBytesForSurroundings, type Prepared } from "../prepare.ts";
import { applyRules, withEdits } from "./edits.ts";
import { type LanguageRules, rulesOf } from "./language-rules.ts";
import { askForFunctionName, askForNames } from "./names.ts";

const noTokens: TokenCounts = { prompt: 0, reused: 0, evaluated: 0, generated: 0 };

/** True where code does what is asked more surely than a small model; whoever names a model wants that one. */
export function isLeftToRules(run: Run): boolean {
  const { action, request } = run;
  return action.keepsBehaviour === true && isSmall(run) && request.model === undefined && wishesOf(request.instruction ?? "").length > 0;
}

function isSmall({ loaded }: Run): boolean {
  return loaded.bytes > 0 && loaded.bytes < leastBytesForSurroundings;
}

/** What is better where nothing is asked for; each where there is nothing of the one before. Only the first is more than what a larger model says with doubts. */
const improvements: readonly (readonly Wish[])[] = [["concise"], ["early-returns"], ["names"]];
/** Longer names say something already: they are others only where that is asked for. */
const longestUnclear = 2;

/**
 * What code makes of a selection by itself, and offers without doubts; undefined where there is nothing it surely can do. `first`: before
 * the model was asked for all of it, and not because no answer can be trusted.
 */
export async function* byRules(
  run: Run,
  frame: Frame,
  prepared: Prepared,
  first: boolean,
): AsyncGenerator<AssistEvent, Attempt | undefined, void> {
  const { action, request } = run;
  const rules = rulesOf(request.languageId);
  const asked = request.instruction?.trim() ?? "";
  if (!action.keepsBehaviour || rules === undefined) return undefined;
  const possible = asked === "" ? improvements.slice(0, isSmall(run) ? improvements.length : 1) : [wishesOf(asked)];
  for (const wishes of possible) {
    const made = wishes.length === 0 ? undefined : yield* granted(run, frame, prepared, wishes, rules, first);
    if (made !== undefined) return made;
  }
  return undefined;
}

async function* granted(
  run: Run,
  frame: Frame,
  prepared: Prepared,
  wishes: readonly Wish[],
  rules: LanguageRules,
  first: boolean,
): AsyncGenerator<AssistEvent, Attempt | undefined, void> {
  const { request, recorder } = run;
  const named = yield* withNames(run, frame, prepared, wishes, rules);
  for (const exactly of mayCompare(run) ? [false, true] : [true]) {
    const text = await applyRules(run.parsers, request.languageId, named.text, rules.rules(wishes, exactly), run.signal);
    if (text === frame.body) continue;
    const attempt = await judge(run, frame, { text, tokens: named.tokens, stop: "end" });
    // Where nothing could be shown, words and signs were compared, and of those a function that is taken out has others.
    const isShown = mayCompare(run) && !attempt.doubts.some(({ kind }) => kind === "unproven");
    const isWrong = attempt.doubts.some(
      ({ kind, blocks }) =>
        (blocks && kind !== "shrunk") || kind === "unchanged" || kind === "problem" || (kind === "behaviour" && isShown),
    );
    if (isWrong || (!exactly && !attempt.compared)) continue;
    recorder.endAnswer();
    recorder.append(attempt.text);
    const message = first ? howDone(named.tokens) : `No answer of the model could be trusted. ${howDone(named.tokens)}`;
    recorder.add("note", message);
    yield { type: "notice", code: "BY_RULES", message };
    if (first && attempt.compared) yield* noteCompared(run, attempt.compared);
    return { ...attempt, doubts: [] };
  }
  return undefined;
}

function howDone({ generated }: TokenCounts): string {
  return generated > 0 ? "The model gave the names. All else was done by rules." : "This was done by rules, without the model.";
}

/** Says with how many arguments it was seen that nothing else is done. */
export async function* noteCompared({ recorder }: Run, count: number): AsyncGenerator<AssistEvent, void, void> {
  const message = `Before and after, it did the same for ${count} inputs.`;
  recorder.add("note", message);
  yield { type: "notice", code: "COMPARED", message };
}

interface Named {
  readonly text: string;
  readonly tokens: TokenCounts;
}

/** The selection with a function taken out and clearer names, where that is asked for: code knows where, and the model how to call it. */
async function* withNames(
  run: Run,
  frame: Frame,
  prepared: Prepared,
  wishes: readonly Wish[],
  rules: LanguageRules,
): AsyncGenerator<AssistEvent, Named, void> {
  let { body: text } = frame;
  let tokens = noTokens;
  const { functions, locals } = rules;
  if (wishes.includes("helper") && functions !== undefined && frame.indent === "") {
    const tree = await run.parsers.parse(run.request.languageId, text, { signal: run.signal });
    try {
      const found = tree === undefined || tree.rootNode.hasError ? undefined : functions.extraction(tree.rootNode, text);
      if (found !== undefined) {
        const { name, tokens: used } = yield* askForFunctionName(run, prepared, found, functions);
        tokens = sum(tokens, used);
        if (name !== undefined) text = withEdits(text, found.edits(name));
      }
    } finally {
      tree?.delete();
    }
  }
  if (wishes.includes("names") && locals !== undefined) {
    const tree = await run.parsers.parse(run.request.languageId, text, { signal: run.signal });
    try {
      const all = tree === undefined || tree.rootNode.hasError ? [] : locals.names(tree.rootNode);
      const isAsked = (run.request.instruction?.trim() ?? "") !== "";
      const old = all.filter((name) => isAsked || name.length <= longestUnclear);
      if (tree !== undefined && old.length > 0) {
        const { names, tokens: used } = yield* askForNames(run, prepared, text, old);
        tokens = sum(tokens, used);
        text = withEdits(text, locals.renamed(tree.rootNode, names));
      }
    } finally {
      tree?.delete();
    }
  }
  return { text, tokens };
}
