import type { UserError as Failure } from "#core/base/errors";
import { UserError } from "#core/base/errors";
import type { ServedModel } from "./servers.ts";

/** Characters, blanks not counted, that text of any kind has at least for a token; runs of one character count as short ones. */
const charactersPerToken = 5.7;
/** Below this a prompt is too short to be told apart from its template. */
const leastTokens = 300;

/**
 * Whether a server read clearly less than it was sent, by what it counted itself: some cut what is longer than their context without a
 * word, and then answer something else than what was asked.
 */
export function cutPrompt(
  { title, model }: Pick<ServedModel, "title" | "model">,
  sent: string,
  counted: number | undefined,
): Failure | undefined {
  if (counted === undefined || counted === 0) return undefined;
  const characters = sent.replace(/\s+/g, "").replace(/(.)\1{3,}/gs, "$1$1$1$1").length;
  const least = Math.floor(characters / charactersPerToken);
  if (least < leastTokens || counted >= least) return undefined;
  return new UserError(
    "TOO_LARGE",
    `${title} has cut the prompt: of at least ${least} tokens ${model.name} read ${counted}, so the answer may miss what was asked.`,
    "Select less, or give the model a larger context on the server.",
  );
}
