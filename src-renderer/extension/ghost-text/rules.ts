import type { Silence } from "#core/contracts/completion";

/** The last change of a document, as far as it decides whether a suggestion is wanted. */
export interface LastChange {
  readonly kind: "typed" | "deleted" | "undone" | "pasted" | "none";
}

/** What is known when the editor asks for a suggestion. */
export interface Situation {
  readonly trigger: "automatic" | "manual";
  readonly enabled: boolean;
  readonly excluded: boolean;
  readonly paused: boolean;
  readonly cursors: number;
  readonly selectionEmpty: boolean;
  /** Text of the cursor's line, left and right of the cursor. */
  readonly left: string;
  readonly right: string;
  readonly lastChange: LastChange["kind"];
}

/** Says why the model is not asked now, or nothing when it is. What the user asks for by key is always asked. */
export function reasonForSilence(situation: Situation): Silence | undefined {
  if (situation.trigger === "manual") return undefined;
  if (!situation.enabled) return "switched-off";
  if (situation.excluded) return "excluded";
  if (situation.paused) return "paused";
  if (situation.cursors > 1) return "several-cursors";
  if (!situation.selectionEmpty) return "selection";
  if (situation.lastChange === "undone") return "undone";
  if (situation.lastChange === "pasted") return "pasted";
  if (situation.lastChange === "deleted" && situation.right.trim() !== "") return "deleted";
  if (/^[\p{L}\p{N}_$]/u.test(situation.right)) return "mid-word";
  return undefined;
}

/** True when ghost text is on for a language; a language that is not named follows the entry `*`. */
export function languageEnabled(languages: Readonly<Record<string, boolean>>, languageId: string): boolean {
  return languages[languageId] ?? languages["*"] ?? true;
}

/** Takes from a suggestion's end what already stands right of the cursor beyond what it replaces. */
export function withoutSuffix(text: string, replaces: number, right: string): string {
  const after = right.slice(replaces);
  if (after.trim() === "" || text.includes("\n")) return text;
  // The longest end of the suggestion that begins the text after it: inserting it would show it twice.
  for (let length = Math.min(text.length, after.length); length > 0; length--) {
    const tail = after.slice(0, length);
    if (text.endsWith(tail) && (length >= 3 || /^[\s)\]}>;:,'"`]+$/.test(tail))) return text.slice(0, text.length - length);
  }
  return text;
}
