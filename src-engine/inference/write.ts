import type { Piece } from "#core/completion/confidence";
import { createTokenText } from "#core/completion/token-text";
import { createWriting, type WritingPlace, type Written } from "#core/completion/writing";
import type { HealedPrompt } from "./heal.ts";
import type { LanguageModel, Token } from "./language-model.ts";
import type { Turn } from "./queue.ts";
import type { Track } from "./track.ts";

/** What is needed to write one suggestion. */
export interface WritingWork {
  readonly model: LanguageModel;
  readonly track: Track;
  readonly isStop: (token: Token) => boolean;
  readonly turn: Turn;
  /** The rules of the place; none writes as far as it comes. */
  readonly place: WritingPlace | undefined;
  readonly maxTokens: number;
  /** Milliseconds after the first line before a block is cut at a line end. */
  readonly blockMilliseconds: number;
  readonly onPiece: (piece: Piece) => void;
}

/** One suggestion with all that was written on the way. */
export interface Suggestion extends Written {
  readonly written: readonly Piece[];
  /** True when the model itself ended there. */
  readonly ended: boolean;
  /** The prompt with all that was written. */
  readonly tokens: readonly Token[];
  /** How many of the tokens stood before the first one written. */
  readonly start: number;
}

/** Goes on from a healed prompt, one likeliest token after the other, until the rules of the place are met. */
export async function write(work: WritingWork, { tokens: begun, pieces: first }: HealedPrompt): Promise<Suggestion> {
  const { model, track, turn, place, maxTokens } = work;
  const tokens = [...begun];
  const start = begun.length;
  const tokenText = createTokenText((some, before) => model.textOf(some, before), tokens);
  const writing = place === undefined ? undefined : createWriting(place);
  const written: Piece[] = [];
  let result: Written | undefined;
  let text = "";
  let firstLine: number | undefined;
  let ended = false;

  const push = (piece: Piece) => {
    written.push(piece);
    work.onPiece(piece);
    text += piece.text;
    result = writing?.push(piece);
    // Behind an opener the first line end comes before the first line.
    if (firstLine === undefined && text.trimStart().includes("\n")) firstLine = performance.now();
  };
  const end = (stop: "end" | "time"): Written => writing?.end(stop) ?? { pieces: written, stop, doubted: false };

  for (const piece of first) if (result === undefined) push(piece);
  while (result === undefined) {
    if (written.length >= maxTokens || tokens.length >= track.contextSize - 2) {
      result = { pieces: written, stop: "limit", doubted: false };
      break;
    }
    const prediction = await track.predict(tokens, { temperature: 0, probability: true, candidates: false }, turn);
    if (work.isStop(prediction.token)) {
      ended = true;
      result = end("end");
      break;
    }
    tokens.push(prediction.token);
    const piece = { text: tokenText.push(prediction.token), probability: prediction.probability };
    push(piece);
    const late = firstLine !== undefined && performance.now() - firstLine > work.blockMilliseconds;
    if (result === undefined && late && piece.text.includes("\n")) result = end("time");
  }
  return { ...result, written, ended, tokens, start };
}
