import { describe, expect, test } from "vitest";
import { candidatesFor, type Knowledge } from "./candidates.ts";
import type { Definition, LocatedDefinition } from "./definition.ts";
import { neighbourhoodOf } from "./neighbourhood.ts";
import { type Observed, withObservation } from "./observations.ts";
import { ringLimits } from "./ring.ts";

const plain = (name: string, text = `export function ${name}()`): Definition => ({ name, text, whole: true, members: [] });
const store: Definition = {
  name: "CartStore",
  text: "export class CartStore {",
  whole: false,
  members: [
    { name: "addItem", text: "  addItem(item: Item): void" },
    { name: "removeItem", text: "  removeItem(item: Item): void" },
  ],
};

function keysAt(prefix: string, located: readonly LocatedDefinition[], more: Partial<Knowledge> = {}, limits = ringLimits.gpu) {
  const knowledge: Knowledge = {
    observed: [],
    imports: [],
    reach: "project",
    named: (name) =>
      located.filter(({ definition }) => definition.name === name || definition.members.some((member) => member.name === name)),
    in: (path) => located.filter((one) => one.path === path).map(({ definition }) => definition),
    ...more,
  };
  return candidatesFor(neighbourhoodOf("src/here.ts", prefix, "\n"), knowledge, limits).map(({ path, text }) => `${path}: ${text}`);
}

describe("definitions", () => {
  test("of what is named near the cursor, the nearest first", () => {
    const located = [
      { path: "src/a.ts", definition: plain("firstThing") },
      { path: "src/b.ts", definition: plain("secondThing") },
      { path: "src/c.ts", definition: plain("unnamedThing") },
    ];
    expect(keysAt("firstThing();\nsecondThing(", located)).toEqual([
      "src/b.ts: export function secondThing()",
      "src/a.ts: export function firstThing()",
    ]);
  });

  test("with the members of a class, or the one that is named where not all of them fit", () => {
    const located = [{ path: "src/a.ts", definition: store }];
    const outline = "src/a.ts: export class CartStore {\n  addItem(item: Item): void\n  removeItem(item: Item): void\n}";
    expect(keysAt("cart.addItem(", located)).toEqual([outline]);
    expect(keysAt("cart.removeItem(", located, {}, { ...ringLimits.cpu, chunkTokens: 26 })).toEqual([
      "src/a.ts: export class CartStore {\n  removeItem(item: Item): void",
    ]);
  });

  const located = ["src/a.ts", "lib/b.ts", "lib/c.ts", "lib/d.ts"].map((path) => ({ path, definition: plain("someThing") }));

  test("of a name that many files define: those in imported files, else those beside the document, else none", () => {
    expect(keysAt("someThing(", located)).toEqual(["src/a.ts: export function someThing()"]);
    expect(keysAt("someThing(", located.slice(1))).toEqual([]);
    const imports = [{ paths: ["lib/c.ts"], names: [] }];
    expect(keysAt("someThing(", located, { imports })[0]).toBe("lib/c.ts: export function someThing()");
  });

  test("of what is not imported only right at the cursor, where names must be imported, and where there is but one", () => {
    const reach = "imports";
    const one = located.slice(1, 2);
    expect(keysAt("someThing(", one, { reach })).toEqual(["lib/b.ts: export function someThing()"]);
    expect(keysAt("someThing(\n\n\n\n\n", one, { reach })).toEqual([]);
    expect(keysAt("someThing(\n\n\n\n\n", one, { reach, imports: [{ paths: ["lib/b.ts"], names: [] }] })[0]).toBe(
      "lib/b.ts: export function someThing()",
    );
    expect(keysAt("someThing(", located, { reach })).toEqual([]);
    expect(keysAt("someThing(", located, { reach: "folder" })).toEqual(["src/a.ts: export function someThing()"]);
  });

  test("never what other files cannot name", () => {
    const inner = plain("someThing", "function someThing()");
    expect(keysAt("someThing(", [{ path: "src/a.ts", definition: inner }])).toEqual([]);
    expect(keysAt("someThing(", [{ path: "src/a.rs", definition: { ...inner, text: "fn some_thing()" } }])).toEqual([]);
    expect(keysAt("_someThing(", [{ path: "src/a.py", definition: plain("_someThing") }])).toEqual([]);
    expect(keysAt("someThing(", [{ path: "src/a.js", definition: inner }])).toHaveLength(1);
  });

  test("never those of tests, but in a test", () => {
    expect(keysAt("someThing(", [{ path: "lib/a.test.ts", definition: plain("someThing") }])).toEqual([]);
  });
});

test("of imported files what is imported by name, though nobody named it near the cursor", () => {
  const located = ["firstThing", "secondThing"].map((name) => ({ path: "lib/a.ts", definition: plain(name) }));
  expect(keysAt("const a = ", located, { imports: [{ paths: ["lib/a.ts"], names: ["secondThing"] }] })).toEqual([
    "lib/a.ts: export function secondThing()",
  ]);
});

test("sources come in the order of their worth", () => {
  let observed: readonly Observed[] = [];
  observed = withObservation(observed, { kind: "copied", path: "clipboard", text: "copied someThing" });
  observed = withObservation(observed, { kind: "visible", path: "src/v.ts", text: "visible someThing" });
  observed = withObservation(observed, { kind: "edited", path: "src/e.ts", text: "older edit of someThing" });
  observed = withObservation(observed, { kind: "edited", path: "src/e.ts", text: "newer edit of someThing" });
  const located = [
    { path: "src/a.ts", definition: plain("someThing") },
    { path: "src/i.ts", definition: plain("importedThing") },
  ];
  const imports = [{ paths: ["src/i.ts"], names: ["importedThing"] }];
  expect(keysAt("someThing(", located, { observed, imports }).map((text) => text.split(" ")[1])).toEqual([
    "newer",
    "older",
    "export",
    "export",
    "visible",
    "copied",
  ]);
});

describe("what the user did", () => {
  test("an edit that goes on is one edit, and few are kept", () => {
    let observed: readonly Observed[] = [];
    observed = withObservation(observed, { kind: "edited", path: "a", text: "one\ntwo\nthree" });
    observed = withObservation(observed, { kind: "edited", path: "a", text: "one\ntwo\nthree changed" });
    expect(observed).toEqual([{ kind: "edited", id: 1, path: "a", text: "one\ntwo\nthree changed" }]);
    for (let count = 0; count < 100; count += 1)
      observed = withObservation(observed, { kind: "edited", path: "a", text: `lines number ${count}\nof edit ${count}` });
    expect(observed).toHaveLength(8);
  });

  test("texts are cut to whole lines, and blank ones left out", () => {
    const [one] = withObservation([], { kind: "visible", path: "a", text: "line\r\n".repeat(100) });
    expect(one?.text).toBe(Array.from({ length: 32 }, () => "line").join("\n"));
    expect(withObservation([], { kind: "copied", path: "a", text: " \n" })).toEqual([]);
  });
});
