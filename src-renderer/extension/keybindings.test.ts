/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { assistActions } from "#core/assist/index";
import { allKeys } from "./manifest.ts";

const packages = join(dirname(fileURLToPath(import.meta.url)), "../../node_modules/@codingame");

/** Second strokes after Ctrl/Cmd+K that VS Code's desktop build or its Git extension binds, and that are not in the web build. */
const onlyOnTheDesktop = ["ctrl+r", "r", "o", "ctrl+n", "ctrl+alt+s", "ctrl+shift+o"];

const names: Record<string, string> = {
  CtrlCmd: "ctrl",
  WinCtrl: "meta",
  DownArrow: "down",
  UpArrow: "up",
  LeftArrow: "left",
  RightArrow: "right",
  Backslash: "\\",
  BracketLeft: "[",
  BracketRight: "]",
  Comma: ",",
  Period: ".",
  Equal: "=",
  Minus: "-",
  Slash: "/",
};

function stroke(expression: string): string {
  const order = ["ctrl", "shift", "alt", "meta"];
  return expression
    .replace(/Key(Mod|Code)(\$\d+)?\./g, "")
    .split(/[|+]/)
    .map((part) => part.trim())
    .map((part) => names[part] ?? part.replace(/^(Key|Digit)/, "").toLowerCase())
    .sort((a, b) => order.indexOf(b) - order.indexOf(a) || a.localeCompare(b))
    .sort((a, b) => (order.indexOf(a) === -1 ? 9 : order.indexOf(a)) - (order.indexOf(b) === -1 ? 9 : order.indexOf(b)))
    .join("+");
}

/**
 * All chords in the sources of the workbench. A key that differs on Linux, Windows or macOS stands there beside the others
 * (`primary`, `linux`, `win`, `mac`), so this one list covers the three systems, whichever runs the test.
 */
function defaultChords(): { first: string; second: string; file: string }[] {
  const found: { first: string; second: string; file: string }[] = [];
  const read = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules") read(path);
      } else if (entry.name.endsWith(".js")) {
        for (const [, first = "", second = ""] of readFileSync(path, "utf8").matchAll(/KeyChord\(\s*([^,()]+),\s*([^()]+?)\s*\)/g)) {
          found.push({ first: stroke(first), second: stroke(second), file: entry.name });
        }
      } else if (entry.name === "package.json") {
        for (const [, first = "", second = ""] of readFileSync(path, "utf8").matchAll(
          /"(?:key|mac|win|linux)":\s*"([^"\s]+) ([^"\s]+)"/g,
        )) {
          found.push({ first: first.replace("cmd", "ctrl"), second: second.replace("cmd", "ctrl"), file: entry.name });
        }
      }
    }
  };
  read(packages);
  return found;
}

describe("our keys", () => {
  const chords = defaultChords();
  const taken = new Set([
    ...chords.filter(({ first }) => first === "ctrl+k").map(({ second }) => second),
    ...onlyOnTheDesktop,
    // Folding levels and pinned groups compute the digit, so it stands in no literal.
    ...Array.from({ length: 10 }, (_, digit) => [`${digit}`, `ctrl+${digit}`]).flat(),
  ]);
  const ours = allKeys(assistActions);
  const strokes = ours.flatMap(({ command, key, mac }) => [
    { command, system: "Linux and Windows", strokes: key.split(" ") },
    { command, system: "macOS", strokes: mac.replaceAll("cmd", "ctrl").split(" ") },
  ]);

  it("are compared with a keymap that was really read", () => {
    expect(taken).toContain("ctrl+c");
    expect(taken).toContain("ctrl+shift+s");
    expect(taken).toContain("v");
    expect(taken).toContain("ctrl+\\");
    expect(chords.length).toBeGreaterThan(80);
  });

  it.each(strokes)("$command leaves VS Code's default keys alone on $system", ({ strokes: [first, second], command }) => {
    if (command === "localcoder.answer.escape") {
      expect([first, second]).toEqual(["escape", undefined]);
      return;
    }
    if (command === "localcoder.chat.inline") {
      expect([first, second]).toEqual(["ctrl+i", undefined]);
      return;
    }
    expect(first).toBe("ctrl+k");
    expect(second).toBeDefined();
    expect(taken.has(second!)).toBe(false);
  });

  it("need no AltGr, which is Ctrl+Alt on many keyboards, and no character that some keyboards lack", () => {
    for (const { strokes: all } of strokes) {
      for (const one of all) {
        expect(one).not.toMatch(/alt/);
        expect(one.split("+").at(-1)).toMatch(/^([a-z]|escape)$/);
      }
    }
  });

  it("are all different", () => {
    expect(new Set(ours.map(({ key }) => key)).size).toBe(ours.length);
  });

  it("take Escape only while something of ours is open", () => {
    const closing = ours.find(({ key }) => key === "escape");
    expect(closing?.when).toContain("localcoder.answering || localcoder.reviewing");
    expect(closing?.when).toContain("!suggestWidgetVisible");
  });
});
