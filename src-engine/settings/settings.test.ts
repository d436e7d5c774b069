import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { settingsDocumentation } from "#core/settings/documentation";
import { defaultSettings } from "#core/settings/schema";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { createSettings, type SettingsChange } from "./settings.ts";

const code = (name: string) => expect.objectContaining({ name: "UserError", code: name });

function open(files: Parameters<typeof temporaryFolder>[0] = {}) {
  const folder = temporaryFolder(files);
  const settings = createSettings({ folders: { user: folder.at("user") } });
  return {
    folder,
    settings,
    workspace: folder.at("project"),
    user: () => readFileSync(folder.at("user", "settings.json"), "utf8"),
    [Symbol.dispose]() {
      settings.dispose();
      folder[Symbol.dispose]();
    },
  };
}

describe("current and read", () => {
  it("gives the defaults where there is no file, and what the files say where there are", async () => {
    using place = open({
      "user/settings.json":
        '\uFEFF// mine\r\n{\r\n  "editor.fontSize": 14,\r\n  "localcoder.completion.delay": 50, // quick\r\n  "localcoder.inference.threads": 2,\r\n}\r\n',
      "project/.vscode/settings.json": '{ "localcoder.completion.delay": 70 }',
    });
    await place.settings.trustFolder(place.workspace, true);
    expect(place.settings.current()["localcoder.completion.delay"]).toBe(50);
    expect(place.settings.current(place.workspace)["localcoder.completion.delay"]).toBe(70);
    expect(place.settings.current(place.workspace)["localcoder.inference.threads"]).toBe(2);
    expect(place.settings.current(place.folder.at("elsewhere"))["localcoder.completion.delay"]).toBe(50);
    expect(place.settings.read(place.workspace)).toMatchObject({ problems: [], userFile: place.folder.at("user", "settings.json") });
    using empty = open();
    expect(empty.settings.current()).toEqual(defaultSettings);
  });

  it("sees a change at once, without waiting for a watcher", () => {
    using place = open({ "user/settings.json": "{}" });
    expect(place.settings.current()["localcoder.completion.delay"]).toBe(120);
    place.folder.write({ "user/settings.json": '{"localcoder.completion.delay": 1}' });
    expect(place.settings.current()["localcoder.completion.delay"]).toBe(1);
  });

  it("reads what it can of a broken file and names the line", () => {
    using place = open({
      "user/settings.json":
        '{\n  "localcoder.completion.delay": 50\n  "localcoder.inference.threads": 2,\n  "localcoder.completion.enabled": \n}',
    });
    const { settings, problems } = place.settings.read();
    expect(settings["localcoder.completion.delay"]).toBe(50);
    expect(settings["localcoder.inference.threads"]).toBe(2);
    expect(problems.map(({ line }) => line)).toEqual([3, 5]);
    expect(problems[0]?.message).toBe("a comma is missing here; what could not be read is not used.");
  });

  it.each([
    ["[1, 2]", 1],
    ["", 0],
    ["// only a comment", 0],
    ["\u0000\u0001binary", 1],
  ])("bears %j in place of settings", (content, least) => {
    using place = open({ "user/settings.json": content });
    const { settings, problems } = place.settings.read();
    expect(settings).toEqual(defaultSettings);
    expect(problems.length).toBeGreaterThanOrEqual(least);
  });

  it("bears a folder where the file should be", () => {
    using place = open();
    mkdirSync(place.folder.at("user", "settings.json"), { recursive: true });
    expect(place.settings.read().problems).toHaveLength(1);
  });
});

describe("write", () => {
  it("keeps comments, layout, line ends and everything else", async () => {
    using place = open({
      "user/settings.json": '\uFEFF{\r\n\t// size\r\n\t"editor.fontSize": 14, // big\r\n\t"localcoder.completion.delay": 50,\r\n}\r\n',
    });
    await place.settings.write({ name: "localcoder.completion.delay", value: 60, scope: "user" });
    expect(place.user()).toBe('\uFEFF{\r\n\t// size\r\n\t"editor.fontSize": 14, // big\r\n\t"localcoder.completion.delay": 60,\r\n}\r\n');
    await place.settings.write({ name: "localcoder.completion.enabled", value: false, scope: "user" });
    expect(place.user()).toContain('\t"localcoder.completion.enabled": false');
    expect(place.user()).toContain("// size\r\n");
    await place.settings.write({ name: "localcoder.completion.delay", value: null, scope: "user" });
    expect(place.user()).not.toContain("delay");
    expect(place.settings.read()).toMatchObject({ problems: [], settings: { "localcoder.completion.enabled": false } });
  });

  it("makes the file, and a workspace's folder", async () => {
    using place = open({ "project/a.txt": "a" });
    await place.settings.write({ name: "localcoder.history.keep", value: "off", scope: "user" });
    await place.settings.write({ name: "localcoder.completion.delay", value: 9, scope: "workspace", workspace: place.workspace });
    expect(JSON.parse(place.user())).toEqual({ "localcoder.history.keep": "off" });
    await place.settings.trustFolder(place.workspace, true);
    expect(place.settings.current(place.workspace)["localcoder.completion.delay"]).toBe(9);
  });

  it("keeps a comment that stands alone in the file", async () => {
    using place = open({ "user/settings.json": "// to do\n" });
    await place.settings.write({ name: "localcoder.completion.delay", value: 9, scope: "user" });
    expect(place.user()).toMatch(/^\/\/ to do\n\{\s+"localcoder.completion.delay": 9\s+\}$/);
  });

  it("never touches a file that it does not understand", async () => {
    const broken = '{ "editor.fontSize": 14,\n "localcoder.completion.delay": }';
    using place = open({ "user/settings.json": broken });
    await expect(place.settings.write({ name: "localcoder.completion.delay", value: 9, scope: "user" })).rejects.toThrow(code("BAD_INPUT"));
    expect(place.user()).toBe(broken);
  });

  it("refuses unknown names, bad values and what a workspace must not set", async () => {
    using place = open({ "project/a.txt": "a" });
    const { settings, workspace } = place;
    await expect(settings.write({ name: "editor.fontSize", value: 9, scope: "user" })).rejects.toThrow(code("BAD_INPUT"));
    await expect(settings.write({ name: "localcoder.completion.delay", value: -1, scope: "user" })).rejects.toThrow(code("BAD_INPUT"));
    await expect(settings.write({ name: "__proto__", value: {}, scope: "user" })).rejects.toThrow(code("BAD_INPUT"));
    await expect(settings.write({ name: "localcoder.completion.delay", value: 1, scope: "workspace" })).rejects.toThrow(code("BAD_INPUT"));
    await expect(settings.write({ name: "localcoder.models.hub", value: "https://x", scope: "workspace", workspace })).rejects.toThrow(
      code("BAD_INPUT"),
    );
  });

  it("does not write through a link that leads out of the workspace", async () => {
    using place = open({ "project/a.txt": "a", "victim/settings.json": "{}" });
    symlinkSync(place.folder.at("victim"), place.folder.at("project", ".vscode"));
    await expect(
      place.settings.write({ name: "localcoder.completion.delay", value: 1, scope: "workspace", workspace: place.workspace }),
    ).rejects.toThrow(code("OUTSIDE_WORKSPACE"));
    expect(readFileSync(place.folder.at("victim", "settings.json"), "utf8")).toBe("{}");
  });

  it("puts many writes one after another", async () => {
    using place = open({ "user/settings.json": "{\n  // kept\n}\n" });
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        place.settings.write({
          name: index % 2 ? "localcoder.completion.delay" : "localcoder.inference.threads",
          value: index,
          scope: "user",
        }),
      ),
    );
    expect(place.settings.current()).toMatchObject({ "localcoder.completion.delay": 29, "localcoder.inference.threads": 28 });
    expect(place.user()).toContain("// kept");
  });
});

describe("a folder that is not trusted", () => {
  const strange = {
    "project/.vscode/settings.json": '{\n  "localcoder.completion.enabled": false,\n  "localcoder.models.code": "other"\n}',
  };

  it("only restricts, says so in one sentence, and cannot trust itself", async () => {
    using place = open({
      "project/.vscode/settings.json":
        '{ "localcoder.completion.enabled": false, "localcoder.models.code": "other", "localcoder.trust.folders": ["/"] }',
    });
    const { settings, problems, trusted } = place.settings.read(place.workspace);
    expect(trusted).toBe(false);
    expect(settings["localcoder.completion.enabled"]).toBe(false);
    expect(settings["localcoder.models.code"]).toBe("");
    expect(problems.map(({ message }) => message)).toEqual([
      "Not used until you trust the folder: localcoder.models.code, localcoder.trust.folders.",
    ]);
    expect(place.settings.isTrusted(place.workspace)).toBe(false);
  });

  it("is trusted by name or with a folder above it, also through a link, and no longer when that is taken back", async () => {
    using place = open(strange);
    const model = () => place.settings.current(place.workspace)["localcoder.models.code"];
    await place.settings.trustFolder(place.workspace, true);
    expect(model()).toBe("other");
    expect(place.settings.isTrusted(place.folder.at("project", ".vscode"))).toBe(true);
    expect(place.settings.isTrusted(place.folder.path)).toBe(false);
    await place.settings.trustFolder(place.workspace, false);
    expect(model()).toBe("");
    symlinkSync(place.folder.path, place.folder.at("link"));
    await place.settings.trustFolder(place.folder.at("link"), true);
    expect(model()).toBe("other");
    await place.settings.write({ name: "localcoder.actions.compareByRunning", value: true, scope: "user" });
    expect(place.settings.current(place.workspace)["localcoder.actions.compareByRunning"]).toBe(true);
    expect(place.settings.current(place.folder.at(".."))["localcoder.actions.compareByRunning"]).toBe(false);
    await expect(place.settings.trustFolder(place.workspace, false)).rejects.toMatchObject({ code: "BAD_INPUT" });
  });

  it("is not trusted because a link in a trusted folder leads to it", async () => {
    using place = open({ ...strange, "mine/a.txt": "" });
    await place.settings.trustFolder(place.folder.at("mine"), true);
    symlinkSync(place.workspace, place.folder.at("mine", "link"));
    expect(place.settings.isTrusted(place.folder.at("mine", "link"))).toBe(false);
  });
});

describe("changes", () => {
  it("tells of our writes and of those of others, once each", async () => {
    using place = open({ "user/settings.json": "{}", "project/a.txt": "a" });
    place.settings.current(place.workspace);
    const stream = place.settings.changes.stream();
    const next = async () => (await stream.next()).value as SettingsChange;
    await place.settings.write({ name: "localcoder.completion.delay", value: 1, scope: "user" });
    expect(await next()).toEqual({ scope: "user" });
    writeFileSync(place.folder.at("user", "settings.json"), '{ "localcoder.completion.delay": 2 }');
    expect(await next()).toEqual({ scope: "user" });
    place.folder.write({ "project/.vscode/settings.json": '{ "localcoder.completion.delay": 3 }' });
    expect(await next()).toEqual({ scope: "workspace", workspace: place.workspace });
  });
});

describe("docs/settings.md", () => {
  it("is what the schema says", () => {
    const page = new URL("../../docs/settings.md", import.meta.url);
    if (process.env.LOCALCODER_WRITE_DOCS) writeFileSync(page, settingsDocumentation());
    expect(readFileSync(page, "utf8")).toBe(settingsDocumentation());
  });
});
