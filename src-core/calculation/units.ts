import { type Rational, rational } from "./rational.ts";

/** A unit and how many of the smallest unit of its kind it is. */
export interface Unit {
  readonly kind: "data" | "time" | "length" | "mass";
  /** As it stands in an answer. */
  readonly name: string;
  readonly size: Rational;
}

const binary = ["K", "M", "G", "T", "P"];

function dataUnits(): [string[], Unit][] {
  const unit = (name: string, bits: bigint): Unit => ({ kind: "data", name, size: rational(bits) });
  const units: [string[], Unit][] = [
    [["bit", "bits"], unit("bits", 1n)],
    [["B", "byte", "bytes"], unit("bytes", 8n)],
  ];
  const words = ["kilo", "mega", "giga", "tera", "peta"];
  const binaryWords = ["kibi", "mebi", "gibi", "tebi", "pebi"];
  for (const [index, letter] of binary.entries()) {
    const exponent = BigInt(index + 1);
    const small = letter === "K" ? "k" : letter;
    units.push(
      [[`${letter}iB`, `${binaryWords[index]}byte`, `${binaryWords[index]}bytes`], unit(`${letter}iB`, 8n * 1024n ** exponent)],
      [[`${letter}B`, `${small}B`, `${words[index]}byte`, `${words[index]}bytes`], unit(`${small}B`, 8n * 1000n ** exponent)],
      [
        [`${letter}bit`, `${small}bit`, `${letter}bits`, `${words[index]}bit`, `${words[index]}bits`],
        unit(`${small}bit`, 1000n ** exponent),
      ],
      [[`${letter}ibit`, `${binaryWords[index]}bit`, `${binaryWords[index]}bits`], unit(`${letter}ibit`, 1024n ** exponent)],
    );
  }
  return units;
}

function timeUnits(): [string[], Unit][] {
  const unit = (name: string, nanoseconds: bigint): Unit => ({ kind: "time", name, size: rational(nanoseconds) });
  const second = 1_000_000_000n;
  return [
    [["ns", "nanosecond", "nanoseconds"], unit("ns", 1n)],
    [["us", "µs", "μs", "microsecond", "microseconds"], unit("µs", 1000n)],
    [["ms", "millisecond", "milliseconds"], unit("ms", 1_000_000n)],
    [["s", "sec", "secs", "second", "seconds"], unit("s", second)],
    [["min", "mins", "minute", "minutes"], unit("min", 60n * second)],
    [["h", "hr", "hrs", "hour", "hours"], unit("h", 3600n * second)],
    [["d", "day", "days"], unit("days", 86_400n * second)],
    [["week", "weeks"], unit("weeks", 604_800n * second)],
  ];
}

function lengthUnits(): [string[], Unit][] {
  const unit = (name: string, nanometres: bigint): Unit => ({ kind: "length", name, size: rational(nanometres) });
  const inch = 25_400_000n;
  // No "in": it stands between what is converted and what into.
  return [
    [["mm", "millimetre", "millimetres", "millimeter", "millimeters"], unit("mm", 1_000_000n)],
    [["cm", "centimetre", "centimetres", "centimeter", "centimeters"], unit("cm", 10_000_000n)],
    [["m", "metre", "metres", "meter", "meters"], unit("m", 1_000_000_000n)],
    [["km", "kilometre", "kilometres", "kilometer", "kilometers"], unit("km", 1_000_000_000_000n)],
    [["inch", "inches"], unit("inches", inch)],
    [["ft", "foot", "feet"], unit("ft", 12n * inch)],
    [["yd", "yard", "yards"], unit("yd", 36n * inch)],
    [["mi", "mile", "miles"], unit("miles", 63_360n * inch)],
  ];
}

function massUnits(): [string[], Unit][] {
  const unit = (name: string, nanograms: bigint): Unit => ({ kind: "mass", name, size: rational(nanograms) });
  return [
    [["mg", "milligram", "milligrams"], unit("mg", 1_000_000n)],
    [["g", "gram", "grams"], unit("g", 1_000_000_000n)],
    [["kg", "kilogram", "kilograms"], unit("kg", 1_000_000_000_000n)],
    [["oz", "ounce", "ounces"], unit("oz", 28_349_523_125n)],
    [["lb", "lbs", "pound", "pounds"], unit("lb", 453_592_370_000n)],
  ];
}

const byName = (units: readonly [string[], Unit][]) => units.flatMap(([names, unit]) => names.map((name) => [name, unit] as const));
const computing = byName([...dataUnits(), ...timeUnits()]);
const others = byName([...lengthUnits(), ...massUnits()]);
const exact = new Map([...computing, ...others]);
// A letter in another case means something of computers, if anything: 3 G are no grams.
const loose = new Map([...computing, ...others.filter(([name]) => name.length > 2)].map(([name, unit]) => [name.toLowerCase(), unit]));

/** A unit by its name: capitals count where there are two (`B` and a word in any case); undefined for what is no unit. */
export function unitNamed(name: string): Unit | undefined {
  return exact.get(name) ?? loose.get(name.toLowerCase());
}
