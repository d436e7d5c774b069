import { describe, expect, it } from "vitest";
import { isExcluded } from "./exclusion.ts";

const inside = (pattern: string, path = "/work/shop/src/legacy/a.ts") => isExcluded([pattern], { path, workspace: "/work/shop" }, "linux");

describe("isExcluded", () => {
  it.each(["src/legacy", "src/legacy/**", "src/legacy/a.ts", "**/*.ts", "/work/shop/src"])(
    "%s covers a file of the workspace",
    (pattern) => {
      expect(inside(pattern)).toBe(true);
    },
  );

  it.each(["legacy", "src/leg", "/work/other/**", "*.ts"])("%s does not", (pattern) => {
    expect(inside(pattern)).toBe(false);
  });

  it("excludes nothing without patterns", () => expect(isExcluded([], { path: "/a" }, "linux")).toBe(false));

  it("counts from the root where there is no workspace folder", () => {
    expect(isExcluded(["/home/me/a.ts"], { path: "/home/me/a.ts" }, "linux")).toBe(true);
    expect(isExcluded(["**/*.env"], { path: "/home/me/x.env", workspace: "/work/shop" }, "linux")).toBe(true);
    expect(isExcluded(["C:/me/a.ts"], { path: "C:\\me\\a.ts" }, "win32")).toBe(true);
    expect(isExcluded(["**/a.ts"], { path: "C:\\me\\a.ts" }, "win32")).toBe(true);
    expect(isExcluded(["*.md"], { path: "Untitled.md" }, "linux")).toBe(true);
  });

  it("knows a workspace by its folders, not by the beginning of its name", () => {
    expect(isExcluded(["a.ts"], { path: "/work/shop2/a.ts", workspace: "/work/shop" }, "linux")).toBe(false);
  });
});
