const contractions = "'(?:[sdmt]|ll|ve|re)";
const patterns = {
  // One digit a token: Qwen2 and its kin.
  qwen2: `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
  // Up to three digits a token: Llama 3.
  llama3: `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
  gpt2: `${contractions}| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+`,
  starcoder: `${contractions}| ?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+`,
  deepseek: `[\\r\\n]|\\s?\\p{L}+|\\s?\\p{P}+|\\s+$|\\p{N}|\\s+(?!\\S)|\\s+|[^\\s\\p{L}\\p{N}\\p{P}]+`,
  // Vocabularies without a pre-tokenizer: a word with the blank before it.
  words: ` ?[\\p{L}\\p{N}_]+|[\\r\\n]+|[^\\S\\r\\n]+(?=[\\r\\n]|$)| ?[^\\s\\p{L}\\p{N}_]+|\\s+`,
} as const;

const patternOfPreTokenizer: Readonly<Record<string, keyof typeof patterns>> = {
  qwen2: "qwen2",
  stablelm2: "qwen2",
  "deepseek-r1-qwen": "qwen2",
  "llama-bpe": "llama3",
  llama3: "llama3",
  "smaug-bpe": "llama3",
  tekken: "qwen2",
  chatglm4: "llama3",
  glm4: "llama3",
  "seed-coder": "llama3",
  starcoder: "starcoder",
  refact: "starcoder",
  "command-r": "starcoder",
  codeshell: "starcoder",
  "gpt-2": "gpt2",
  default: "gpt2",
  "deepseek-coder": "deepseek",
  "deepseek-llm": "deepseek",
};

/** A pre-token longer than this (a ruler of dashes, a long blank run) is not worth writing again. */
const longestHealed = 64;

/** Splits a text as a pre-tokenizer does: no token reaches across two of these. */
export function preTokens(text: string, preTokenizer: string | undefined): readonly string[] {
  const name = preTokenizer === undefined ? "words" : (patternOfPreTokenizer[preTokenizer] ?? "qwen2");
  return text.match(new RegExp(patterns[name], name === "words" ? "gu" : "giu")) ?? [];
}

/**
 * What word healing takes back from the end of a text: the last pre-token of the model's own pre-tokenizer, that is
 * the unfinished word, the run of punctuation, or the trailing blanks. `preTokenizer` is the name in the model file;
 * none stands for a vocabulary without one.
 */
export function unfinishedPiece(text: string, preTokenizer: string | undefined): string {
  const last = preTokens(text, preTokenizer).at(-1) ?? "";
  return last.length > longestHealed ? "" : last;
}

/** True when a token with this text can stand where `needed` was taken back: it begins with it, or is a part of its beginning. */
export function fitsHealing(tokenText: string, needed: string): boolean {
  return tokenText !== "" && (tokenText.startsWith(needed) || needed.startsWith(tokenText));
}

/** A token that writes what was taken back, or a part of it. */
export interface Healed {
  readonly token: number;
  readonly text: string;
  /** Its share among all tokens that fit. */
  readonly probability: number;
}

/** The likeliest candidates that are consistent with the text taken back, best first, at most `most`. */
export function chooseHealed(
  candidates: readonly { readonly token: number; readonly probability: number }[],
  needed: string,
  textOf: (token: number) => string,
  most = 1,
): readonly Healed[] {
  const fitting: Healed[] = [];
  let sum = 0;
  for (const { token, probability } of candidates) {
    const text = textOf(token);
    if (!fitsHealing(text, needed)) continue;
    sum += probability;
    fitting.push({ token, text, probability });
  }
  return fitting
    .sort((one, other) => other.probability - one.probability)
    .slice(0, most)
    .map((one) => ({ ...one, probability: sum > 0 ? one.probability / sum : 0 }));
}
