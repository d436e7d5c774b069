import type { LlamaContextSequence } from "node-llama-cpp";
import type { Prediction, PredictOptions, Sequence, Token } from "./language-model.ts";
import { createNativeMemory } from "./native-memory.ts";
import { randomSeed } from "./seed.ts";

/** How many of the likeliest tokens are looked at where text is written again. */
const distribution = 4096;

const nativeMemory = createNativeMemory();

/** A sequence of node-llama-cpp as ours; `beforeStep` is called before each evaluation. */
export function wrapSequence(sequence: LlamaContextSequence, beforeStep: () => void): Sequence {
  /** Kept from token to token: a new one allocates as much as the vocabulary is large, and forgets its chance. */
  let writer: { readonly options: PredictOptions; readonly generator: AsyncGenerator<{ token: number }, void, never> } | undefined;

  async function write(tokens: readonly Token[], options: PredictOptions): Promise<Prediction> {
    if (writer?.options !== options) {
      await writer?.generator.return();
      const generator = sequence.evaluateWithMetadata(
        tokens as never,
        {},
        { temperature: options.temperature, topK: 40, topP: 0.95, seed: options.seed ?? randomSeed(), yieldEogToken: true },
      );
      writer = { options, generator: generator as never };
    }
    const { generator } = writer;
    // The first call begins with the tokens above, and takes no notice of these.
    const next = await generator.next(tokens as never);
    if (next.done === true) throw new Error("The model gave no answer.");
    return { token: next.value.token, probability: 1 };
  }

  return {
    contextSize: sequence.contextSize,
    async cut(length) {
      if (length < sequence.nextTokenIndex) await sequence.adaptStateToTokens(sequence.contextTokens.slice(0, length), false);
      return sequence.nextTokenIndex;
    },
    read(tokens) {
      beforeStep();
      return sequence.evaluateWithoutGeneratingNewTokens(tokens as never);
    },
    async predictEach(tokens, guesses, { temperature, seed = randomSeed() }) {
      beforeStep();
      const from = tokens.length - 1;
      const first = sequence.nextTokenIndex;
      const input = [...tokens, ...guesses].map((token, index) => {
        // Each place has a chance of its own, and the same one when the answer is made again.
        const options = { temperature, seed: (seed + first + index) % 2 ** 31, probability: false, candidates: false };
        return index < from ? token : [token, { generateNext: outputOf(options) }];
      });
      const output = await sequence.controlledEvaluate(input as Parameters<LlamaContextSequence["controlledEvaluate"]>[0]);
      nativeMemory.predicted();
      return output.slice(from).map((each) => {
        const token = each?.next.token;
        if (token === undefined || token === null) throw new Error("The model gave no answer.");
        return token as number;
      });
    },
    async save(file) {
      await sequence.saveStateToFile(file);
    },
    async restore(file) {
      await writer?.generator.return();
      writer = undefined;
      await sequence.loadStateFromFile(file, { acceptRisk: true });
      return sequence.contextTokens as readonly Token[];
    },
    async predict(tokens, options): Promise<Prediction> {
      beforeStep();
      if (!options.probability && !options.candidates) {
        try {
          return await write(tokens, options);
        } catch (error) {
          writer = undefined;
          throw error;
        }
      }
      const input: Parameters<LlamaContextSequence["controlledEvaluate"]>[0] = [...(tokens as never[])];
      const last = input.length - 1;
      input[last] = [tokens.at(-1) as never, { generateNext: outputOf(options) }];
      const output = (await sequence.controlledEvaluate(input))[last]?.next;
      nativeMemory.predicted();
      if (output === undefined) throw new Error("The model gave no answer.");
      const weight = output.totalLogitWeight ?? 1;
      if (output.logits !== undefined) {
        const best = Math.max(...output.logits.values());
        const candidates = [...output.logits].map(([token, logit]) => ({
          token: token as number,
          probability: Math.exp(logit - best) / weight,
        }));
        const [first] = candidates;
        if (first === undefined) throw new Error("The model gave no answer.");
        return { ...first, candidates };
      }
      if (output.token === undefined || output.token === null) throw new Error("The model gave no answer.");
      // The weight is relative to the best token, which is the one taken at temperature 0.
      return { token: output.token as number, probability: options.probability ? 1 / weight : 1 };
    },
  };
}

/** What the library is asked to give out. Its own `confidence` sorts the whole vocabulary for every token; the weight does not. */
function outputOf({ temperature, seed = randomSeed(), probability, candidates }: PredictOptions) {
  return {
    token: true,
    totalLogitWeight: probability,
    ...(candidates ? { logits: { filter: { tokens: [], includeTop: distribution } } } : {}),
    options: { temperature, topK: 40, topP: 0.95, seed },
  };
}
