/** What somebody says who wants it to be known from then on. */
const wishes: readonly RegExp[] = [
  /^(?:please\s+)?(?:remember|keep in mind|note)(?:\s+that)?[\s:,]+(?<wish>.{8,300})$/i,
  /^(?<wish>(?:always|never)\s+.{8,300})$/i,
  /^(?:from now on|in this (?:project|repository|codebase))[\s,:]+(?<wish>.{8,300})$/i,
];

/**
 * Sentences of a message that might be worth remembering. By rule and not by a model: a small one finds something in every
 * message, and a proposal that is wrong most of the time is not read any more.
 */
export function wishesIn(message: string): string[] {
  // Code is what the message is about, not what it says.
  const prose = message.replace(/^(`{3,}|~{3,})[\s\S]*?(?:^\1|$(?![\s\S]))/gm, "");
  const sentences = prose.split(/\n+|(?<=[.!?])\s+/).map((sentence) => sentence.trim());
  const found = sentences.flatMap((sentence) => {
    if (sentence.endsWith("?")) return [];
    const wish = wishes.map((pattern) => pattern.exec(sentence)?.groups?.wish).find((match) => match !== undefined);
    return wish === undefined ? [] : [sentenceOf(wish)];
  });
  return [...new Set(found)];
}

/** True when two texts say the same but for case and punctuation. */
export function isSameWish(one: string, other: string): boolean {
  return normal(one) === normal(other);
}

function sentenceOf(text: string): string {
  const trimmed = text.trim().replace(/[.!]+$/, "");
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}.`;
}

function normal(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
