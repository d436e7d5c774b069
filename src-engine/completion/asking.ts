import type { Piece } from "#core/completion/confidence";
import { isSameSuffix } from "#core/completion/hole";
import type { KnownTexts } from "#core/completion/known";
import type { WritingPlace, Written } from "#core/completion/writing";
import type { InfillRequest, InfillResult } from "#core/contracts/inference";
import { untilAborted } from "../inference/failures.ts";
import type { Inference, ModelReference } from "../inference/host.ts";

/** A question to the model about one place. */
export interface Question {
  readonly model: ModelReference;
  readonly request: InfillRequest & { readonly shape: "line" | "block" };
  readonly texts: KnownTexts;
}

/** What the model wrote, or would have written. */
export interface Answer extends Written, Pick<InfillResult, "alternatives" | "tokens"> {
  /** All of it, uncut. */
  readonly written: readonly Piece[];
  /** What the model has done for it; nothing where the answer was known. */
  readonly result?: InfillResult;
  readonly known: boolean;
}

/**
 * Asks the model, one question at a time for a document. A key that agrees with what is being written does not stop it: the
 * newer request takes over the older one's answer. A key that contradicts it stops it at once.
 */
export interface Asking {
  /** What is known or being written already for the place; nothing when the model has to be asked anew. */
  known(question: Question, signal: AbortSignal): Promise<Answer | undefined>;
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
}

interface Running {
  readonly question: Question;
  readonly controller: AbortController;
  readonly answer: Promise<InfillResult>;
  text: string;
  /** Requests that wait for it. */
  waiting: number;
  /** Called once, with the next piece or at the end. */
  readonly listeners: Set<() => void>;
  ended: boolean;
}

/** Between the end of one request and the next for the following key, in milliseconds. */
const handOver = 25;

/** Creates {@link Asking}. */
export function createAsking(inference: Pick<Inference, "infill">): Asking {
  /** The last question of each document, while it runs. */
  const running = new Map<string, Running>();

  function begin(question: Question): Running {
    const { model, request, texts } = question;
    const controller = new AbortController();
    const answer = inference.infill(model, request, controller.signal, (piece) => {
      own.text += piece.text;
      tell(own);
    });
    const own: Running = { question, controller, answer, text: "", waiting: 0, listeners: new Set(), ended: false };
    running.set(request.document, own);
    answer
      .then(({ written, ended }) => texts.add({ prefix: request.prefix, suffix: request.suffix, pieces: written, ended }))
      // Whoever waits for it hears of a failure.
      .catch(() => {})
      .finally(() => {
        if (running.get(request.document) === own) running.delete(request.document);
        own.ended = true;
        tell(own);
      });
    return own;
  }

  /** Waits on behalf of one request; when the last one leaves, the next key has a moment to take over. */
  async function waitFor<T>(one: Running, work: Promise<T>, signal: AbortSignal): Promise<T> {
    one.waiting += 1;
    try {
      return await untilAborted(work, signal);
    } finally {
      one.waiting -= 1;
      if (one.waiting === 0 && !one.ended) setTimeout(() => one.waiting === 0 && one.controller.abort(), handOver);
    }
  }

  /** Waits while what was typed may be the beginning of what is being written. True when it was, to the end. */
  async function agrees(one: Running, typed: string, signal: AbortSignal): Promise<boolean> {
    while (!one.ended) {
      if (!one.text.startsWith(typed) && !typed.startsWith(one.text)) return false;
      await waitFor(one, new Promise<void>((resolve) => one.listeners.add(resolve)), signal);
    }
    return true;
  }

  return {
    async known(question, signal) {
      const { request, texts } = question;
      if ((request.alternatives ?? 1) > 1) return undefined;
      const find = (): Answer | undefined => {
        const written = texts.find(placeOf(request));
        // What was written before the user chose this depth.
        if (request.keepsDepth && /^[ \t]/.test(written?.pieces[0]?.text ?? "")) return undefined;
        return written && { ...written, written: written.pieces, alternatives: [], tokens: nothingSpent, known: true };
      };
      const before = find();
      if (before !== undefined) return before;
      const one = running.get(request.document);
      if (one === undefined) return undefined;
      const typed = isFollowedBy(one.question, question) ? request.prefix.slice(one.question.request.prefix.length) : undefined;
      if (typed === undefined || !(await agrees(one, typed, signal))) {
        one.controller.abort();
        return undefined;
      }
      const result = await one.answer.catch(() => undefined);
      const after = result && find();
      return after && { ...after, tokens: result.tokens, result, known: false };
    },

    async ask(question, signal) {
      running.get(question.request.document)?.controller.abort();
      const one = begin(question);
      const result = await waitFor(one, one.answer, signal);
      return { ...result, result, known: false };
    },
  };
}

function tell({ listeners }: Running): void {
  const waiting = [...listeners];
  listeners.clear();
  for (const listener of waiting) listener();
}

const nothingSpent = { prompt: 0, reused: 0, evaluated: 0, generated: 0 };

function placeOf({ shape, prefix, suffix, thresholds, maxTokens }: Question["request"]): WritingPlace {
  return { shape, prefix, suffix, thresholds, maxTokens };
}

/** True when the newer question is the older one with some characters more. */
function isFollowedBy({ model, request }: Question, newer: Question): boolean {
  const same = (key: keyof InfillRequest) => JSON.stringify(request[key]) === JSON.stringify(newer.request[key]);
  return (
    model.path === newer.model.path &&
    (request.alternatives ?? 1) === 1 &&
    same("layout") &&
    same("thresholds") &&
    newer.request.prefix.startsWith(request.prefix) &&
    isSameSuffix(newer.request.suffix, request.suffix)
  );
}
