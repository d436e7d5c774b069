import { z } from "zod";
import { type SettingName, settingsSchema } from "./schema.ts";

/** What a settings editor needs of one setting, in the words of JSON Schema. */
export interface SettingJsonSchema {
  readonly type: "boolean" | "string" | "integer" | "number" | "object" | "array";
  readonly description: string;
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly additionalProperties?: { readonly type: string };
  readonly items?: { readonly type: string };
}

/** All settings of ours as a JSON Schema, with their descriptions and defaults, in the order of the schema. */
export interface SettingsJsonSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<SettingName, SettingJsonSchema>>;
}

/** The schema for the workbench's settings editor, and for editors that complete settings.json. */
export function settingsJsonSchema(): SettingsJsonSchema {
  const { properties } = z.toJSONSchema(settingsSchema, { io: "input" });
  return { type: "object", properties: properties as unknown as SettingsJsonSchema["properties"] };
}

/** What a setting accepts, as the end of the sentence "It takes ...". */
export function acceptedValues(schema: SettingJsonSchema): string {
  if (schema.enum) return `one of ${schema.enum.map((value) => `"${value}"`).join(", ")}`;
  switch (schema.type) {
    case "boolean":
      return "true or false";
    case "string":
      return "text in quotes";
    case "integer":
      return `a whole number${span(schema)}`;
    case "number":
      return `a number${span(schema)}`;
    case "object":
      return `an object whose values are ${schema.additionalProperties?.type === "boolean" ? "true or false" : "of one type"}`;
    case "array":
      return `a list of ${schema.items?.type === "string" ? "texts in quotes" : "values of one type"}`;
  }
}

function span({ minimum, maximum }: SettingJsonSchema): string {
  if (minimum === undefined || maximum === undefined) return "";
  return ` from ${minimum} to ${maximum}`;
}
