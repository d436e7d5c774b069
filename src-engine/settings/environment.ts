import type { SettingsLayer } from "#core/settings/resolve";

const variables = [
  ["BROKER_MODEL_BACKEND", "localcoder.inference.backend"],
  ["BROKER_CONTEXT", "localcoder.inference.contextSize"],
  ["BROKER_THREADS", "localcoder.inference.threads"],
  ["LOCALCODER_NOTIFICATIONS", "localcoder.notifications"],
] as const;

/** Settings that variables of the environment set for one run: over those of the user and of the workspace. */
export function environmentLayers(env: Readonly<Record<string, string | undefined>>): SettingsLayer[] {
  return variables.flatMap(([variable, name]): SettingsLayer[] => {
    const text = env[variable]?.trim();
    if (!text) return [];
    // Servers are found by themselves; only these two are a choice of ours.
    if (name === "localcoder.inference.backend" && text !== "llama" && text !== "echo") return [];
    const number = Number(text);
    return [{ scope: "user", file: variable, entries: [{ name, value: Number.isNaN(number) ? text : number, line: 1 }] }];
  });
}
