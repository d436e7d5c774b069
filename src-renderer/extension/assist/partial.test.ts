import { describe, expect, it } from "vitest";
import { soundPart, withRestOf } from "./partial.ts";

describe("an answer that is not finished", () => {
  const original = ["function a() {", "  one();", "  two();", "  three();", "}"];

  it("changes nothing before the first line", () => {
    expect(withRestOf(original, [])).toEqual(original);
  });

  it("keeps the lines it has not reached", () => {
    expect(withRestOf(original, ["function a() {", "  uno();"])).toEqual(["function a() {", "  uno();", "  two();", "  three();", "}"]);
  });

  it("goes on after inserted and after dropped lines", () => {
    expect(withRestOf(original, ["function a() {", "  zero();", "  one();"])).toEqual([
      "function a() {",
      "  zero();",
      "  one();",
      "  two();",
      "  three();",
      "}",
    ]);
    expect(withRestOf(original, ["function a() {", "  three();"])).toEqual(["function a() {", "  three();", "}"]);
  });

  it("is the answer itself once everything is written", () => {
    expect(withRestOf(original, [...original, "more();"])).toEqual([...original, "more();"]);
  });
});

describe("what can be kept of an answer that was stopped", () => {
  const original = ["one();", "two();", "three();", "four();"];

  it("is what was whole by then", () => {
    expect(soundPart(original, ["1();", "two();", "3();"], "typescript")).toEqual(["1();", "two();", "three();", "four();"]);
    expect(soundPart(original, ["1();"], "typescript")).toEqual(original);
    expect(soundPart(original, [], "typescript")).toEqual(original);
  });

  it("is nothing where it would be broken", () => {
    expect(soundPart(original, ["if (a) {", "two();", "three();"], "typescript")).toEqual(original);
  });
});
