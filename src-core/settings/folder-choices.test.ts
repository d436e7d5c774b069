import { expect, test } from "vitest";
import { chosenFolder, withFolderChoices } from "./folder-choices.ts";
import { resolveSettings } from "./resolve.ts";
import { defaultSettings } from "./schema.ts";

const settings = {
  ...defaultSettings,
  "localcoder.models.code": "large",
  "localcoder.models.adapters": { large: ["/a.gguf"], small: ["/b.gguf"] },
  "localcoder.models.workspaces": {
    "/work": { code: "small" },
    "/work/team": { general: "/models/team.gguf", adapters: { large: ["/team.gguf"] } },
  },
};

test("the innermost folder decides, for itself and all below it", () => {
  expect(chosenFolder(settings, "/work/team/a")).toBe("/work/team");
  expect(chosenFolder(settings, "/work/teams")).toBe("/work");
  expect(chosenFolder(settings, "/elsewhere")).toBeUndefined();
  expect(withFolderChoices(settings, "/work/a")["localcoder.models.code"]).toBe("small");
  expect(withFolderChoices(settings, "/elsewhere")).toBe(settings);
});

test("models are replaced one by one, adapters model by model", () => {
  const chosen = withFolderChoices(settings, "/work/team");
  expect(chosen["localcoder.models.general"]).toBe("/models/team.gguf");
  expect(chosen["localcoder.models.code"]).toBe("large");
  expect(chosen["localcoder.models.adapters"]).toEqual({ large: ["/team.gguf"], small: ["/b.gguf"] });
});

test("a workspace cannot say it of itself", () => {
  const entries = [{ name: "localcoder.models.workspaces", value: { "/work": { code: "/work/evil.gguf" } }, line: 2 }];
  const { settings: taken, problems } = resolveSettings([{ scope: "workspace", file: "/work/.vscode/settings.json", entries }]);
  expect(taken["localcoder.models.workspaces"]).toEqual({});
  expect(problems[0]?.message).toContain("only from your own settings");
});
