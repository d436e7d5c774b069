import { describe, expect, it } from "vitest";
import { assistActions } from "#core/assist/index";
import { defaultSettings } from "#core/settings/schema";
import { commandOf, manifest } from "./manifest.ts";

const { contributes } = manifest(assistActions, "0.1.0") as unknown as {
  contributes: {
    commands: { command: string; title: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    keybindings: { command: string }[];
    configuration: { properties: Record<string, { default: unknown; scope: string; description: string }> };
  };
};
const commands = contributes.commands.map(({ command }) => command);

describe("our extension", () => {
  it("offers every action in palette and context menu, with a key", () => {
    for (const action of assistActions) {
      expect(commands).toContain(commandOf(action));
      expect(contributes.menus["editor/context"]?.map(({ command }) => command)).toContain(commandOf(action));
      expect(contributes.keybindings.map(({ command }) => command)).toContain(commandOf(action));
    }
  });

  it("names only commands it has, each once", () => {
    expect(new Set(commands).size).toBe(commands.length);
    // Keys are given to commands of the editor as well.
    const keys = contributes.keybindings.filter(({ command }) => !command.startsWith("editor.action.inlineSuggest."));
    const items = Object.values(contributes.menus)
      .flat()
      .filter(({ command }) => command !== undefined);
    for (const { command } of [...items, ...keys]) expect(commands).toContain(command);
  });

  it("has every setting on the settings page, and keeps those of the machine out of a workspace's hands", () => {
    const { properties } = contributes.configuration;
    expect(Object.keys(properties)).toEqual(Object.keys(defaultSettings));
    for (const [name, value] of Object.entries(defaultSettings)) expect(properties[name]?.default).toEqual(value);
    expect(properties["localcoder.models.hub"]?.scope).toBe("application");
    expect(properties["localcoder.history.keep"]?.scope).toBe("resource");
  });

  it("offers no rewriting where nothing can be written", () => {
    const menu = contributes.menus["editor/context"] ?? [];
    expect(menu.find(({ command }) => command === "localcoder.assist.improve")?.when).toContain("!editorReadonly");
    expect(menu.find(({ command }) => command === "localcoder.assist.explain")?.when).not.toContain("editorReadonly");
  });
});
