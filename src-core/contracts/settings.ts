import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { settingsSchema } from "../settings/schema.ts";
import { absolutePath } from "./common.ts";

/** A value that is not allowed, and where it stands; the default is used in its place. */
export const settingsProblem = z.object({ file: z.string(), line: z.number().int(), setting: z.string(), message: z.string() });
/** See {@link settingsProblem}. */
export type SettingsProblem = z.infer<typeof settingsProblem>;

/** LocalCoder's own settings (`localcoder.*`) from settings.json of the user and of the workspace. */
export const settingsContract = {
  read: oc
    .input(z.object({ workspace: absolutePath.optional() }))
    .output(z.object({ settings: settingsSchema, problems: z.array(settingsProblem), userFile: z.string(), trusted: z.boolean() })),
  /** Writes one setting, keeping comments and layout of the file; null removes it. */
  write: oc
    .input(z.object({ name: z.string(), value: z.unknown(), scope: z.enum(["user", "workspace"]), workspace: absolutePath.optional() }))
    .output(z.void()),
  /** Trusts a folder with everything below it, or no longer; it stands in the user's own settings. */
  trustFolder: oc.input(z.object({ workspace: absolutePath, trusted: z.boolean() })).output(z.void()),
  changes: oc.output(eventIterator(z.object({ scope: z.enum(["user", "workspace"]) }))),
};
