import { settingsJsonSchema } from "#core/settings/json-schema";
import { whyNotFromWorkspace } from "#core/settings/resolve";
import type { SettingName } from "#core/settings/schema";
import { strings } from "./strings.ts";

/** The settings page: one entry for each field of the settings schema, so that nothing is written twice. */
export function settingsPage(): { title: string; properties: Record<string, object> } {
  const properties: Record<string, object> = {};
  for (const [order, [name, property]] of Object.entries(settingsJsonSchema().properties).entries()) {
    const onlyForUser = whyNotFromWorkspace(name as SettingName, undefined) !== undefined;
    properties[name] = { ...property, order, scope: onlyForUser ? "application" : "resource" };
  }
  return { title: strings.product, properties };
}
