import type { ModelRole } from "../contracts/common.ts";
import { adapterKey, adapterUses } from "../models/adapter-file.ts";
import type { Settings } from "./schema.ts";
import { isBelowAny } from "./trust.ts";

const roles = ["completion", "code", "general", "router", "embedding"] as const satisfies readonly ModelRole[];

/** What the user chose for single folders alone: the setting localcoder.models.workspaces. */
type FolderChoices = Settings["localcoder.models.workspaces"];
type Adapters = Settings["localcoder.models.adapters"];

/** The folders with choices of their own that a workspace is or lies below, the outermost first. */
export function foldersAround(choices: FolderChoices, workspace: string): string[] {
  const folders = Object.keys(choices).filter((folder) => isBelowAny(workspace, [folder]));
  return folders.sort((one, other) => one.length - other.length);
}

/** The settings with the models and adapters that the user chose for a workspace alone; what an inner folder says comes first. */
export function withFolderChoices(settings: Settings, workspace: string): Settings {
  const choices = settings["localcoder.models.workspaces"];
  let chosen = settings;
  for (const folder of foldersAround(choices, workspace)) {
    const { adapters, ...models } = choices[folder] ?? {};
    const values = roles.flatMap((role) => (models[role] === undefined ? [] : [[`localcoder.models.${role}`, models[role]] as const]));
    chosen = {
      ...chosen,
      ...Object.fromEntries(values),
      "localcoder.models.adapters": { ...withoutUsesOf(adapters, chosen["localcoder.models.adapters"]), ...adapters },
    };
  }
  return chosen;
}

/** The outer lists without those for single uses of models whose adapters an inner folder names for all uses. */
function withoutUsesOf(inner: Adapters = {}, outer: Adapters): Adapters {
  const replaced = new Set(Object.keys(inner).flatMap((model) => adapterUses.map((use) => adapterKey(model, use))));
  return Object.fromEntries(Object.entries(outer).filter(([key]) => !replaced.has(key)));
}

/** The choices with other ones for a folder; what is undefined is taken back, and a folder without any is left out. */
export function changeFolderChoice(choices: FolderChoices, folder: string, change: FolderChoices[string]): FolderChoices {
  const { [folder]: before, ...others } = choices;
  const { adapters, ...models } = { ...before, ...change };
  const left = Object.entries({ ...models, ...(Object.keys(adapters ?? {}).length > 0 && { adapters }) });
  const kept = Object.fromEntries(left.filter(([, value]) => value !== undefined));
  return Object.keys(kept).length > 0 ? { ...others, [folder]: kept } : others;
}
