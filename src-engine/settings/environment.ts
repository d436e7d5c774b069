import type { SettingsLayer } from "#core/settings/resolve";

const variables = [
  ["BROKER_CONTEXT", "localcoder.inference.contextSize"],
  ["BROKER_THREADS", "localcoder.inference.threads"],
] as const;

/** Settings that variables of the environment set for one run: over those of the user and of the workspace. */
export function environmentLayers(env: Readonly<Record<string, string | undefined>>): SettingsLayer[] {
  return variables.flatMap(([variable, name]): SettingsLayer[] => {
    const text = env[variable]?.trim();
    if (!text) return [];
    const number = Number(text);
    return [{ scope: "user", file: variable, entries: [{ name, value: Number.isNaN(number) ? text : number, line: 1 }] }];
  });
}
