/** How sure the model must be: of every token, and of a whole line as the product of its tokens. */
export interface Thresholds {
  readonly token: number;
  readonly line: number;
}

/** The values behind the setting. */
export const thresholdsOf: Readonly<Record<"quieter" | "balanced" | "bolder", Thresholds>> = {
  quieter: { token: 0.35, line: 0.3 },
  balanced: { token: 0.2, line: 0.1 },
  bolder: { token: 0.08, line: 0.02 },
};

/** One generated piece with the probability of its token. */
export interface Piece {
  readonly text: string;
  readonly probability: number;
}

const endsInWord = /[\p{L}\p{N}_$]$/u;
const beginsInWord = /^[\p{L}\p{N}_$]/u;

/** True when nothing is torn apart by ending before piece `index`: not inside a word, and not in the middle of a character. */
function isBoundary(pieces: readonly Piece[], index: number): boolean {
  const before = pieces[index - 1];
  const after = pieces[index];
  if (before === undefined || after === undefined) return true;
  return before.text !== "" && !(endsInWord.test(before.text) && beginsInWord.test(after.text));
}

/**
 * How many pieces are certain enough. The first piece below the token threshold, or a line whose product falls below
 * the line threshold, ends the suggestion at the last boundary before it; a doubtful later line goes as a whole.
 */
export function confidentPieces(pieces: readonly Piece[], { token, line }: Thresholds): number {
  let product = 1;
  let lineStart = 0;
  for (const [index, piece] of pieces.entries()) {
    if (index > 0 && pieces[index - 1]?.text.includes("\n") === true) {
      product = 1;
      lineStart = index;
    }
    product *= piece.probability;
    if (piece.probability >= token && product >= line) continue;
    let end = piece.probability < token || lineStart === 0 ? index : lineStart;
    while (end > 0 && !isBoundary(pieces, end)) end -= 1;
    return end;
  }
  return pieces.length;
}

/** The geometric mean of the probabilities; 0 for nothing. */
export function meanProbability(pieces: readonly Piece[]): number {
  if (pieces.length === 0) return 0;
  const sum = pieces.reduce((total, piece) => total + Math.log(Math.max(piece.probability, 1e-9)), 0);
  return Math.min(1, Math.exp(sum / pieces.length));
}

/** The pieces that make up the first `length` characters; the last one is shortened where need be. */
export function cutPieces(pieces: readonly Piece[], length: number): readonly Piece[] {
  const kept: Piece[] = [];
  let left = length;
  for (const piece of pieces) {
    if (left <= 0) break;
    kept.push(piece.text.length <= left ? piece : { ...piece, text: piece.text.slice(0, left) });
    left -= piece.text.length;
  }
  return kept;
}
