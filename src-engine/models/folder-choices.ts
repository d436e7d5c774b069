import { realpath } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { UserError } from "#core/base/errors";
import { type ModelRole, modelRole } from "#core/contracts/common";
import type { FolderChoices } from "#core/contracts/models";
import { adapterListsIn } from "#core/models/adapter-file";
import { changeFolderChoice, foldersAround } from "#core/settings/folder-choices";
import { roleSettings } from "./library.ts";
import type { ModelSettings } from "./models.ts";

const setting = "localcoder.models.workspaces";

/** What was chosen for a folder, or for one around it, alone. */
export async function folderChoices(settings: Pick<ModelSettings, "current">, folder: string): Promise<FolderChoices> {
  const choices = settings.current()[setting];
  const real = await realFolder(folder);
  const around = foldersAround(choices, real);
  const models = modelRole.options.flatMap((role) => {
    const innermost = around.findLast((each) => choices[each]?.[role] !== undefined);
    const model = innermost === undefined ? undefined : choices[innermost]?.[role];
    return innermost === undefined || model === undefined ? [] : [{ folder: innermost, role, model }];
  });
  return { folder: real, models, adapters: around.flatMap((each) => adapterListsIn(choices[each]?.adapters, each)) };
}

/** Chooses a model for roles, for all folders or for one alone; null takes the choice back. */
export async function writeChoice(
  settings: ModelSettings,
  roles: readonly ModelRole[],
  model: string | null,
  folder: string | undefined,
): Promise<void> {
  if (folder === undefined) {
    for (const role of roles) await settings.write({ name: roleSettings[role], value: model, scope: "user" });
    return;
  }
  const change = Object.fromEntries(roles.map((role) => [role, model ?? undefined]));
  const value = changeFolderChoice(settings.current()[setting], await realFolder(folder), change);
  await settings.write({ name: setting, value, scope: "user" });
}

/** Takes back what was chosen for a folder alone: a role's model, or all of it. */
export async function leaveFolderChoice(settings: ModelSettings, folder: string, role: ModelRole | undefined): Promise<void> {
  if (role !== undefined) return writeChoice(settings, [role], null, folder);
  const { [await realFolder(folder)]: _left, ...others } = settings.current()[setting];
  await settings.write({ name: setting, value: others, scope: "user" });
}

/** The folder as settings name it: with links followed, because workspaces are compared so. One that is gone keeps its name. */
export async function realFolder(folder: string): Promise<string> {
  if (!isAbsolute(folder))
    throw new UserError("BAD_INPUT", `The folder ${folder} is not named by its whole path.`, "Name it from the root on.");
  return realpath(folder).catch(() => folder);
}
