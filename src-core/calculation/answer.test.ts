import { describe, expect, test } from "vitest";
import { answerByCalculation } from "./answer.ts";

const answer = (question: string) => answerByCalculation(question)?.text;

describe("a question that is a calculation", () => {
  test.each([
    ["What is 12 * 37?", "12 * 37 = **444**"],
    ["2^10", "2^10 = **1024**"],
    ["2**64 - 1", "2**64 - 1 = **18446744073709551615**"],
    ["0.1 + 0.2", "0.1 + 0.2 = **0.3**"],
    ["(1 + 2) * -3", "(1 + 2) * -3 = **-9**"],
    ["10 / 4 =", "10 / 4 = **2.5**"],
    ["1/3", "1/3 ≈ **0.333333333333**"],
    ["2/3", "2/3 ≈ **0.666666666667**"],
    ["10 % 3", "10 % 3 = **1**"],
    ["15% of 80", "15% of 80 = **12**"],
    ["what's 1_000_000 / 8", "1_000_000 / 8 = **125000**"],
    ["1 << 20", "1 << 20 = **1048576**"],
    ["-7 >> 1", "-7 >> 1 = **-4**"],
    ["1e3 * 2", "1e3 * 2 = **2000**"],
    ["2^-2", "2^-2 = **0.25**"],
    ["1/3000000000000000", "1/3000000000000000 ≈ **0.000000000000000333333333333**"],
    ["1 h + 30 min", "1 h + 30 min = **1.5 h**"],
    ["3 GiB / 2", "3 GiB / 2 = **1.5 GiB**"],
    ["1 GiB / 4 KiB", "1 GiB / 4 KiB = **262144**"],
    ["1,234,567 * 2", "1234567 * 2 = **2469134**"],
    ["what is 2 to the power of 10?", "2 ^ 10 = **1024**"],
    ["12 times 37 plus 5", "12 * 37 + 5 = **449**"],
    ["7 squared", "7 ^ 2 = **49**"],
    ["15 percent of 80 divided by 3", "15% of 80 / 3 = **4**"],
  ])("%s", (question, expected) => expect(answer(question)).toBe(expected));

  test.each([
    ["3 GiB in MB", "3 GiB = **3221.225472 MB**"],
    ["convert 90 min to hours", "90 min = **1.5 h**"],
    ["How many bytes are in 3 MiB?", "3 MiB = **3145728 bytes**"],
    ["how many seconds are there in a day", "1 day = **86400 s**"],
    ["100 Mbit in MB", "100 Mbit = **12.5 MB**"],
    ["0xff in decimal", "0xff = **255**"],
    ["255 to hex", "255 = **0xff**"],
    ["10 to binary", "10 = **0b1010**"],
    ["0b1010 + 1 in octal", "0b1010 + 1 = **0o13**"],
    ["12 * 7 km in miles", "12 * 7 km ≈ **52.195180147936 miles**"],
    ["convert 6 ft + 2 inches to cm", "6 ft + 2 inches = **187.96 cm**"],
    ["how many grams are in 3 lb", "3 lb = **1360.77711 g**"],
    ["how many days is 90 hours", "90 hours = **3.75 days**"],
    ["How many feet are 2 meters?", "2 meters ≈ **6.561679790026 ft**"],
    ["what is 100 fahrenheit in celsius?", "100 °F ≈ **37.777777777778 °C**"],
    ["convert -40 °C to °F", "-40 °C = **-40 °F**"],
    ["20 C to F", "20 °C = **68 °F**"],
    ["0 kelvin in degrees celsius", "0 K = **-273.15 °C**"],
    ["-500 C in F", "-500 °C is colder than anything can be."],
    ["5 to hours", "5 is a plain number and cannot be given in h."],
    ["5 kB in seconds", "5 kB is in kB and cannot be given in s."],
  ])("%s", (question, expected) => expect(answer(question)).toBe(expected));

  test("says so where there is no result", () => {
    expect(answer("1 / 0")).toBe("Nothing can be divided by zero.");
    expect(answer("9^9^9")).toContain("digits");
    expect(answer("3 GiB + 2 s")).toBe("Only quantities of one kind can be added.");
  });
});

describe("everything else is left to a model", () => {
  test.each([
    "where is the retry delay computed",
    "why is 2 + 2 = 5 in cart.ts?",
    "What is 3?",
    "1.7.19",
    "2024-05-06",
    "404",
    "what is python 3",
    "fix line 12",
    "3 G in MB",
    "10 M to km",
    "5 in the morning",
    "a + b",
    "",
    "(((",
    "1 +",
    `${"(".repeat(200)}1${")".repeat(200)}`,
    "10 min",
    "how many tests are slow",
    "how many days are left",
    "3 times",
    "is 2 plus 2 in cart.ts",
    "1,2 + 3",
    "; process.exit(1)",
  ])("%s", (question) => expect(answer(question)).toBeUndefined());
});
