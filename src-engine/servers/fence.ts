/** Takes away the opening fence by which a server's model begins code, where a file's model is made to begin behind it. */
export interface Unfenced {
  push(piece: string): string;
  /** What was held back while it might have been a fence. */
  rest(): string;
}

/** Beginnings of a sentence before the code. */
const introduces = /^(?:Here|Sure|Certainly|Of course|Below|The (?:improved|refactored|updated|code)|I(?:'ve| have)|To )/;
const longestIntroduction = 600;

/** Creates {@link Unfenced}; without an answer prefix nothing is taken. */
export function withoutFence(answerPrefix: string): Unfenced {
  let held = answerPrefix === "" ? undefined : "";
  return {
    push(piece) {
      if (held === undefined) return piece;
      held += piece;
      const text = held.trimStart();
      const end = text.indexOf("\n");
      const fence = /^`{3,}[^\n]*\n/m.exec(text);
      // Enough to know: a whole first line, or one that can be no fence and no introduction.
      const mayBegin = text.startsWith("`".repeat(Math.min(3, text.length))) || introduces.test(text);
      if (fence === null && mayBegin && (end < 0 || introduces.test(text)) && text.length < longestIntroduction) return "";
      const code = fence && (fence.index === 0 || introduces.test(text)) ? text.slice(fence.index + fence[0].length) : held;
      held = undefined;
      return code;
    },
    rest() {
      const text = held ?? "";
      held = undefined;
      return /^\s*`{3,}\S*\s*$/.test(text) ? "" : text;
    },
  };
}
