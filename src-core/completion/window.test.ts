import { expect, test } from "vitest";
import { promptPath, repositoryName, stableEnd, stableStart } from "./window.ts";

test("a long text begins at the same line while it is typed", () => {
  const text = "some line of code\n".repeat(10_000);
  const start = (typed: string) => (text + typed).length - stableEnd(text + typed).length;
  const first = start("");
  expect(first).toBeGreaterThan(0);
  expect(text.charAt(first - 1)).toBe("\n");
  expect(start("a".repeat(2000))).toBe(first);
});

test("a short text is whole", () => {
  expect(stableEnd("abc")).toBe("abc");
  expect(stableStart("abc")).toBe("abc");
});

test("minified code is cut all the same", () => {
  expect(stableEnd("x=1;".repeat(100_000)).length).toBeLessThan(60_000);
});

test("names in the prompt are those of the project, never of the machine", () => {
  expect(promptPath("/home/me/shop/src/a.ts", "/home/me/shop")).toBe("src/a.ts");
  expect(promptPath("/home/me/shop/src/a.ts", "/home/me/shop/")).toBe("src/a.ts");
  expect(promptPath("C:\\shop\\src\\a.ts", "C:\\shop")).toBe("src/a.ts");
  expect(promptPath("/elsewhere/a.ts", "/home/me/shop")).toBe("a.ts");
  expect(promptPath("Untitled-1", undefined)).toBe("Untitled-1");
  expect(repositoryName("/home/me/shop")).toBe("shop");
  expect(repositoryName(undefined)).toBeUndefined();
});
