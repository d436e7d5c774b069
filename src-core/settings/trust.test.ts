import { expect, it } from "vitest";
import { isBelowAny, onlyRestricts } from "./trust.ts";

it("trusts a folder and what lies below it, and nothing that is only called alike", () => {
  const trusted = ["/home/ada/work", "/srv/", "C:\\code"];
  for (const folder of ["/home/ada/work", "/home/ada/work/shop", "/srv", "/srv/a", "C:\\code\\b"])
    expect(isBelowAny(folder, trusted)).toBe(true);
  for (const folder of ["/home/ada", "/home/ada/workshop", "/srv2", "C:\\codes", ""]) expect(isBelowAny(folder, trusted)).toBe(false);
  expect(isBelowAny("/anything", ["/"])).toBe(true);
  expect(isBelowAny("/anything", [])).toBe(false);
});

it("lets a folder that nobody trusts only restrict", () => {
  expect(onlyRestricts("localcoder.completion.enabled", false)).toBe(true);
  expect(onlyRestricts("localcoder.completion.exclude", ["dist/**"])).toBe(true);
  expect(onlyRestricts("localcoder.history.keep", "off")).toBe(true);
  expect(onlyRestricts("localcoder.completion.enabled", true)).toBe(false);
  expect(onlyRestricts("localcoder.models.code", "qwen2.5-coder-1.5b")).toBe(false);
});
