import { evaluate, type Quantity } from "./evaluate.ts";
import { CalculationError, divide, toDecimal } from "./rational.ts";
import { convertedTemperature } from "./temperature.ts";
import { unitNamed } from "./units.ts";

/** An answer that was calculated, not guessed. */
export interface CalculatedAnswer {
  /** One line of Markdown. */
  readonly text: string;
}

const bases: Readonly<Record<string, { readonly base: number; readonly prefix: string }>> = {
  hex: { base: 16, prefix: "0x" },
  hexadecimal: { base: 16, prefix: "0x" },
  binary: { base: 2, prefix: "0b" },
  octal: { base: 8, prefix: "0o" },
  decimal: { base: 10, prefix: "" },
};

/** Signs as they are said. Whatever else has such words in it is no calculation with the signs either. */
const signs: readonly (readonly [RegExp, string])[] = [
  [/\s+(?:(?:raised )?to the power of|raised to)\s+/gi, " ^ "],
  [/(?<=[\d)])\s+squared\b/gi, " ^ 2"],
  [/(?<=[\d)])\s+cubed\b/gi, " ^ 3"],
  [/(?<=\d)\s*percent\b/gi, "%"],
  [/\s+(?:times|multiplied by)\s+/gi, " * "],
  [/\s+divided by\s+/gi, " / "],
  [/\s+plus\s+/gi, " + "],
  [/\s+minus\s+/gi, " - "],
];

/**
 * Answers a question that is nothing but arithmetic or a change of units or bases: "what is 12 * 37?", "3 GiB in MB", "how many
 * seconds are in 2 days", "0xff to binary", "2 to the power of 10". Undefined for every other question, also for one that only has a calculation in it.
 */
export function answerByCalculation(question: string): CalculatedAnswer | undefined {
  if (question.length > 400) return undefined;
  const asked = question
    .trim()
    .replace(/^(?:please\s+)?(?:what(?:'s| is| are)|how much (?:is|are)|calculate|compute|evaluate|convert|solve)\s+/i, "")
    .replace(/[\s?=.!]+$/, "")
    .replace(/(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/g, (number) => number.replaceAll(",", ""));
  const temperature = convertedTemperature(asked);
  if (temperature !== undefined) return { text: temperature };
  const inSigns = signs.reduce((text, [words, sign]) => text.replace(words, sign), asked);
  try {
    return inverted(inSigns) ?? converted(inSigns) ?? calculated(inSigns);
  } catch (error) {
    if (error instanceof CalculationError) return { text: error.message };
    throw error;
  }
}

/** "how many seconds are in 2 days" */
function inverted(asked: string): CalculatedAnswer | undefined {
  const [, unit, expression] =
    /^how many ([a-zµ]+) (?:(?:are (?:there )?|is |does |do )?(?:in|make|equal)|is|are)\s+(.+)$/i.exec(asked) ?? [];
  if (unit === undefined || expression === undefined) return undefined;
  return converted(`${expression.replace(/^an? /i, "1 ")} in ${unit}`);
}

/** "3 GiB in MB", "255 to hex" */
function converted(asked: string): CalculatedAnswer | undefined {
  const [, expression, target] = /^(.+?)\s+(?:in|to|into|as)\s+(?:an?\s+)?([a-zµμ]+)$/i.exec(asked) ?? [];
  if (expression === undefined || target === undefined) return undefined;
  const base = bases[target.toLowerCase()];
  const quantity = evaluate(expression);
  if (quantity === undefined) return undefined;
  if (base !== undefined) return inBase(expression, quantity, base);
  const unit = unitNamed(target);
  if (unit === undefined) return undefined;
  if (quantity.unit === undefined || quantity.unit.kind !== unit.kind) {
    const is = quantity.unit === undefined ? "a plain number" : `in ${quantity.unit.name}`;
    return { text: `${expression} is ${is} and cannot be given in ${unit.name}.` };
  }
  const { text, exact } = toDecimal(divide(quantity.value, unit.size));
  return { text: `${expression} ${exact ? "=" : "≈"} **${text} ${unit.name}**` };
}

function inBase(expression: string, { value, unit }: Quantity, { base, prefix }: (typeof bases)[string]): CalculatedAnswer | undefined {
  if (unit !== undefined) return undefined;
  if (base !== 10 && value.bottom !== 1n) return { text: `${expression} is not a whole number, and only those are shown in other bases.` };
  if (base === 10) return shown(expression, { value });
  const size = value.top < 0n ? -value.top : value.top;
  return { text: `${expression} = **${value.top < 0n ? "-" : ""}${prefix}${size.toString(base)}**` };
}

function calculated(asked: string): CalculatedAnswer | undefined {
  // A number alone is no question, and a version or a date is not meant to be divided.
  if (!/\d/.test(asked) || /^[\d._\s]+$/.test(asked) || /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}$/.test(asked)) return undefined;
  const quantity = evaluate(asked);
  if (quantity === undefined || (quantity.unit !== undefined && !/[-+*/×÷%^<>]/.test(asked))) return undefined;
  return shown(asked, quantity);
}

function shown(expression: string, { value, unit }: Quantity): CalculatedAnswer {
  const { text, exact } = toDecimal(unit === undefined ? value : divide(value, unit.size));
  return { text: `${expression} ${exact ? "=" : "≈"} **${text}${unit === undefined ? "" : ` ${unit.name}`}**` };
}
