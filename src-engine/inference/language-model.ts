import type { GenerateRequest } from "#core/contracts/inference";

/** A token of a model's vocabulary. */
export type Token = number;

/** One likely next token; what comes out of a distribution. */
export interface Candidate {
  readonly token: Token;
  readonly probability: number;
}

/** What the model says comes next. */
export interface Prediction extends Candidate {
  /** The likeliest tokens, best first; only where they were asked for. */
  readonly candidates?: readonly Candidate[];
}

/** How the next token is chosen. Temperature 0 takes the likeliest. */
export interface PredictOptions {
  readonly temperature: number;
  /** Where chance begins. One answer is written with one and the same object of options, so that its chance goes on. */
  readonly seed?: number;
  /** True: fill in `probability`, which costs some milliseconds a token. */
  readonly probability: boolean;
  /** True: fill in `candidates`, which costs more. */
  readonly candidates: boolean;
}

/** A key-value cache with the tokens it holds. Calls never overlap: the queue sees to that. */
export interface Sequence {
  /** Tokens it can hold. */
  readonly contextSize: number;
  /** Forgets all but the first tokens; answers how many are really left, which some architectures make fewer. */
  cut(length: number): Promise<number>;
  /** Evaluates tokens without asking for the next one. */
  read(tokens: readonly Token[]): Promise<void>;
  /** Evaluates tokens and says what comes after the last. */
  predict(tokens: readonly Token[], options: PredictOptions): Promise<Prediction>;
  /** Evaluates tokens with guesses behind them, in one step, and says what comes after the last token and after each guess. */
  predictEach(tokens: readonly Token[], guesses: readonly Token[], options: PredictOptions): Promise<readonly Token[]>;
  /** Writes what is evaluated into a file. */
  save(file: string): Promise<void>;
  /** Takes up what {@link save} wrote of the same model, in place of what is there, and answers its tokens. */
  restore(file: string): Promise<readonly Token[]>;
}

/** Gives texts as vectors. Calls never overlap: the queue sees to that. */
export interface Embedder {
  /** Tokens of the longest text it reads, and its marks. */
  readonly contextSize: number;
  /** Throws TOO_LARGE for a longer text. */
  embed(text: string): Promise<readonly number[]>;
}

/** A loaded model, real or scripted. */
export interface LanguageModel {
  readonly name: string;
  readonly bytes: number;
  /** What computes, in words for the status bar. */
  readonly backend: string;
  readonly threads: number;
  readonly graphics: boolean;
  /** The name of the pre-tokenizer; undefined for a vocabulary without one. */
  readonly preTokenizer: string | undefined;
  /** The token a text begins with, for models that want one. */
  readonly begin: Token | undefined;
  /** Reads user text: nothing in it is ever a control token. */
  tokenize(text: string): Token[];
  /** The token whose text is exactly this, control tokens included. */
  special(text: string): Token | undefined;
  /** Text of tokens; U+FFFD stands for bytes that are not a whole character. */
  textOf(tokens: readonly Token[], before?: readonly Token[]): string;
  /** True for tokens by which the model itself ends a text. */
  isEnd(token: Token): boolean;
  /** True for tokens that stand for no text in a document, such as marks of roles and files. */
  isControl(token: Token): boolean;
  /** The messages in the model's own chat template, up to where the answer begins, and texts and tokens that end an answer. */
  renderChat(messages: GenerateRequest["messages"]): {
    readonly tokens: Token[];
    readonly stops: readonly string[];
    readonly ends: ReadonlySet<Token>;
  };
  /** Opens a context: at most so many sequences, as memory allows, each for a text that stays in memory beside the others; adapters by path. */
  openSequences(contextSize: number, most: number, adapters: readonly string[]): Promise<readonly Sequence[]>;
  /** Opens a context for vectors. */
  openEmbedder(contextSize: number): Promise<Embedder>;
  /** Frees the model and all its contexts. */
  dispose(): Promise<void>;
}
