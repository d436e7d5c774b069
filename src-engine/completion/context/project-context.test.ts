import { rmSync, symlinkSync, utimesSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createParsers } from "../../syntax/parser.ts";
import { type TemporaryFolder, temporaryFolder } from "../../workspace/temporary-folder.ts";
import { type ContextPlace, createProjectContext } from "./project-context.ts";

const parsers = createParsers();

function open(folder: TemporaryFolder, change: Partial<Settings> = {}) {
  let settings: Settings = { ...defaultSettings, ...change };
  const context = createProjectContext({ parsers, settings: { current: () => settings }, pauses: { first: 0, again: 20, afterEdit: 0 } });
  const chunksAt = (place: string, more: Partial<ContextPlace> = {}) => {
    const [prefix = "", suffix = ""] = place.split("‸");
    const path = folder.at("src", "here.ts");
    return context.chunksFor({
      path,
      languageId: "typescript",
      workspace: folder.path,
      prefix,
      suffix,
      graphics: false,
      cursor: "resting",
      ...more,
    });
  };
  return {
    ...context,
    chunksAt,
    change(more: Partial<Settings>) {
      settings = { ...settings, ...more };
    },
    /** Asks until what is known holds this text. */
    async until(place: string, text: string, more: Partial<ContextPlace> = {}) {
      for (;;) {
        const chunks = chunksAt(place, more);
        if (chunks.some((chunk) => chunk.text.includes(text))) return chunks;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    [Symbol.dispose]: context.dispose,
  };
}

const money = "export function formatMoney(amount: number, currency: string): string {\n  return currency + amount;\n}\n";

describe("context", () => {
  test("is what the project defines of what is named, in the languages that belong together", async () => {
    using folder = temporaryFolder({
      "src/money.ts": money,
      "src/money.py": "def formatMoney(): pass\n",
      "src/other.ts": "export function somethingElse() {}\n",
    });
    using project = open(folder);
    expect(project.chunksAt("const a = formatMoney(‸")).toEqual([]);
    expect(await project.until("const a = formatMoney(‸", "formatMoney")).toEqual([{ path: "src/money.ts", text: money.trimEnd() }]);
  });

  test("is the same at every key, and another after a jump", async () => {
    using folder = temporaryFolder({ "src/money.ts": money, "src/date.ts": "export function parseDate(text: string): Date;\n" });
    using project = open(folder);
    const first = await project.until("formatMoney(‸", "formatMoney");
    let typed = "";
    for (const key of "total, parseDate(text));\nformatMoney(") {
      typed += key;
      expect(project.chunksAt(`formatMoney(${typed}‸`, { cursor: "typing" })).toBe(first);
    }
    const jumped = project.chunksAt(`formatMoney(${typed}${"\n".repeat(30)}parseDate(‸`, { cursor: "typing" });
    expect(jumped).toEqual([...first, { path: "src/date.ts", text: "export function parseDate(text: string): Date;" }]);
  });

  test("changes while the cursor rests, also on the line where it was", async () => {
    using folder = temporaryFolder({ "src/money.ts": money, "src/date.ts": "export function parseDate(text: string): Date;\n" });
    using project = open(folder);
    const first = await project.until("formatMoney(‸", "formatMoney");
    expect(project.chunksAt("formatMoney(parseDate(‸", { cursor: "typing" })).toBe(first);
    expect(project.chunksAt("formatMoney(parseDate(‸", { cursor: "resting" })).toHaveLength(2);
  });

  test("follows changes on the disk, told of or not", async () => {
    using folder = temporaryFolder({ "src/money.ts": money });
    using project = open(folder);
    await project.until("formatMoney(‸", "formatMoney");
    folder.write({ "src/money.ts": "export function formatMoney(cents: bigint): string;\n" });
    utimesSync(folder.at("src", "money.ts"), new Date(), new Date(2001, 1, 1));
    project.observe({ kind: "edited", path: folder.at("src", "money.ts"), languageId: "typescript", workspace: folder.path, text: "x" });
    await project.until("formatMoney(‸", "cents: bigint");
    rmSync(folder.at("src", "money.ts"));
    folder.write({ "src/later.ts": "export function formatMoneyLater(): void;\n" });
    await project.until("formatMoney(formatMoneyLater(‸", "formatMoneyLater");
  });

  test("is what was edited, seen and copied elsewhere", async () => {
    using folder = temporaryFolder({ "src/a.ts": "1", "src/b.ts": "2" });
    using project = open(folder);
    const at = { workspace: folder.path, languageId: "typescript" };
    project.observe({ kind: "edited", path: folder.at("src", "a.ts"), text: "function editedThing(one: string, two: number)", ...at });
    project.observe({ kind: "visible", path: folder.at("src", "b.ts"), text: "const editedThing = visibleThing(one, two);", ...at });
    project.observe({ kind: "copied", path: folder.at("src", "b.ts"), text: "editedThing(copiedThing, two);", ...at });
    const chunks = await project.until("editedThing(‸", "copiedThing");
    expect(new Set(chunks.map(({ path }) => path))).toEqual(new Set(["clipboard", "src/b.ts", "src/a.ts"]));
  });
});

describe("what is never read", () => {
  const named = "formatMoney(secretMoney(outsideMoney(hiddenMoney(laterMoney(‸";

  test("files that are excluded, secret, linked from outside, generated or too large", async () => {
    using outside = temporaryFolder({ "outside.ts": "export function outsideMoney(): void;\n" });
    using folder = temporaryFolder({
      ".gitignore": "hidden.ts\n",
      "src/hidden.ts": "export function hiddenMoney(): void;\n",
      "src/secrets/keys.ts": "export function secretMoney(): void;\n",
      "node_modules/a/index.ts": "export function secretMoney(): void;\n",
      "src/made.ts": "// @generated\nexport function secretMoney(): void;\n",
      "src/large.ts": `export function secretMoney(): void;\n${"// line\n".repeat(30_000)}`,
      "src/money.ts": money,
    });
    symlinkSync(outside.path, folder.at("src", "linked"));
    symlinkSync(outside.at("outside.ts"), folder.at("src", "link.ts"));
    using project = open(folder);
    const chunks = await project.until(named, "formatMoney");
    expect(chunks.map(({ path }) => path)).toEqual(["src/money.ts"]);
  });

  test("what the user did in such files, outside of the workspace, or with a key in it", async () => {
    using outside = temporaryFolder({ "outside.ts": "" });
    using folder = temporaryFolder({
      ".aiexclude": "hidden.ts\n",
      ".env": "A=1",
      "src/hidden.ts": "",
      "src/money.ts": money,
      "src/a.ts": "",
    });
    symlinkSync(outside.at("outside.ts"), folder.at("src", "link.ts"));
    using project = open(folder);
    const see = (path: string, text = "formatMoney is secretText") => {
      for (const kind of ["edited", "visible", "copied"] as const)
        project.observe({ kind, path, workspace: folder.path, languageId: "typescript", text });
    };
    see(folder.at(".env"));
    see(folder.at("src", "hidden.ts"));
    see(folder.at("src", "link.ts"));
    see(outside.at("outside.ts"));
    see(folder.at("src", "missing.ts"));
    see(folder.at("src", "money.ts"), ["formatMoney ", "-----BEGIN PRIV", "ATE KEY-----"].join(""));
    project.observe({ kind: "edited", path: outside.at("outside.ts"), languageId: "typescript", text: "formatMoney is secretText" });
    see(folder.at("src", "a.ts"), "formatMoney is allowedText");
    const chunks = await project.until(named, "allowedText");
    expect(chunks.some(({ text }) => /secretText|PRIVATE/.test(text))).toBe(false);
  });

  test("anything for a document outside of the workspace, or without one", async () => {
    using folder = temporaryFolder({ "src/money.ts": money });
    using project = open(folder);
    await project.until("formatMoney(‸", "formatMoney");
    expect(project.chunksAt("formatMoney(‸", { path: "/elsewhere/here.ts" })).toEqual([]);
    expect(project.chunksAt("formatMoney(‸", { path: "Untitled-1" })).toEqual([]);
    expect(project.chunksAt("formatMoney(‸", { workspace: undefined })).toEqual([]);
    expect(project.chunksAt("formatMoney(‸", { workspace: folder.at("gone") })).toEqual([]);
  });

  test("anything while it is switched off; what was known is forgotten", async () => {
    using folder = temporaryFolder({ "src/money.ts": money });
    using project = open(folder);
    await project.until("formatMoney(‸", "formatMoney");
    project.change({ "localcoder.completion.context": false });
    expect(project.chunksAt("formatMoney(‸")).toEqual([]);
    project.change({ "localcoder.completion.context": true });
    expect(project.chunksAt("formatMoney(‸")).toEqual([]);
    await project.until("formatMoney(‸", "formatMoney");
  });

  test("files that the user's setting excludes from ghost text", async () => {
    using folder = temporaryFolder({ "legacy/a.ts": "export function hiddenMoney(): void;\n", "src/money.ts": money });
    using project = open(folder, { "localcoder.completion.exclude": ["legacy/**"] });
    expect((await project.until(named, "formatMoney")).map(({ path }) => path)).toEqual(["src/money.ts"]);
  });

  test("a file that is excluded later, from then on", async () => {
    using folder = temporaryFolder({ "src/later.ts": "export function laterMoney(): void;\n", "src/money.ts": money, "src/a.ts": "" });
    using project = open(folder);
    const later = { path: folder.at("src", "later.ts"), workspace: folder.path };
    project.observe({ kind: "copied", text: "formatMoney is copiedText", ...later });
    await project.until(named, "laterMoney");
    await project.until(named, "copiedText");
    folder.write({ ".localcoderignore": "later.ts\n" });
    for (;;) {
      const chunks = project.chunksAt(named, { cursor: "typing" });
      if (!chunks.some(({ path }) => path === "src/later.ts" || path === "clipboard")) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
});
