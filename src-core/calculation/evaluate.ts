import { add, CalculationError, divide, multiply, parseNumber, power, type Rational, rational, remainder, subtract } from "./rational.ts";
import { type Unit, unitNamed } from "./units.ts";

/** A number, with the unit it is in; its value counts in the smallest unit of the kind. */
export interface Quantity {
  readonly value: Rational;
  readonly unit?: Unit;
}

type Token = { readonly kind: "number" | "word" | "sign"; readonly text: string };

const token =
  /\s*(?:(0x[\da-f_]+|0b[01_]+|0o[0-7_]+|(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?(?![\d.]))|([a-zµμ]+)|(\*\*|<<|>>|[-+*/%^()×·÷−,]))/iy;
const longest = 300;
const deepest = 40;

/**
 * Calculates an expression exactly: `+ - * / % ^ **`, `<< >>`, brackets, `15 % of 80`, numbers with bases, and quantities of data
 * and time. Undefined for a text that is no expression; throws {@link CalculationError} for one without a result.
 */
export function evaluate(text: string): Quantity | undefined {
  const tokens = text.length > longest ? undefined : tokensOf(text);
  if (tokens === undefined || tokens.length === 0) return undefined;
  let at = 0;
  let depth = 0;
  const peek = (ahead = 0) => tokens[at + ahead];
  const takes = (...signs: string[]): string | undefined => {
    const next = peek();
    if (next === undefined || next.kind === "number" || !signs.includes(next.text.toLowerCase())) return undefined;
    at += 1;
    return next.text.toLowerCase();
  };

  function shifted(): Quantity {
    let left = sum();
    for (let sign = takes("<<", ">>"); sign !== undefined; sign = takes("<<", ">>")) {
      const by = power(rational(2n), plain(sum()));
      left = { value: sign === "<<" ? multiply(plain(left), by) : floor(divide(plain(left), by)) };
    }
    return left;
  }

  function sum(): Quantity {
    let left = product();
    for (let sign = takes("+", "-", "−"); sign !== undefined; sign = takes("+", "-", "−")) {
      const right = product();
      if (left.unit?.kind !== right.unit?.kind) throw new CalculationError("Only quantities of one kind can be added.");
      left = withUnit(sign === "+" ? add(left.value, right.value) : subtract(left.value, right.value), left.unit);
    }
    return left;
  }

  function product(): Quantity {
    let left = signed();
    for (;;) {
      const sign = takes("*", "×", "·", "/", "÷", "%");
      if (sign === undefined) return left;
      if (
        sign === "%" &&
        (peek() === undefined || (peek()?.kind === "sign" && peek()?.text !== "(") || peek()?.text.toLowerCase() === "of")
      ) {
        left = { value: divide(plain(left), rational(100n)) };
        if (takes("of") !== undefined) {
          const whole = signed();
          left = withUnit(multiply(left.value, whole.value), whole.unit);
        }
        continue;
      }
      const right = signed();
      if (sign === "%") left = withUnit(remainder(left.value, sameKind(left, right)), left.unit);
      else if (sign === "/" || sign === "÷")
        left =
          right.unit === undefined
            ? withUnit(divide(left.value, right.value), left.unit)
            : { value: divide(left.value, sameKind(left, right)) };
      else {
        if (left.unit !== undefined && right.unit !== undefined)
          throw new CalculationError("Quantities cannot be multiplied with each other.");
        left = withUnit(multiply(left.value, right.value), left.unit ?? right.unit);
      }
    }
  }

  function signed(): Quantity {
    if (takes("-", "−") !== undefined) {
      const { value, unit } = signed();
      return withUnit(subtract(rational(0n), value), unit);
    }
    if (takes("+") !== undefined) return signed();
    const base = single();
    if (takes("^", "**") === undefined) return base;
    return { value: power(plain(base), plain(signed())) };
  }

  function single(): Quantity {
    const next = peek();
    if (next?.kind === "number") {
      at += 1;
      const value = parseNumber(next.text);
      const unit = peek()?.kind === "word" ? unitNamed(peek()?.text ?? "") : undefined;
      if (unit === undefined) return { value };
      at += 1;
      return { value: multiply(value, unit.size), unit };
    }
    if (takes("(") === undefined) throw new NoExpression();
    depth += 1;
    if (depth > deepest) throw new NoExpression();
    const inner = shifted();
    depth -= 1;
    if (takes(")") === undefined) throw new NoExpression();
    return inner;
  }

  try {
    const result = shifted();
    return at === tokens.length ? result : undefined;
  } catch (error) {
    if (error instanceof NoExpression) return undefined;
    throw error;
  }
}

class NoExpression extends Error {}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const match = token.exec(text);
    if (match === null) return undefined;
    const [, number, word, sign] = match;
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else tokens.push({ kind: "sign", text: sign ?? "" });
  }
  return tokens;
}

function withUnit(value: Rational, unit: Unit | undefined): Quantity {
  return unit === undefined ? { value } : { value, unit };
}

function plain({ value, unit }: Quantity): Rational {
  if (unit !== undefined) throw new CalculationError(`A plain number is needed there, not one in ${unit.name}.`);
  return value;
}

function sameKind(left: Quantity, right: Quantity): Rational {
  if (left.unit?.kind !== right.unit?.kind) throw new CalculationError("Only quantities of one kind can be compared.");
  return right.value;
}

function floor({ top, bottom }: Rational): Rational {
  const down = top / bottom;
  return rational(top % bottom < 0n ? down - 1n : down);
}
