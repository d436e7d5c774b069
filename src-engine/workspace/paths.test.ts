import { describe, expect, it } from "vitest";
import { isInside, normalizePath } from "./paths.ts";

describe("normalizePath", () => {
  it("takes away dots and the separator at the end", () => {
    expect(normalizePath("/a/b/../c/./d/", "linux")).toBe("/a/c/d");
    expect(normalizePath("/", "linux")).toBe("/");
    expect(normalizePath("C:\\a\\..\\b\\", "win32")).toBe("C:\\b");
    expect(normalizePath("c:/a/b", "win32")).toBe("c:\\a\\b");
    expect(normalizePath("\\\\server\\share\\a\\", "win32")).toBe("\\\\server\\share\\a");
  });

  it.each([
    ["a/b", "linux"],
    ["", "linux"],
    ["C:\\a", "linux"],
    ["/a\0b", "linux"],
    ["\\a", "win32"],
    ["C:a", "win32"],
    ["/a", "win32"],
    ["\\\\?\\C:\\a", "win32"],
    ["\\\\.\\PhysicalDrive0", "win32"],
    ["C:\\a.txt:hidden", "win32"],
    ["C:\\a\\NUL", "win32"],
    ["C:\\a\\com1.txt", "win32"],
    ["C:\\a \\b", "win32"],
    ["C:\\a.\\b", "win32"],
  ] as const)("refuses %j on %s", (path, platform) => {
    expect(() => normalizePath(path, platform)).toThrow(expect.objectContaining({ code: "BAD_INPUT" }));
  });

  it.each(["/a/%2e%2e/b", "/a/%2E%2e", "/a/..%2f..%2fetc", "/a/%252e%252e/b", "/a/.%2e/b", "/a/x%5c..%5cb"])(
    "refuses the encoded parent in %j",
    (path) => {
      expect(() => normalizePath(path, "linux")).toThrow(expect.objectContaining({ code: "OUTSIDE_WORKSPACE" }));
    },
  );

  it("leaves other percent signs alone", () => {
    expect(normalizePath("/a/100%/b%20c/%2e%2ex", "linux")).toBe("/a/100%/b%20c/%2e%2ex");
  });
});

describe("isInside", () => {
  it("counts whole names only", () => {
    expect(isInside("/a", "/a", true, "linux")).toBe(true);
    expect(isInside("/a", "/a/b", true, "linux")).toBe(true);
    expect(isInside("/a", "/ab", true, "linux")).toBe(false);
    expect(isInside("/", "/a", true, "linux")).toBe(true);
    expect(isInside("C:\\", "C:\\a", false, "win32")).toBe(true);
    expect(isInside("C:\\Users", "c:\\users\\x", false, "win32")).toBe(true);
    expect(isInside("/A", "/a/b", true, "linux")).toBe(false);
  });
});
