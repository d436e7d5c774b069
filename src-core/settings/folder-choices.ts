import type { Settings } from "./schema.ts";
import { isBelowAny } from "./trust.ts";

const roles = ["completion", "code", "general", "router", "embedding"] as const;

/** The folder of localcoder.models.workspaces that a workspace is or lies below, the innermost one. */
export function chosenFolder(settings: Pick<Settings, "localcoder.models.workspaces">, workspace: string): string | undefined {
  const folders = Object.keys(settings["localcoder.models.workspaces"]).filter((folder) => isBelowAny(workspace, [folder]));
  return folders.sort((one, other) => other.length - one.length)[0];
}

/** The settings with the models and adapters that the user chose for a workspace alone. */
export function withFolderChoices(settings: Settings, workspace: string): Settings {
  const folder = chosenFolder(settings, workspace);
  if (folder === undefined) return settings;
  const { adapters, ...chosen } = settings["localcoder.models.workspaces"][folder] ?? {};
  const models = roles.flatMap((role) => (chosen[role] === undefined ? [] : [[`localcoder.models.${role}`, chosen[role]] as const]));
  return {
    ...settings,
    ...Object.fromEntries(models),
    "localcoder.models.adapters": { ...settings["localcoder.models.adapters"], ...adapters },
  };
}
