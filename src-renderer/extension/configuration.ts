import { z } from "zod";
import { settingsSchema } from "#core/settings/schema";
import { strings } from "./strings.ts";

/** Settings that only make sense on one machine, so that a workspace cannot set them. */
const ofTheMachine = /^localcoder\.(models|inference|network)\./;

/** The settings page: one entry for each field of the settings schema, so that nothing is written twice. */
export function settingsPage(): { title: string; properties: Record<string, object> } {
  const schema = z.toJSONSchema(settingsSchema, { io: "input" });
  const properties: Record<string, object> = {};
  Object.entries(schema.properties ?? {}).forEach(([name, property], order) => {
    properties[name] = { ...(property as object), order, scope: ofTheMachine.test(name) ? "application" : "resource" };
  });
  return { title: strings.product, properties };
}
