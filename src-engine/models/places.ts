import { opendir, readFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import type { Machine, Model } from "#core/contracts/models";

/** Where a model file may come from. */
export type ModelSource = Model["source"];

/** A folder to look in, and how. */
export interface ModelPlace {
  readonly source: Exclude<ModelSource, "catalogue">;
  readonly folder: string;
  /** How files lie there: by their own names, or as Ollama's manifests that point to blobs. */
  readonly layout: "files" | "ollama";
}

/** What the places depend on. */
export interface PlaceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** Our own folder: from the settings, else the data folder's. */
  readonly ownFolder: string;
  /** Folders that the settings name. */
  readonly folders: readonly string[];
}

/** All folders where this machine may keep models, ours first: a model found twice is taken from the first. */
export async function modelPlaces(options: PlaceOptions): Promise<ModelPlace[]> {
  const { env, platform, home, ownFolder, folders } = options;
  const files = (source: ModelPlace["source"], folders: readonly (string | undefined)[]): ModelPlace[] =>
    folders.flatMap((folder) => (folder && isAbsolute(folder) ? [{ source, folder, layout: "files" as const }] : []));
  const data = platform === "win32" ? env.APPDATA : platform === "darwin" ? join(home, "Library", "Application Support") : undefined;
  const config = data ?? env.XDG_CONFIG_HOME ?? join(home, ".config");
  const share = data ?? env.XDG_DATA_HOME ?? join(home, ".local", "share");
  const cache = env.XDG_CACHE_HOME ?? join(home, ".cache");
  const hub = env.HF_HUB_CACHE ?? env.HUGGINGFACE_HUB_CACHE ?? (env.HF_HOME ? join(env.HF_HOME, "hub") : join(cache, "huggingface", "hub"));
  const llama = platform === "darwin" ? join(home, "Library", "Caches") : platform === "win32" ? env.LOCALAPPDATA : cache;
  const gpt4all = platform === "win32" ? env.LOCALAPPDATA : share;
  const janFolder = await setting(join(config, "Jan", "settings.json"), "data_folder");
  return [
    ...files("localcoder", [ownFolder]),
    ...files("models-dir", [...folders, env.MODELS_DIR, env.LOCALCODER_DEVELOPMENT_MODELS]),
    ...[env.OLLAMA_MODELS, join(home, ".ollama", "models"), "/usr/share/ollama/.ollama/models"].flatMap((folder) =>
      folder && isAbsolute(folder) ? [{ source: "ollama" as const, folder, layout: "ollama" as const }] : [],
    ),
    ...files("lm-studio", [
      ...(await Promise.all(
        [join(home, ".lmstudio", "settings.json"), join(home, ".cache", "lm-studio", "settings.json")].map((path) =>
          setting(path, "downloadsFolder"),
        ),
      )),
      join(home, ".lmstudio", "models"),
      join(home, ".cache", "lm-studio", "models"),
    ]),
    ...files(
      "jan",
      [janFolder, join(config, "Jan", "data"), join(share, "Jan", "data"), join(home, "jan")].flatMap((folder) =>
        folder ? [join(folder, "llamacpp", "models"), join(folder, "models")] : [],
      ),
    ),
    ...files("hugging-face", [hub]),
    ...files("llama.cpp", [env.LLAMA_CACHE, llama && join(llama, "llama.cpp")]),
    ...files("gpt4all", [gpt4all && join(gpt4all, "nomic.ai", "GPT4All")]),
  ];
}

/** What stands in the way of folders that somebody named, each with a way out; what other tools have or lack is their business. */
export async function namedFolderProblems({ env, folders }: Pick<PlaceOptions, "env" | "folders">): Promise<Machine["problems"]> {
  const named = [
    ...folders.map((folder) => ({ folder, where: "the setting localcoder.models.folders" })),
    ...(env.MODELS_DIR ? [{ folder: env.MODELS_DIR, where: "MODELS_DIR" }] : []),
  ];
  const problems = await Promise.all(
    named.map(async ({ folder, where }) => {
      if (!isAbsolute(folder)) return { message: `The models folder ${folder} is not named by its whole path.`, hint: `Correct ${where}.` };
      const reason = await opendir(folder).then(
        (opened) => opened.close().then(() => undefined),
        (error: NodeJS.ErrnoException) => folderErrors[error.code ?? ""] ?? "cannot be read",
      );
      return reason === undefined
        ? []
        : { message: `The models folder ${folder} ${reason}.`, hint: `Put that right, or correct ${where}.` };
    }),
  );
  return problems.flat();
}

const folderErrors: Readonly<Record<string, string>> = {
  ENOENT: "is not there",
  ENOTDIR: "is no folder",
  EACCES: "may not be read",
  EPERM: "may not be read",
  ELOOP: "is a link that leads to itself",
};

/** The file that BROKER_MODEL_PATH names, else the one of the name in BROKER_MODEL_FILE: in MODELS_DIR, or in our own folder. */
export function modelOfEnvironment({ env, ownFolder }: Pick<PlaceOptions, "env" | "ownFolder">): string | undefined {
  const path = env.BROKER_MODEL_PATH?.trim();
  if (path) return resolve(path);
  const name = env.BROKER_MODEL_FILE?.trim();
  return name ? resolve(env.MODELS_DIR || ownFolder, name) : undefined;
}

/** A text in another tool's settings file, if there is one. */
async function setting(path: string, name: string): Promise<string | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    const found = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
    return typeof found === "string" && isAbsolute(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
