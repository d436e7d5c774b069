import { expect, test } from "vitest";
import { changeFolderChoice, foldersAround, withFolderChoices } from "./folder-choices.ts";
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

test("folders around a workspace count, the outermost first", () => {
  const choices = settings["localcoder.models.workspaces"];
  expect(foldersAround(choices, "/work/team/a")).toEqual(["/work", "/work/team"]);
  expect(foldersAround(choices, "/work/teams")).toEqual(["/work"]);
  expect(foldersAround(choices, "/elsewhere")).toEqual([]);
  expect(withFolderChoices(settings, "/elsewhere")).toBe(settings);
});

test("models are replaced one by one, adapters model by model, and the innermost folder has the last word", () => {
  const chosen = withFolderChoices(settings, "/work/team");
  expect(chosen["localcoder.models.general"]).toBe("/models/team.gguf");
  expect(chosen["localcoder.models.code"]).toBe("small");
  expect(chosen["localcoder.models.adapters"]).toEqual({ large: ["/team.gguf"], small: ["/b.gguf"] });
  const inner = changeFolderChoice(settings["localcoder.models.workspaces"], "/work/team", { code: "tiny" });
  expect(withFolderChoices({ ...settings, "localcoder.models.workspaces": inner }, "/work/team")["localcoder.models.code"]).toBe("tiny");
});

test("what a folder says of all uses of a model comes in the place of what is said elsewhere of one use", () => {
  const adapters = { large: ["/a.gguf"], "completion:large": ["/ghost.gguf"], "chat:small": ["/b.gguf"] };
  const choices = { "/work": { adapters: { large: [] } }, "/work/team": { adapters: { "chat:large": ["/team.gguf"] } } };
  const all = { ...settings, "localcoder.models.adapters": adapters, "localcoder.models.workspaces": choices };
  expect(withFolderChoices(all, "/work")["localcoder.models.adapters"]).toEqual({ large: [], "chat:small": ["/b.gguf"] });
  expect(withFolderChoices(all, "/work/team")["localcoder.models.adapters"]).toEqual({
    large: [],
    "chat:large": ["/team.gguf"],
    "chat:small": ["/b.gguf"],
  });
});

test("a choice is taken back, and a folder without any is forgotten", () => {
  const choices = settings["localcoder.models.workspaces"];
  expect(changeFolderChoice(choices, "/work", { code: undefined })).toEqual({ "/work/team": choices["/work/team"] });
  expect(changeFolderChoice(choices, "/work/team", { adapters: {} })["/work/team"]).toEqual({ general: "/models/team.gguf" });
});

test("a workspace cannot say it of itself", () => {
  const entries = [{ name: "localcoder.models.workspaces", value: { "/work": { code: "/work/evil.gguf" } }, line: 2 }];
  const { settings: taken, problems } = resolveSettings([{ scope: "workspace", file: "/work/.vscode/settings.json", entries }]);
  expect(taken["localcoder.models.workspaces"]).toEqual({});
  expect(problems[0]?.message).toContain("only from your own settings");
});
