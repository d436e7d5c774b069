/** What people ask of a refactoring that code can surely do. */
export type Wish = "names" | "early-returns" | "helper" | "concise";

const patterns: readonly (readonly [Wish, RegExp])[] = [
  ["names", /\b(?:clear|better|meaningful|descriptive|readable|expressive|good|self.explanatory)\w*\b.*\bnam(?:es?|ing)\b/i],
  ["early-returns", /\b(?:early|earlier|guards?|nest\w*|flat\w*|indentation)\b/i],
  ["helper", /\b(?:extract|split|pull|factor|move|break)\w*\b.*\b(?:helpers?|functions?|methods?)\b/i],
  ["concise", /\b(?:concise\w*|short\w*|simpl\w+|compact\w*|redundant|unnecessary|less code|easier to read|readable)\b/i],
];

/** A name or a place, or a limit: what is meant then is not anything of the kind. */
const isSpecific = /[`"“”‘]|(?<!\p{L})'|\w_\w|\p{Ll}\p{Lu}|\d/u;
const isLimited = /\b(?:called|named|into|except|but|without|only|don't|not)\b/i;

/** What an instruction asks for, where that is all it asks for; nothing where it says more, or names something in the code. */
export function wishesOf(instruction: string): readonly Wish[] {
  if (isSpecific.test(instruction) || isLimited.test(instruction)) return [];
  const found: Wish[] = [];
  for (const clause of instruction.split(/\band\b|[,;.]/i)) {
    if (clause.trim() === "") continue;
    const wish = patterns.find(([, pattern]) => pattern.test(clause))?.[0];
    if (wish === undefined) return [];
    if (!found.includes(wish)) found.push(wish);
  }
  return found;
}
