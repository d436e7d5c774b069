import type { Prediction, PredictOptions, Sequence, Token } from "./language-model.ts";
import type { Pace } from "./pace.ts";
import type { Turn } from "./queue.ts";

/**
 * A sequence with a memory: it knows which tokens are evaluated and what was predicted after them, so that nothing is
 * computed twice. Typing along a suggestion, going back, and asking again after an abort cost only what is new.
 */
export interface Track {
  /** How many of the tokens are evaluated already. */
  common(tokens: readonly Token[]): number;
  /** What was predicted after exactly these tokens, if that is known without computing. */
  known(tokens: readonly Token[]): Prediction | undefined;
  /** Evaluates all of these tokens that are not evaluated yet. */
  read(tokens: readonly Token[], turn: Pick<Turn, "pause">): Promise<void>;
  /** Evaluates all but the last slice of these tokens and yields how many are read, slice by slice. */
  readAhead(tokens: readonly Token[], turn: Pick<Turn, "pause">, slices?: Slices): AsyncGenerator<number, void, void>;
  /**
   * What comes after these tokens. Evaluates what is missing, in slices, asking the turn before each; when that throws,
   * what was evaluated stays valid.
   */
  predict(tokens: readonly Token[], options: PredictOptions, turn: Pick<Turn, "pause">, slices?: Slices): Promise<Prediction>;
  /**
   * Like {@link predict}, with guesses of what comes: answers the token that comes, and those after it as far as the guesses were
   * right. The model says all of them, so guesses change how long it takes and nothing else.
   */
  predictAlong(
    tokens: readonly Token[],
    guesses: readonly Token[],
    options: PredictOptions,
    turn: Pick<Turn, "pause">,
    slices?: Slices,
  ): Promise<Token[]>;
  /** Forgets everything. */
  clear(): Promise<void>;
  /** Writes what is evaluated into a file and answers its tokens. */
  save(file: string): Promise<readonly Token[]>;
  /** Takes up what another track of the same model wrote into a file, in place of what is here. */
  restore(file: string): Promise<void>;
  /** Tokens evaluated since the beginning, whatever for. */
  readonly evaluated: number;
  readonly contextSize: number;
  /** Tokens it holds now. */
  readonly length: number;
}

/** How a prompt is cut into steps: as planned as long as there is a plan, and otherwise as fast as the machine is. */
export interface Slices {
  /** Tokens of the steps to come, first one first; each step takes its own away. */
  readonly planned: number[];
  /** Tokens of the steps that were done. */
  readonly taken: number[];
  /** How long a step may last at this moment, where that is not as usual. */
  readonly pace?: () => Pace | undefined;
}

/** Distributions are large; only some are worth keeping. */
const keptDistributions = 8;

/** Creates a {@link Track} on an empty sequence. */
export function createTrack(sequence: Sequence, pace: Pace): Track {
  let state: Token[] = [];
  /** Greedy predictions by the number of tokens before them. */
  const predictions = new Map<number, Prediction>();
  let evaluated = 0;

  function common(tokens: readonly Token[]): number {
    let length = 0;
    while (length < state.length && length < tokens.length && state[length] === tokens[length]) length += 1;
    return length;
  }

  function known(tokens: readonly Token[]): Prediction | undefined {
    return common(tokens) === tokens.length ? predictions.get(tokens.length) : undefined;
  }

  function remember(at: number, prediction: Prediction): void {
    predictions.set(at, prediction);
    const full = [...predictions].filter(([, { candidates }]) => candidates !== undefined);
    for (const [index, { token, probability }] of full.slice(0, -keptDistributions)) predictions.set(index, { token, probability });
  }

  async function cut(length: number): Promise<number> {
    if (length >= state.length) return state.length;
    const left = await sequence.cut(length);
    state = state.slice(0, left);
    for (const at of [...predictions.keys()]) if (at > left) predictions.delete(at);
    return left;
  }

  async function step(
    slice: readonly Token[],
    options: PredictOptions | undefined,
    slices?: Slices,
    measured: Pace = pace,
  ): Promise<Prediction | undefined> {
    const from = performance.now();
    const prediction = await guarded(async () => {
      if (options !== undefined) return sequence.predict(slice, options);
      await sequence.read(slice);
      return undefined;
    });
    measured.measured(slice.length, performance.now() - from);
    evaluated += slice.length;
    slices?.planned.shift();
    slices?.taken.push(slice.length);
    state.push(...slice);
    return prediction;
  }

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // Nobody knows how far it came: begin anew next time.
      state = [];
      predictions.clear();
      await sequence.cut(0).catch(() => 0);
      throw error;
    }
  }

  async function predict(
    tokens: readonly Token[],
    options: PredictOptions,
    turn: Pick<Turn, "pause">,
    slices?: Slices,
  ): Promise<Prediction> {
    if (options.temperature === 0) {
      const before = known(tokens);
      if (before !== undefined && (!options.candidates || before.candidates !== undefined)) return before;
    }
    while (true) {
      await turn.pause();
      // The last token is evaluated in any case: its prediction is what is asked for.
      const at = await cut(Math.min(common(tokens), tokens.length - 1));
      const now = slices?.pace?.() ?? pace;
      const slice = tokens.slice(at, at + (slices?.planned[0] ?? now.slice()));
      const last = at + slice.length === tokens.length;
      const prediction = await step(slice, last ? options : undefined, slices, now);
      if (prediction === undefined) continue;
      if (options.temperature === 0) remember(tokens.length, prediction);
      return prediction;
    }
  }

  return {
    common,
    known,
    get evaluated() {
      return evaluated;
    },
    contextSize: sequence.contextSize,
    get length() {
      return state.length;
    },
    async clear() {
      await cut(0);
    },
    async save(file) {
      const tokens = [...state];
      await sequence.save(file);
      return tokens;
    },
    restore: (file) =>
      guarded(async () => {
        predictions.clear();
        state = [...(await sequence.restore(file))];
      }),
    async read(tokens, turn) {
      while (true) {
        await turn.pause();
        if (common(tokens) === tokens.length) return;
        const at = await cut(common(tokens));
        await step(tokens.slice(at, at + pace.slice()), undefined);
      }
    },
    async *readAhead(tokens, turn, slices) {
      while (true) {
        await turn.pause();
        // Others may have used the sequence during the pause, so what is common is looked up only now.
        const at = await cut(Math.min(common(tokens), tokens.length - 1));
        const now = slices?.pace?.() ?? pace;
        const size = slices?.planned[0] ?? now.slice();
        if (tokens.length - at <= size) return;
        await step(tokens.slice(at, at + size), undefined, slices, now);
        yield at + size;
      }
    },
    predict,
    async predictAlong(tokens, guesses, options, turn, slices) {
      const alone = async () => [(await predict(tokens, options, turn, slices)).token];
      if (guesses.length === 0 || (options.temperature === 0 && known(tokens) !== undefined)) return alone();
      await turn.pause();
      const from = await cut(Math.min(common(tokens), tokens.length - 1));
      const missing = tokens.slice(from);
      // What is long is read in slices, so that a stop has to wait for no more than one.
      if (missing.length > 1) return alone();
      const said = await guarded(() => sequence.predictEach(missing, guesses, options));
      evaluated += missing.length + guesses.length;
      state.push(...missing, ...guesses);
      let right = 0;
      while (right < guesses.length && said[right] === guesses[right]) right += 1;
      const came = said.slice(0, right + 1);
      if (options.temperature === 0)
        for (const [index, token] of came.entries()) remember(tokens.length + index, { token, probability: 1 });
      return came;
    },
  };
}
