import { readFile, writeFile } from "node:fs/promises";
import { createRouterClient } from "@orpc/server";
import type { UserError } from "#core/base/errors";
import { preTokens } from "#core/completion/healing";
import type { GenerateRequest } from "#core/contracts/inference";
import type { OpenInference } from "./connection.ts";
import type { Candidate, LanguageModel, Prediction, PredictOptions, Sequence, Token } from "./language-model.ts";
import type { ModelLoader } from "./loaded-models.ts";
import { createInferenceRouter } from "./router.ts";

/** A model for tests: it says what the test wants, through the same queue, prompts and rules as a real one, in milliseconds. */
export interface ScriptedModel {
  /** Texts known by heart: ghost text goes on where the text before the cursor last occurs in one of them. */
  readonly knows?: readonly string[];
  /** The whole answer to the messages; the answer prefix is not part of it. */
  readonly answer?: (messages: GenerateRequest["messages"]) => string;
  /** How sure the model is of each piece, 0 to 1. */
  readonly probability?: (piece: string) => number;
  /** What the model might as well say in the place of a piece, and how sure it is of that. */
  readonly others?: (piece: string) => readonly { readonly piece: string; readonly probability: number }[];
  /** How long one step takes, a token or a slice of the prompt; none by default. */
  readonly millisecondsPerToken?: number;
  /** Tokens of context for `generate`; what the settings say by default. */
  readonly contextSize?: number;
  /** False: a model without fill-in-the-middle tokens. */
  readonly fillInTheMiddle?: boolean;
  /** Bytes of its weights; unknown by default. */
  readonly bytes?: number;
  /** Bytes each use of it takes. */
  readonly memory?: number;
  /** Thrown by loading. */
  readonly loadError?: UserError;
}

/** Opens "processes" that run the scripted model inside this one. */
export function openScripted(script: ScriptedModel): OpenInference {
  return async () => {
    let exit: (value: { reason: string }) => void = () => {};
    const exited = new Promise<{ reason: string }>((resolve) => {
      exit = resolve;
    });
    const router = createInferenceRouter(createScriptedLoader(script));
    return { client: createRouterClient(router), exited, kill: () => exit({ reason: "killed" }) };
  };
}

/** Loads the scripted model whatever the path. */
export function createScriptedLoader(script: ScriptedModel): ModelLoader {
  return {
    async open({ onProgress }) {
      onProgress(0.5);
      if (script.loadError !== undefined) throw script.loadError;
      return { model: createScriptedModel(script), tried: [{ name: "scripted", result: "in use" }] };
    },
    room: async () => ({ needed: script.memory ?? 0, available: Number.POSITIVE_INFINITY }),
    backends: async () => ({ backend: "scripted", tried: [], gpus: [], cores: 1 }),
  };
}

const controls = [
  "<|end|>",
  "<|chat|>",
  "<|answer|>",
  "<|fim_prefix|>",
  "<|fim_suffix|>",
  "<|fim_middle|>",
  "<|repo_name|>",
  "<|file_sep|>",
];
const end: Token = 0;
const chat: Token = 1;
const answerMark: Token = 2;
const prefixMark: Token = 3;
const suffixMark: Token = 4;
const middleMark: Token = 5;

/** Creates the model; its tokens are pre-tokens, and characters outside the basic plane take two. */
function createScriptedModel(script: ScriptedModel): LanguageModel {
  const vocabulary = createVocabulary();
  /** What each rendered conversation is answered with, and how long its prompt is with the answer prefix. */
  const answers = new Map<string, { readonly text: string; promptLength: number | undefined }>();

  function nextPiece(state: readonly Token[]): string | undefined {
    const answerAt = state.lastIndexOf(answerMark);
    if (answerAt >= 0) {
      const answer = answers.get(state.slice(0, answerAt).join(" "));
      if (answer === undefined) return undefined;
      answer.promptLength ??= state.length;
      const written = vocabulary.textOf(state.slice(answer.promptLength));
      return answer.text.startsWith(written) ? answer.text.slice(written.length) : undefined;
    }
    const prefix = vocabulary.textOf(state.slice(state.lastIndexOf(prefixMark) + 1, state.lastIndexOf(suffixMark)));
    return continuation(script.knows ?? [], prefix + vocabulary.textOf(state.slice(state.lastIndexOf(middleMark) + 1)));
  }

  function predict(state: readonly Token[], { candidates }: PredictOptions): Prediction {
    const [first = end] = vocabulary.tokenize(nextPiece(state) ?? "");
    const token = vocabulary.secondHalf(state.at(-1)) ?? first;
    const probability = token === end ? 0.9 : (script.probability?.(vocabulary.textOf([token])) ?? 0.9);
    const text = vocabulary.textOf([token]);
    const named = script.others?.(text).map(({ piece, probability }) => ({ token: vocabulary.tokenOf(piece), probability })) ?? [];
    const others = named.length > 0 ? named : candidates ? rivals(text.charAt(0), probability) : [];
    return { token, probability, ...(candidates ? { candidates: [{ token, probability }, ...others] } : {}) };
  }

  /** Less likely tokens that begin alike, so that doubt stays doubt where a word is healed. */
  function rivals(beginning: string, probability: number): Candidate[] {
    const number = Math.min(20, Math.ceil((1 - probability) / Math.max(probability, 0.01)));
    return Array.from({ length: number }, (_, index) => ({
      token: vocabulary.tokenOf(`${beginning}rival${index}`),
      probability: (1 - probability) / number,
    }));
  }

  const pause = () =>
    script.millisecondsPerToken === undefined
      ? Promise.resolve()
      : new Promise<void>((resolve) => setTimeout(resolve, script.millisecondsPerToken));

  function openSequence(contextSize: number): Sequence {
    let state: Token[] = [];
    return {
      contextSize,
      async cut(length) {
        state = state.slice(0, length);
        return state.length;
      },
      async read(tokens) {
        await pause();
        state.push(...tokens);
      },
      save: (file) => writeFile(file, JSON.stringify(state)),
      async restore(file) {
        state = JSON.parse(await readFile(file, "utf8"));
        return [...state];
      },
      async predict(tokens, options) {
        await pause();
        state.push(...tokens);
        return predict(state, options);
      },
      async predictEach(tokens, guesses, options) {
        await pause();
        state.push(...tokens);
        const said = [predict(state, options).token];
        for (const guess of guesses) {
          state.push(guess);
          said.push(predict(state, options).token);
        }
        return said;
      },
    };
  }

  return {
    name: "scripted",
    bytes: script.bytes ?? 0,
    backend: "scripted",
    threads: 1,
    graphics: false,
    preTokenizer: "qwen2",
    begin: undefined,
    tokenize: vocabulary.tokenize,
    special(text) {
      const token = controls.indexOf(text);
      return token < 0 || (script.fillInTheMiddle === false && text.startsWith("<|fim_")) ? undefined : token;
    },
    textOf: (tokens) => vocabulary.textOf(tokens),
    isControl: (token) => token < controls.length,
    isEnd: (token) => token === end,
    renderChat(messages) {
      const tokens = [
        chat,
        ...messages.flatMap(({ role, text }) => [...vocabulary.tokenize(`${role}\n`), ...vocabulary.tokenize(text), chat]),
      ];
      answers.set(tokens.join(" "), { text: script.answer?.(messages) ?? "", promptLength: undefined });
      return { tokens: [...tokens, answerMark], stops: [], ends: new Set() };
    },
    openSequences: async (contextSize, most) =>
      Array.from({ length: most }, () => openSequence(Math.min(contextSize, script.contextSize ?? contextSize))),
    openEmbedder: async (contextSize) => ({
      contextSize,
      async embed(text) {
        await pause();
        return countsOfWords(text);
      },
    }),
    dispose: async () => {},
  };
}

/** Texts that share words are close. */
function countsOfWords(text: string): number[] {
  const counts = Array.from({ length: 64 }, () => 0);
  for (const word of text.toLowerCase().match(/\w+/g) ?? []) {
    const at = [...word].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % counts.length, 7);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

/** A vocabulary that learns each piece when it is first seen. */
function createVocabulary() {
  const texts: string[] = [...controls];
  const numbers = new Map<string, Token>();
  const halves = new Map<Token, "first" | "second">();

  function numberOf(text: string, half?: "first" | "second"): Token {
    const key = half === undefined ? text : `${text}\0${half}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = texts.push(text) - 1;
      numbers.set(key, number);
      if (half !== undefined) halves.set(number, half);
    }
    return number;
  }

  return {
    tokenOf: (text: string) => numberOf(text),
    tokenize(text: string): Token[] {
      const pieces = preTokens(text, "qwen2")
        .flatMap((piece) => piece.split(/([\u{10000}-\u{10FFFF}])/u))
        .filter((piece) => piece !== "");
      return pieces.flatMap((piece) =>
        (piece.codePointAt(0) ?? 0) > 0xffff ? [numberOf(piece, "first"), numberOf(piece, "second")] : [numberOf(piece)],
      );
    },
    /** The token that completes the character a token began. */
    secondHalf: (token: Token | undefined): Token | undefined =>
      token !== undefined && halves.get(token) === "first" ? numberOf(texts[token] ?? "", "second") : undefined,
    /** Control tokens have no text; half a character is U+FFFD. */
    textOf(tokens: readonly Token[]): string {
      let text = "";
      for (const [index, token] of tokens.entries()) {
        if (token < controls.length) continue;
        const half = halves.get(token);
        const whole = half === "second" && halves.get(tokens[index - 1] ?? -1) === "first";
        if (half === undefined) text += texts[token] ?? "";
        else if (whole) text = text.slice(0, -1) + (texts[token] ?? "");
        else text += "\uFFFD";
      }
      return text;
    },
  };
}

/** A shorter match would be chance. */
const shortestMatch = 3;

function continuation(known: readonly string[], before: string): string | undefined {
  for (let length = Math.min(before.length, 400); length >= shortestMatch; length -= 1) {
    const ending = before.slice(-length);
    for (const text of known) {
      const at = text.lastIndexOf(ending);
      if (at >= 0) return text.slice(at + length);
    }
  }
  return undefined;
}
