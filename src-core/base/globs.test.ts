import { describe, expect, it } from "vitest";
import { compileGlobs, globOf } from "./globs.ts";

const matches = (glob: string, path: string) => compileGlobs([glob], "/w", "linux")(path);

describe("compileGlobs", () => {
  it.each([
    ["**/node_modules/**", "node_modules"],
    ["**/node_modules/**", "a/node_modules/x/y.js"],
    ["**/node_modules/*/**", "node_modules/x"],
    ["**/.git/objects/**", ".git/objects"],
    ["**/.git/objects/**", "sub/.git/objects/ab/cd"],
    ["*.log", "a.log"],
    ["**/*.{js,ts}", "a/b.ts"],
    ["src/**", "src/a"],
    ["./out", "out/a/b"],
    ["/w/out", "out/a"],
    ["a?c", "abc"],
    ["[ab].txt", "b.txt"],
    ["[!ab].txt", "c.txt"],
    ["**/a+(b).txt", "x/a+(b).txt"],
    ["{a,b/**}/c", "b/x/c"],
  ])("%s covers %s", (glob, path) => expect(matches(glob, path)).toBe(true));

  it.each([
    ["**/node_modules/**", "node_modules2/x"],
    ["**/node_modules/*/**", "node_modules"],
    ["**/.git/objects/**", ".git/HEAD"],
    ["*.log", "a/b.log"],
    ["src/**", "lib/src/a"],
    ["a?c", "a/c"],
    ["[!ab].txt", "a.txt"],
    ["/elsewhere/**", "elsewhere/a"],
    ["a.b", "axb"],
  ])("%s does not cover %s", (glob, path) => expect(matches(glob, path)).toBe(false));

  it("covers nothing without globs", () => expect(compileGlobs([], "/w", "linux")("a")).toBe(false));

  it("tells capitals apart only on Linux", () => {
    expect(compileGlobs(["Out"], "/w", "linux")("out")).toBe(false);
    expect(compileGlobs(["Out"], "/w", "darwin")("out")).toBe(true);
  });
});

describe("globOf", () => {
  it.each(["src/pages/[id].tsx", "a*b?.ts", "{a,b}.ts", "x]y.ts"])("names %s and nothing else", (path) => {
    expect(matches(globOf(path), path)).toBe(true);
    expect(matches(globOf(path), path.replace(/[[*?{\]]/g, "z"))).toBe(false);
  });

  it("takes the separators of Windows", () => expect(globOf("C:\\work\\a.ts")).toBe("C:/work/a.ts"));
});
