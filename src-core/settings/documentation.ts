import { acceptedValues, settingsJsonSchema } from "./json-schema.ts";
import { whyNotFromWorkspace } from "./resolve.ts";
import type { SettingName } from "./schema.ts";

/** The page docs/settings.md, written from the schema so that it never tells anything else. */
export function settingsDocumentation(): string {
  const { properties } = settingsJsonSchema();
  const parts = Object.entries(properties).map(([name, schema]) =>
    [
      `## ${name}`,
      schema.description,
      `It takes ${acceptedValues(schema)}. Default: \`${JSON.stringify(schema.default)}\`.`,
      ...(whyNotFromWorkspace(name as SettingName, undefined) === undefined ? [] : ["Only in the user's settings, not in a workspace's."]),
    ].join("\n\n"),
  );
  const head = [
    "# Settings",
    "LocalCoder's own settings stand beside VS Code's in settings.json: the user's, and `.vscode/settings.json` of a workspace, which comes first. A value that is not allowed is named with its file and line, and the default is used.",
    "This page is written from `src-core/settings/schema.ts`; a test says so when the two differ.",
  ];
  return `${[...head, ...parts].join("\n\n")}\n`;
}
