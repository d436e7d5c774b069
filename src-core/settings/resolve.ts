import { acceptedValues, settingsJsonSchema } from "./json-schema.ts";
import { defaultSettings, type SettingName, type Settings, settingsSchema } from "./schema.ts";
import { onlyRestricts } from "./trust.ts";

/** One value as it stands in a settings file; lines count from 1. */
export interface SettingEntry {
  readonly name: string;
  readonly value: unknown;
  readonly line: number;
}

/** A settings file: the later ones in a list come first. */
export interface SettingsLayer {
  readonly scope: "user" | "workspace";
  readonly file: string;
  readonly entries: readonly SettingEntry[];
}

/** A value that was not taken, and why. */
export interface SettingProblem {
  readonly file: string;
  readonly line: number;
  readonly setting: string;
  readonly message: string;
}

const schemas = settingsJsonSchema().properties;

/** True when there is a setting of this name. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(schemas, name);
}

/** Puts layers over the defaults; what is not allowed is named and leaves what was there before. @param trusted says so of the workspace. */
export function resolveSettings(
  layers: readonly SettingsLayer[],
  { trusted = true }: { readonly trusted?: boolean } = {},
): { settings: Settings; problems: SettingProblem[] } {
  let settings = defaultSettings;
  const problems: SettingProblem[] = [];
  for (const { scope, file, entries } of layers) {
    const taken = scope === "user" || trusted ? entries : entries.filter(({ name, value }) => onlyRestricts(name, value));
    const left = entries.filter((entry) => !taken.includes(entry));
    if (left.length > 0) problems.push(notTrusted(file, left));
    for (const { name, value, line } of taken) {
      const message =
        problemWith(name, value) ?? (scope === "workspace" ? tooMuchForWorkspace(name as SettingName, value, settings) : undefined);
      if (message === undefined) settings = withValue(settings, name as SettingName, value);
      else problems.push({ file, line, setting: name, message: `${message}${instead(name, settings)}` });
    }
  }
  return { settings: trusted ? settings : { ...settings, ...runsNothing }, problems };
}

/** What runs code of a folder stays off where the folder is not trusted, whatever the user wants elsewhere. */
const runsNothing = { "localcoder.actions.runTests": false, "localcoder.actions.compareByRunning": false } satisfies Partial<Settings>;

/** Why a value cannot be used, as a sentence; undefined when it can. */
export function problemWith(name: string, value: unknown): string | undefined {
  if (!isSettingName(name)) {
    const near = nearestName(name);
    return `There is no setting ${name}.${near ? ` Perhaps ${near} is meant.` : ""}`;
  }
  if (settingsSchema.shape[name].safeParse(value).success && value !== undefined) return undefined;
  return `${name} takes ${acceptedValues(schemas[name])}, not ${shorten(JSON.stringify(value) ?? "nothing")}.`;
}

/** Where models come from and whether they are checked, where they go, who else may be asked, what else is read, when history is deleted, what threads know, what runs. */
const personal: ReadonlySet<SettingName> = new Set([
  "localcoder.models.hub",
  "localcoder.models.folder",
  "localcoder.models.folders",
  "localcoder.models.servers",
  "localcoder.models.verifyBeforeLoad",
  "localcoder.models.workspaces",
  "localcoder.history.days",
  "localcoder.memory.enabled",
  "localcoder.project.repositories",
  // What may be run is no business of the folder it would run.
  "localcoder.trust.folders",
  "localcoder.actions.runTests",
  "localcoder.actions.compareByRunning",
]);

/**
 * A folder may come from anybody, so its settings must not open the network, name files to load or loosen what the
 * user decided. Says why a setting is not taken from there; without a value, whether it is ever taken.
 */
export function whyNotFromWorkspace(name: SettingName, value: unknown): string | undefined {
  if (/^localcoder\.(network|updates)\./.test(name) || personal.has(name)) {
    return `${name} is not taken from a workspace, only from your own settings.`;
  }
  // A model file is parsed by native code; a repository must not be able to bring its own.
  const named = typeof value === "object" && value !== null ? Object.values(value).flat() : [value];
  if (name.startsWith("localcoder.models.") && named.some((one) => typeof one === "string" && /[\\/]|\.gguf$/i.test(one))) {
    return `${name} takes the path of a file only in your own settings; a workspace names a model by its catalogue id, and localcoder.models.workspaces there says it of one folder.`;
  }
  return undefined;
}

const historyOrder: readonly Settings["localcoder.history.keep"][] = ["keep", "session", "off"];

function tooMuchForWorkspace(name: SettingName, value: unknown, user: Settings): string | undefined {
  const always = whyNotFromWorkspace(name, value);
  if (always !== undefined) return always;
  if (name !== "localcoder.history.keep") return undefined;
  const own = user[name];
  const keepsMore = historyOrder.indexOf(value as typeof own) < historyOrder.indexOf(own);
  return keepsMore ? `A workspace may keep less history than your own settings say, not more.` : undefined;
}

// As in VS Code, objects are joined entry by entry. A list is added to: a folder cannot take from it what the user put there.
function withValue(settings: Settings, name: SettingName, value: unknown): Settings {
  return { ...settings, [name]: joined(schemas[name].type, settings[name], value) };
}

function joined(type: string, before: unknown, value: unknown): unknown {
  if (type === "object") return { ...(before as object), ...(value as object) };
  if (type === "array") return [...new Set([...(before as unknown[]), ...(value as unknown[])])];
  return value;
}

/** One sentence for all of them: a folder that was only looked into should not fill the window with warnings. */
function notTrusted(file: string, left: readonly SettingEntry[]): SettingProblem {
  const names = left.map(({ name }) => name).join(", ");
  const [{ name: setting, line }] = left as [SettingEntry];
  return { file, line, setting, message: `Not used until you trust the folder: ${names}.` };
}

function instead(name: string, settings: Settings): string {
  return isSettingName(name) ? ` ${JSON.stringify(settings[name])} is used.` : "";
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function nearestName(name: string): SettingName | undefined {
  const wanted = name.toLowerCase();
  const last = wanted.slice(wanted.lastIndexOf(".") + 1);
  return (Object.keys(schemas) as SettingName[]).find(
    (known) => known.toLowerCase() === wanted || known.toLowerCase().endsWith(`.${last}`),
  );
}
