import { add, multiply, parseNumber, type Rational, rational, subtract, toDecimal } from "./rational.ts";

/** A scale: degrees of it are `size` kelvins each, and its zero is so many of its degrees above the absolute one. */
interface Scale {
  readonly name: string;
  readonly size: Rational;
  readonly zero: Rational;
}

const kelvin: Scale = { name: "K", size: rational(1n), zero: rational(0n) };
const celsius: Scale = { name: "°C", size: rational(1n), zero: rational(27315n, 100n) };
const fahrenheit: Scale = { name: "°F", size: rational(5n, 9n), zero: rational(45967n, 100n) };

const scale = (letters: string) => `°?\\s*(${letters})`;
const all = scale("c|celsius|centigrade|f|fahrenheit|k|kelvins?");
const asked = new RegExp(
  `^([-−]?(?:\\d+(?:\\.\\d+)?|\\.\\d+))\\s*(?:degrees?\\s*)?${all}\\s+(?:in|to|into|as)\\s+(?:degrees?\\s*)?${all}$`,
  "i",
);

function scaleNamed(name: string): Scale {
  const letter = name.slice(0, 1).toLowerCase();
  if (letter === "k") return kelvin;
  return letter === "c" ? celsius : fahrenheit;
}

/** "100 fahrenheit in celsius": scales begin at different zeros, so no factor leads from one to another. Undefined for anything else. */
export function convertedTemperature(question: string): string | undefined {
  const [, number, from, to] = asked.exec(question) ?? [];
  if (number === undefined || from === undefined || to === undefined) return undefined;
  const source = scaleNamed(from);
  const target = scaleNamed(to);
  if (source === target) return undefined;
  const size = parseNumber(number.replace(/^[-−]/, ""));
  const value = /^[-−]/.test(number) ? subtract(rational(0n), size) : size;
  const kelvins = multiply(add(value, source.zero), source.size);
  if (kelvins.top < 0n) return `${number} ${source.name} is colder than anything can be.`;
  const { text, exact } = toDecimal(subtract(multiply(kelvins, { top: target.size.bottom, bottom: target.size.top }), target.zero));
  return `${number} ${source.name} ${exact ? "=" : "≈"} **${text} ${target.name}**`;
}
