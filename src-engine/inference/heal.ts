import type { Piece } from "#core/completion/confidence";
import { chooseHealed, fitsHealing, type Healed } from "#core/completion/healing";
import { deepens } from "#core/completion/indentation";
import type { LanguageModel, Token } from "./language-model.ts";
import type { Turn } from "./queue.ts";
import type { Track } from "./track.ts";

/** Where a prompt stands after its unfinished piece was written again. */
export interface HealedPrompt {
  /** The prompt with the tokens that wrote the piece. */
  readonly tokens: readonly Token[];
  /** What was written beyond the piece. */
  readonly pieces: readonly Piece[];
}

/** What healing needs. */
export interface HealingWork {
  readonly model: LanguageModel;
  readonly track: Track;
  readonly tokens: readonly Token[];
  /** The text that was taken back. */
  readonly healed: string;
  readonly isStop: (token: Token) => boolean;
  /** True where blanks that were taken back must not become more. */
  readonly keepsDepth?: boolean;
  readonly turn: Turn;
}

/** Lets the model write again what was taken back. `ways` are the likeliest ways to do so, the first one first. */
export async function heal(work: HealingWork, ways = 1): Promise<readonly HealedPrompt[]> {
  const { model, track, isStop, turn, keepsDepth = false } = work;
  const tokens = [...work.tokens];
  const others: HealedPrompt[] = [];
  const textOf = (token: Token) => model.textOf([token], tokens.slice(-1));

  const isUnwanted = (token: Token, needed: string) =>
    isStop(token) || (keepsDepth && needed.trim() === "" && deepens(textOf(token), needed));

  async function choices(needed: string): Promise<readonly Healed[]> {
    // Typing along what was suggested: the likeliest of all tokens, where it fits, is the likeliest of those that fit.
    const known = ways > 1 ? undefined : track.known(tokens);
    if (known !== undefined && !isUnwanted(known.token, needed) && fitsHealing(textOf(known.token), needed))
      return [{ ...known, text: textOf(known.token) }];
    const { candidates = [] } = await track.predict(tokens, { temperature: 0, probability: true, candidates: true }, turn);
    return chooseHealed(
      candidates.filter(({ token }) => !isUnwanted(token, needed)),
      needed,
      textOf,
      ways,
    );
  }

  let needed = work.healed;
  while (needed !== "") {
    const [chosen, ...rest] = await choices(needed);
    if (chosen === undefined) {
      // Nothing likely fits (half a character, a rare symbol): read it as it stands.
      return [{ tokens: [...tokens, ...model.tokenize(needed)], pieces: [] }, ...others];
    }
    for (const other of rest) {
      // Only what completes the piece at once is another way; a shorter token mostly leads to the same text.
      if (other.text.length > needed.length) others.push(beyond(tokens, other, needed));
    }
    if (chosen.text.length > needed.length) return [beyond(tokens, chosen, needed), ...others].slice(0, ways);
    tokens.push(chosen.token);
    needed = needed.slice(chosen.text.length);
  }
  return [{ tokens, pieces: [] }, ...others].slice(0, ways);
}

function beyond(tokens: readonly Token[], { token, text, probability }: Healed, needed: string): HealedPrompt {
  return { tokens: [...tokens, token], pieces: [{ text: text.slice(needed.length), probability }] };
}
