import { describe, expect, it } from "vitest";
import { acceptedValues, settingsJsonSchema } from "./json-schema.ts";
import { resolveSettings, type SettingEntry, type SettingsLayer } from "./resolve.ts";
import { defaultSettings } from "./schema.ts";

const layer = (scope: SettingsLayer["scope"], values: Readonly<Record<string, unknown>>): SettingsLayer => ({
  scope,
  file: `/${scope}/settings.json`,
  entries: Object.entries(values).map(([name, value], index): SettingEntry => ({ name, value, line: index + 2 })),
});

describe("resolveSettings", () => {
  it("gives the defaults when nothing is set", () => {
    expect(resolveSettings([])).toEqual({ settings: defaultSettings, problems: [] });
  });

  it("puts the workspace over the user and joins objects", () => {
    const { settings, problems } = resolveSettings([
      layer("user", { "localcoder.completion.delay": 50, "localcoder.completion.languages": { python: false } }),
      layer("workspace", { "localcoder.completion.delay": 70, "localcoder.completion.languages": { python: true, rust: false } }),
    ]);
    expect(problems).toEqual([]);
    expect(settings["localcoder.completion.delay"]).toBe(70);
    expect(settings["localcoder.completion.languages"]).toEqual({
      "*": true,
      plaintext: false,
      markdown: false,
      python: true,
      rust: false,
    });
  });

  it("adds what a workspace excludes to what the user excludes", () => {
    const exclude = "localcoder.completion.exclude";
    const { settings } = resolveSettings([
      layer("user", { [exclude]: ["secrets/**", "dist/**"] }),
      layer("workspace", { [exclude]: ["dist/**", "legacy"] }),
    ]);
    expect(settings[exclude]).toEqual(["secrets/**", "dist/**", "legacy"]);
    const bad = resolveSettings([layer("user", { [exclude]: "dist/**" })]);
    expect(bad.problems[0]?.message).toBe(`${exclude} takes a list of texts in quotes, not "dist/**". [] is used.`);
  });

  it("names a bad value with its file and line, and uses what was there before", () => {
    const { settings, problems } = resolveSettings([
      layer("user", {
        "localcoder.completion.delay": "fast",
        "localcoder.completion.confidence": "boldest",
        "localcoder.inference.threads": 1.5,
        "localcoder.completion.languages": { python: "no" },
        "localcoder.completion.Enabled": false,
      }),
      layer("workspace", { "localcoder.completion.maxTokens": 1 }),
    ]);
    expect(settings).toEqual(defaultSettings);
    expect(problems).toEqual([
      {
        file: "/user/settings.json",
        line: 2,
        setting: "localcoder.completion.delay",
        message: 'localcoder.completion.delay takes a whole number from 0 to 5000, not "fast". 120 is used.',
      },
      expect.objectContaining({
        line: 3,
        message: 'localcoder.completion.confidence takes one of "quieter", "balanced", "bolder", not "boldest". "balanced" is used.',
      }),
      expect.objectContaining({ line: 4, setting: "localcoder.inference.threads" }),
      expect.objectContaining({ line: 5, setting: "localcoder.completion.languages" }),
      expect.objectContaining({
        line: 6,
        message: "There is no setting localcoder.completion.Enabled. Perhaps localcoder.completion.enabled is meant.",
      }),
      expect.objectContaining({ file: "/workspace/settings.json", line: 2, setting: "localcoder.completion.maxTokens" }),
    ]);
  });

  it.each([
    ["localcoder.network.offline", true],
    ["localcoder.network.offline", false],
    ["localcoder.models.hub", "https://example.com"],
    ["localcoder.models.folder", "/tmp"],
    ["localcoder.models.folders", ["/tmp"]],
    ["localcoder.models.completion", "./evil.gguf"],
    ["localcoder.models.code", "C:\\evil.gguf"],
    ["localcoder.models.general", "evil.GGUF"],
    ["localcoder.models.adapters", { "qwen2.5-coder-1.5b": ["/tmp/evil.gguf"] }],
  ])("does not take %s = %j from a workspace", (name, value) => {
    const { settings, problems } = resolveSettings([layer("workspace", { [name]: value })]);
    expect(settings).toEqual(defaultSettings);
    expect(problems).toEqual([expect.objectContaining({ setting: name, file: "/workspace/settings.json", line: 2 })]);
    expect(resolveSettings([layer("user", { [name]: value })]).problems).toEqual([]);
  });

  it("lets a workspace choose a model of the catalogue, and keep less history but not more", () => {
    const chosen = resolveSettings([layer("workspace", { "localcoder.models.code": "qwen2.5-coder-1.5b" })]);
    expect(chosen.settings["localcoder.models.code"]).toBe("qwen2.5-coder-1.5b");
    const keep = (user: string, workspace: string) =>
      resolveSettings([layer("user", { "localcoder.history.keep": user }), layer("workspace", { "localcoder.history.keep": workspace })]);
    expect(keep("keep", "off").settings["localcoder.history.keep"]).toBe("off");
    expect(keep("off", "keep").settings["localcoder.history.keep"]).toBe("off");
    expect(keep("session", "keep").problems).toHaveLength(1);
  });
});

describe("settingsJsonSchema", () => {
  it("describes every setting in one sentence, with its default", () => {
    for (const [name, schema] of Object.entries(settingsJsonSchema().properties)) {
      expect(schema.description, name).toMatch(/^[A-Z].*\.$/);
      expect(schema.default, name).toEqual(defaultSettings[name as keyof typeof defaultSettings]);
      expect(acceptedValues(schema), name).toMatch(/\w/);
    }
    expect(Object.keys(settingsJsonSchema().properties)).toEqual(Object.keys(defaultSettings));
  });
});
