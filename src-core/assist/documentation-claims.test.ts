import { expect, test } from "vitest";
import { soundLines } from "./documentation-claims.ts";

const sound = (languageId: string, code: string, text: string) => soundLines({ lines: text.split("\n"), code, languageId }).join("\n");

const script = "function f(price, count) {\n  return price * count;\n}";
const python = 'def f(price, *counts):\n    """Old: raise x."""\n    return price\n';

test.each([
  [
    "parameters that are not there",
    "javascript",
    script,
    "A.\n\n@param {number} price One.\n@param {number} tax Two,\nand three.",
    "A.\n\n@param {number} price One.",
  ],
  ["errors where none is thrown", "javascript", script, "A.\n\n@throws {Error} Always.", "A."],
  ["a result where there is none", "javascript", "function f() {\n  return;\n}", "A.\n\n@returns {void}", "A."],
  [
    "types in TypeScript",
    "typescript",
    script,
    "@param {Map<string, {}>} price One.\n@returns {number} - Two.",
    "@param price One.\n@returns Two.",
  ],
  [
    "parameters that are not there, in Python",
    "python",
    python,
    "A.\n\nArgs:\n    price (int): One.\n    tax: Two,\n      and three.\n    *counts: Four.",
    "A.\n\nArgs:\n    price (int): One.\n    *counts: Four.",
  ],
  [
    "parts that are never so, in Rust",
    "rust",
    "pub fn f(a: i32) -> i32 {\n    a\n}",
    "A.\n\n# Examples\n\n```\n# let b = 1;\nassert_eq!(f(1), 1);\n```\n\n# Safety\nIt is safe.\n\n# Panics\nNever.\n\n# Errors\nNone.\n\n# Arguments\n\n* `a` - One.",
    "A.\n\n# Arguments\n\n* `a` - One.",
  ],
  ["all of a part", "python", python, "A.\n\nParameters:\n- tax: Two.\n\nRaises:\n    Error: Never.\n\nReturns: None", "A."],
  [
    "fields that are not there",
    "python",
    python,
    "A.\n\n:param price: One.\n:param tax: Two.\n:raises Error: Never.\n:returns: It.",
    "A.\n\n:param price: One.\n:returns: It.",
  ],
])("%s are left out", (_what, languageId, code, text, expected) => expect(sound(languageId, code, text)).toBe(expected));

test.each([
  [
    "a form that nobody has becomes that of Google",
    "python",
    python,
    "A.\n\nParameters:\n- price (int): One.\nReturn:\nint: Two.",
    "A.\n\nArgs:\n    price (int): One.\n\nReturns:\n    int: Two.",
  ],
  [
    "what is taken apart may have any name",
    "javascript",
    "function f({ a }) {\n  return a;\n}",
    "@param options All.",
    "@param options All.",
  ],
  [
    "the form of NumPy stays",
    "python",
    python,
    "A.\n\nParameters\n----------\nprice : int\n    One.",
    "A.\n\nParameters\n----------\nprice : int\n    One.",
  ],
  [
    "parts that may be so stay, in Rust",
    "rust",
    "pub unsafe fn f(a: Option<i32>) -> Result<i32, E> {\n    Ok(a.unwrap())\n}",
    "A.\n\n# Examples\n\n```\nuse a::f;\n```\n\n# Safety\nOne.\n\n# Panics\nTwo.\n\n# Errors\nThree.",
    "A.\n\n# Examples\n\n```\nuse a::f;\n```\n\n# Safety\nOne.\n\n# Panics\nTwo.\n\n# Errors\nThree.",
  ],
  ["other languages stay", "go", "func F() {}", "@param a b", "@param a b"],
  ["an arrow gives something", "typescript", "const f = (a) => a;", "@returns It.", "@returns It."],
])("%s", (_what, languageId, code, text, expected) => expect(sound(languageId, code, text)).toBe(expected));
