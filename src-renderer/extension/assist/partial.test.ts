import { describe, expect, it } from "vitest";
import { withRestOf } from "./partial.ts";

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
