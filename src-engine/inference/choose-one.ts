import type { LanguageModel, Token } from "./language-model.ts";
import type { Turn } from "./queue.ts";
import type { Track } from "./track.ts";

/** What is needed to let a model choose. */
export interface ChoosingWork {
  readonly model: Pick<LanguageModel, "tokenize">;
  readonly track: Pick<Track, "predict">;
  readonly turn: Pick<Turn, "pause">;
}

/** The answer that the model finds likeliest, and how likely each is beside the others. They are told apart by their first tokens. */
export async function chooseOne(
  { model, track, turn }: ChoosingWork,
  tokens: readonly Token[],
  choices: readonly string[],
): Promise<{ readonly text: string; readonly chances: number[] }> {
  const { candidates = [] } = await track.predict(tokens, { temperature: 0, probability: false, candidates: true }, turn);
  const found = choices.map((choice) => {
    const [first] = model.tokenize(choice);
    return candidates.find(({ token }) => token === first)?.probability ?? 0;
  });
  const sum = found.reduce((all, each) => all + each, 0);
  // Of thousands of likely tokens none is one of them: the model says nothing about it.
  const chances = found.map((each) => (sum > 0 ? each / sum : 1 / found.length));
  return { text: choices[chances.indexOf(Math.max(...chances))] as string, chances };
}
