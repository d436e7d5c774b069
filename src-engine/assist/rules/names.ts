import { fenced, fenceLanguage } from "#core/assist/action";
import { mentions } from "#core/assist/checks/names";
import type { AssistEvent } from "#core/contracts/assist";
import type { TokenCounts } from "#core/contracts/common";
import { ask, type Run, sum } from "../attempt.ts";
import type { Prepared } from "../prepare.ts";
import type { Extraction, LanguageRules } from "./language-rules.ts";

/** More names at once are another change. */
const mostNames = 8;
const mostTokens = 16;
const system = "You are an expert programmer. You give things names that say what they are.";
const identifier = /^[\p{L}_$][\p{L}\p{N}_$]{1,39}/u;

/** Names that small models give to anything. */
const saysNothing =
  /^_*(?:is_?)?(?:my|new|the|some)?_?(?:helper|func(?:tion)?|method|part|name|example|foo|bar|baz|test|main|solution|solve|do_?(?:it|something|stuff|work)|process|handle|calculate|compute|check|run|result|valid)?(?:_?(?:func(?:tion)?|helper|method|name|\d+))*$/i;

/** What stands in the place of a name that is not found yet. */
const unnamed = "name_me";

/** Names that a model would give to local variables, by those they have; only such as are others. */
export async function* askForNames(
  run: Run,
  prepared: Prepared,
  code: string,
  old: readonly string[],
): AsyncGenerator<AssistEvent, { readonly names: ReadonlyMap<string, string>; readonly tokens: TokenCounts }, void> {
  const names = new Map<string, string>();
  let tokens: TokenCounts = { prompt: 0, reused: 0, evaluated: 0, generated: 0 };
  const text = `${fenced(code, run.request.languageId)}\n\nGive each local variable a clearer name that says what it holds. One line for each: its name, an arrow, the new name.`;
  let said = "```\n";
  for (const [index, name] of old.slice(0, mostNames).entries()) {
    yield { type: "waiting", reason: `Looking for a name, ${index + 1} of ${Math.min(old.length, mostNames)}.` };
    said += `${name} -> `;
    const { word, tokens: used } = yield* askForWord(run, prepared, text, said, ["\n"]);
    tokens = sum(tokens, used);
    if (word !== undefined && word !== name && isLonger(word, name)) names.set(name, word);
    said += `${word ?? name}\n`;
  }
  return { names, tokens };
}

/** A name that a model would give to a function that was taken out of another; one by rule where it has none. */
export async function* askForFunctionName(
  run: Run,
  prepared: Prepared,
  { helper, ruledName, isQuestion }: Extraction,
  { definition, question, written, isName }: NonNullable<LanguageRules["functions"]>,
): AsyncGenerator<AssistEvent, { readonly name: string | undefined; readonly tokens: TokenCounts }, void> {
  const { languageId, text: document } = run.request;
  yield { type: "waiting", reason: "Looking for a name." };
  const text = `${fenced(helper(written(unnamed)), languageId)}\n\nWrite this function with a name that says what it does.`;
  const start = isQuestion ? question : "";
  const { word, tokens } = yield* askForWord(run, prepared, text, `\`\`\`${fenceLanguage(languageId)}\n${definition}${start}`, ["(", "\n"]);
  const said = word === undefined || saysNothing.test(word) ? [] : [isQuestion ? `is_${word.replace(/^_+/, "")}` : word];
  const names = [...said, ruledName, isQuestion ? "is_so" : "do_part"].map(written);
  return { name: names.find((name) => isName(name) && !name.includes(written(unnamed)) && !mentions(document, name)), tokens };
}

async function* askForWord(
  run: Run,
  { budget }: Prepared,
  text: string,
  answerPrefix: string,
  stops: readonly string[],
): AsyncGenerator<AssistEvent, { readonly word: string | undefined; readonly tokens: TokenCounts }, void> {
  const said = yield* ask(run, {
    prompt: {
      messages: [
        { role: "system", text: system },
        { role: "user", text },
      ],
      answerPrefix,
      stops: [...stops],
    },
    temperature: 0,
    maxTokens: mostTokens,
    budget,
    clean: (raw, final) => (final ? raw.trim() : ""),
    quiet: true,
    ownPrompt: true,
  });
  return { word: identifier.exec(said.text)?.[0], tokens: said.tokens };
}

/** A name of one letter says less than one of four; of others the model decides. */
function isLonger(word: string, name: string): boolean {
  return word.length > 2 && (name.length > 2 || word.length > name.length);
}
