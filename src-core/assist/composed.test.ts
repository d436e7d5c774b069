import { describe, expect, test } from "vitest";
import { composeAnswers } from "./composed.ts";

const text = "class A {\n  one() {\n    return 1;\n  }\n  two() {\n    return 2;\n  }\n}\n";
const part = (from: string, to: string) => ({ start: text.indexOf(from), end: text.indexOf(from) + from.length, text: to });
const one = "  one() {\n    return 1;\n  }";
const two = "  two() {\n    return 2;\n  }";

describe("answers about parts of a text are put together", () => {
  test("in any order, also where one part begins where the other ends", () => {
    const answers = [part(two, "  two() {}"), part(one, "  one() {}")];
    expect(composeAnswers(text, answers)).toEqual({ text: "class A {\n  one() {}\n  two() {}\n}\n", leftOut: [] });
  });

  test("also of a class and its method, where they change different lines", () => {
    const commented = part(one, `  /** One. */\n${one}`);
    const whole = { start: 0, end: text.length - 1, text: `/** A. */\n${text.trimEnd()}` };
    expect(composeAnswers(text, [whole, commented]).text).toBe(`/** A. */\n${text.replace("  one", "  /** One. */\n  one")}`);
  });

  test("and the second one that changes the same lines is left out and named", () => {
    const second = part(text.trimEnd(), text.trimEnd().replace("return 1", "return 4"));
    const { text: composed, leftOut } = composeAnswers(text, [part(one, one.replace("1", "3")), second]);
    expect(composed).toBe(text.replace("1", "3"));
    expect(leftOut).toEqual([second]);
  });

  test("with the line ends of the text", () => {
    const windows = text.replaceAll("\n", "\r\n");
    const start = windows.indexOf("  one");
    const end = windows.indexOf("\r\n  two");
    expect(composeAnswers(windows, [{ start, end, text: "  one() {\n    return 3;\n  }" }]).text).toBe(windows.replace("1", "3"));
  });
});
