import { describe, expect, it } from "vitest";
import { parseCommandLine, splitPlace } from "./command-line.ts";

describe("parseCommandLine", () => {
  it("makes paths absolute and leaves Chromium's switches alone", () => {
    expect(parseCommandLine(["--no-sandbox", "src", "/tmp/a.ts", "--lang=de"], "/home/ada")).toEqual({
      kind: "open",
      paths: ["/home/ada/src", "/tmp/a.ts"],
      newWindow: false,
      variables: {},
    });
  });

  it("knows its own options", () => {
    expect(parseCommandLine(["-n"], "/")).toEqual({ kind: "open", paths: [], newWindow: true, variables: {} });
    expect(parseCommandLine(["a", "--version"], "/")).toEqual({ kind: "version" });
    expect(parseCommandLine(["--help"], "/")).toEqual({ kind: "help" });
  });

  it("takes everything after -- as a path", () => {
    expect(parseCommandLine(["--", "--help"], "/w")).toEqual({ kind: "open", paths: ["/w/--help"], newWindow: false, variables: {} });
  });
});

describe("options for all our processes", () => {
  it("become variables of the environment, with whole paths", () => {
    expect(parseCommandLine(["--log-level", "audit", "--log-file=a.log", "--settings-file", "/s.json", "src"], "/w")).toEqual({
      kind: "open",
      paths: ["/w/src"],
      newWindow: false,
      variables: { LOCALCODER_LOG_LEVEL: "audit", LOCALCODER_LOG_FILE: "/w/a.log", LOCALCODER_SETTINGS_FILE: "/s.json" },
    });
    expect(parseCommandLine(["--log-level=loud"], "/w")).toMatchObject({ kind: "wrong", message: expect.stringContaining("loud") });
    // Chromium has an option of the same name that takes a number.
    expect(parseCommandLine(["--log-level=3"], "/w")).toMatchObject({ kind: "open", variables: {} });
    expect(parseCommandLine(["--log-file"], "/w")).toMatchObject({ kind: "wrong" });
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
