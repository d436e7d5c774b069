/** An exact number: a fraction in lowest terms, the lower part above zero. */
export interface Rational {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** Digits beyond which a number is no answer for a person. */
const mostDigits = 400;

/** Why there is no result, as a sentence. */
export class CalculationError extends Error {
  override readonly name = "CalculationError";
}

/** A fraction in lowest terms; throws {@link CalculationError} for a lower part of zero or a monstrous number. */
export function rational(top: bigint, bottom = 1n): Rational {
  if (bottom === 0n) throw new CalculationError("Nothing can be divided by zero.");
  const sign = bottom < 0n ? -1n : 1n;
  const divisor = greatestDivisor(top < 0n ? -top : top, bottom * sign) || 1n;
  const result = { top: (sign * top) / divisor, bottom: (sign * bottom) / divisor };
  if (result.top.toString().length > mostDigits || result.bottom.toString().length > mostDigits)
    throw new CalculationError(`The result has more than ${mostDigits} digits.`);
  return result;
}

/** Reads `12`, `1_000`, `3.25`, `1e6`, `0xff`, `0b101` and `0o17`. */
export function parseNumber(text: string): Rational {
  const plain = text.replaceAll("_", "");
  if (/^0[xbo]/i.test(plain)) return rational(BigInt(plain.toLowerCase()));
  const [, whole = "", part = "", exponent = "0"] = /^(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(plain) ?? [];
  const power = Number(exponent) - part.length;
  if (Math.abs(power) > mostDigits) throw new CalculationError(`The number ${text} is too large to calculate with.`);
  const digits = BigInt(whole + part || "0");
  return power >= 0 ? rational(digits * 10n ** BigInt(power)) : rational(digits, 10n ** BigInt(-power));
}

export const add = (a: Rational, b: Rational): Rational => rational(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
export const subtract = (a: Rational, b: Rational): Rational => add(a, { top: -b.top, bottom: b.bottom });
export const multiply = (a: Rational, b: Rational): Rational => rational(a.top * b.top, a.bottom * b.bottom);
export const divide = (a: Rational, b: Rational): Rational => rational(a.top * b.bottom, a.bottom * b.top);

/** The remainder as programs have it: with the sign of the first. */
export function remainder(a: Rational, b: Rational): Rational {
  const quotient = divide(a, b);
  return subtract(a, multiply(rational(quotient.top / quotient.bottom), b));
}

/** A power with a whole exponent; throws where the exponent is none. */
export function power(base: Rational, exponent: Rational): Rational {
  if (exponent.bottom !== 1n) throw new CalculationError("Only whole powers are calculated.");
  const size = exponent.top < 0n ? -exponent.top : exponent.top;
  const digits = Math.max(base.top.toString().length, base.bottom.toString().length);
  if (size > 4096n || (digits - 1) * Number(size) > mostDigits)
    throw new CalculationError(`The result has more than ${mostDigits} digits.`);
  return exponent.top < 0n ? rational(base.bottom ** size, base.top ** size) : rational(base.top ** size, base.bottom ** size);
}

/** The number as a decimal, and whether that is all of it; rounded to twelve places where it never ends. */
export function toDecimal({ top, bottom }: Rational): { readonly text: string; readonly exact: boolean } {
  const [sign, size] = top < 0n ? ["-", -top] : ["", top];
  const whole = size / bottom;
  if (size % bottom === 0n) return { text: sign + whole, exact: true };
  const places = 12;
  const scaled = size * 10n ** BigInt(places);
  const exact = scaled % bottom === 0n;
  // A small number keeps its first digits.
  const extra = whole === 0n ? Math.max(0, (bottom / size).toString().length - 1) : 0;
  const shown = exact ? places : places + extra;
  const rounded = (size * 10n ** BigInt(shown) * 2n + bottom) / (bottom * 2n);
  const digits = rounded.toString().padStart(shown + 1, "0");
  return { text: `${sign}${digits.slice(0, -shown)}.${digits.slice(-shown)}`.replace(/0+$/, "").replace(/\.$/, ""), exact };
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [one, other] = [a, b];
  while (other !== 0n) [one, other] = [other, one % other];
  return one;
}
