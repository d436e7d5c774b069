import { describe, expect, it } from "vitest";
import { parseCommandLine, splitPlace } from "./command-line.ts";

describe("parseCommandLine", () => {
  it("makes paths absolute and leaves Chromium's switches alone", () => {
    expect(parseCommandLine(["--no-sandbox", "src", "/tmp/a.ts", "--lang=de"], "/home/ada")).toEqual({
      kind: "open",
      paths: ["/home/ada/src", "/tmp/a.ts"],
      newWindow: false,
    });
  });

  it("knows its own options", () => {
    expect(parseCommandLine(["-n"], "/")).toEqual({ kind: "open", paths: [], newWindow: true });
    expect(parseCommandLine(["a", "--version"], "/")).toEqual({ kind: "version" });
    expect(parseCommandLine(["--help"], "/")).toEqual({ kind: "help" });
  });

  it("takes everything after -- as a path", () => {
    expect(parseCommandLine(["--", "--help"], "/w")).toEqual({ kind: "open", paths: ["/w/--help"], newWindow: false });
  });
});

describe("splitPlace", () => {
  it.each([
    ["/a/b.ts", { path: "/a/b.ts" }],
    ["/a/b.ts:12", { path: "/a/b.ts", line: 12 }],
    ["/a/b.ts:12:3", { path: "/a/b.ts", line: 12, column: 3 }],
    ["/a/b.ts:0:0", { path: "/a/b.ts", line: 1, column: 1 }],
    ["C:\\a.ts:7", { path: "C:\\a.ts", line: 7 }],
    ["C:12", { path: "C:12" }],
  ])("splits %s", (text, expected) => expect(splitPlace(text)).toEqual(expected));
});
