import { realpathSync } from "node:fs";
import { mkdir, readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { implement } from "@orpc/server";
import { type Disposable, disposableStack } from "#core/base/disposable";
import { createEmitter, type Emitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import { type SettingsProblem, settingsContract } from "#core/contracts/settings";
import { withFolderChoices } from "#core/settings/folder-choices";
import { isSettingName, problemWith, resolveSettings, whyNotFromWorkspace } from "#core/settings/resolve";
import type { Settings } from "#core/settings/schema";
import { isBelowAny } from "#core/settings/trust";
import { hasCode, withFileErrors } from "../file-errors.ts";
import { createRoots } from "../workspace/roots.ts";
import { createSerialiser } from "../workspace/serialise.ts";
import { writeFileSafely } from "../workspace/write.ts";
import { environmentLayers } from "./environment.ts";
import { openSettingsFile, type SettingsFile } from "./layer.ts";
import { editSettings } from "./parse.ts";

/** Which file a setting stands in. */
export type SettingsScope = "user" | "workspace";

/** What is told when settings may have changed. */
export interface SettingsChange {
  readonly scope: SettingsScope;
  readonly workspace?: string;
}

/** One setting to be written; null removes it. */
export interface SettingsWrite {
  readonly name: string;
  readonly value?: unknown;
  readonly scope: SettingsScope;
  readonly workspace?: string;
}

/** LocalCoder's own settings, always as the files are at this moment. */
export interface SettingsService extends Disposable {
  /** The settings that hold for a workspace folder, or for the user alone. Cheap enough for every key. */
  current(workspace?: string): Settings;
  read(workspace?: string): { settings: Settings; problems: SettingsProblem[]; userFile: string; trusted: boolean };
  /** True for a folder that the user's own settings name, or that lies below one. */
  isTrusted(workspace: string): boolean;
  /** Trusts a folder, or no longer; throws where it is trusted because of a folder above it. */
  trustFolder(workspace: string, trusted: boolean): Promise<void>;
  write(change: SettingsWrite): Promise<void>;
  readonly changes: Emitter<SettingsChange>;
}

interface WatchedFile extends SettingsFile {
  /** Tells listeners when what stands in the file is not what they were told last. */
  tell(): void;
}

/** Creates the {@link SettingsService}. @param options.folders `user` holds the user's settings.json; `file` stands in its place, and `env` may set some, for one run. */
export function createSettings({
  folders,
  file: userFile = join(folders.user, "settings.json"),
  env = {},
}: {
  readonly folders: { readonly user: string };
  readonly file?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
}): SettingsService {
  const fromEnvironment = environmentLayers(env);
  const changes = createEmitter<SettingsChange>();
  const watchers = disposableStack();
  const serialise = createSerialiser();
  const workspaces = new Map<string, WatchedFile>();
  const realPath = createRealPaths();
  const user = open(userFile, { scope: "user" });

  function open(file: string, change: SettingsChange): WatchedFile {
    const settingsFile = openSettingsFile(file, change.scope);
    let told = JSON.stringify(settingsFile.read());
    const tell = () => {
      const now = JSON.stringify(settingsFile.read());
      if (now === told) return;
      told = now;
      changes.emit(change);
    };
    watchers.add(settingsFile.watch(tell));
    return { ...settingsFile, tell };
  }

  function fileOf(workspace: string): WatchedFile {
    let file = workspaces.get(workspace);
    if (file === undefined) {
      file = open(workspaceFile(workspace), { scope: "workspace", workspace });
      workspaces.set(workspace, file);
    }
    return file;
  }

  function isTrusted(workspace: string): boolean {
    // The user's own settings alone say so: a folder cannot trust itself.
    const { settings } = resolveSettings([user.read().layer, ...fromEnvironment]);
    return isBelowAny(realPath(workspace), settings[trustedFolders].map(realPath));
  }

  function read(workspace?: string) {
    const trusted = workspace === undefined || isTrusted(workspace);
    const files = (workspace === undefined ? [user] : [user, fileOf(workspace)]).map((file) => file.read());
    const { settings, problems } = resolveSettings([...files.map(({ layer }) => layer), ...fromEnvironment], { trusted });
    // What the user says of a folder comes before what the folder says of itself.
    const chosen = workspace === undefined ? settings : withFolderChoices(settings, realPath(workspace));
    return { settings: chosen, problems: [...files.flatMap((file) => file.problems), ...problems], userFile, trusted };
  }

  async function write({ name, value, scope, workspace }: SettingsWrite): Promise<void> {
    if (!isSettingName(name))
      throw new UserError("BAD_INPUT", problemWith(name, value) ?? "There is no such setting.", "The settings editor lists all there are.");
    const remove = value === null || value === undefined;
    const refused = remove
      ? undefined
      : (problemWith(name, value) ?? (scope === "workspace" ? whyNotFromWorkspace(name, value) : undefined));
    if (refused !== undefined) throw new UserError("BAD_INPUT", refused, "The setting stays as it was.");
    // In the order of the calls, so nothing is waited for before the place in the line is taken.
    await serialise(scope === "user" ? userFile : `${workspace}`, async () => {
      const file = await placeOf(scope, workspace, userFile);
      const text = await withFileErrors(file, () => readText(file));
      const edited = editSettings(text, file, name, remove ? undefined : value);
      if (edited === text) return;
      await withFileErrors(file, () => mkdir(dirname(file), { recursive: true }));
      await writeFileSafely(file, Buffer.from(edited), { create: true, overwrite: true });
      // Not left to the watcher, which some disks do not have.
      (scope === "workspace" && workspace !== undefined ? fileOf(workspace) : user).tell();
    });
  }

  return {
    changes,
    current: (workspace) => read(workspace).settings,
    read,
    write,
    isTrusted,
    async trustFolder(workspace, trusted) {
      const real = realPath(workspace);
      const others = read().settings[trustedFolders].filter((folder) => realPath(folder) !== real);
      const above = others.find((folder) => isBelowAny(real, [realPath(folder)]));
      if (!trusted && above !== undefined)
        throw new UserError(
          "BAD_INPUT",
          `${workspace} lies in ${above}, which you trust.`,
          `Trust ${above} no longer, or move the folder.`,
        );
      await write({ name: trustedFolders, value: trusted && above === undefined ? [...others, real] : others, scope: "user" });
    },
    dispose: watchers.dispose,
  };
}

/** The setting with the folders that the user trusts. */
const trustedFolders = "localcoder.trust.folders";

/** Follows links, each path once: this is asked with every key, and a link that changes later must not change what is trusted. */
function createRealPaths(): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    let real = known.get(path);
    if (real === undefined) {
      try {
        real = realpathSync(path);
        known.set(path, real);
      } catch {
        // It may come to be later.
        real = path;
      }
    }
    return real;
  };
}

const workspaceFile = (workspace: string) => join(workspace, ".vscode", "settings.json");

/** The real file: the user's may be a link to anywhere, a workspace's must not lead out of the workspace. */
async function placeOf(scope: SettingsScope, workspace: string | undefined, userFile: string): Promise<string> {
  if (scope === "user") return realpath(userFile).catch(() => userFile);
  if (workspace === undefined)
    throw new UserError("BAD_INPUT", "No workspace was named for a setting of a workspace.", "Open a folder first.");
  return createRoots([workspace]).resolve(workspaceFile(workspace), "follow");
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    throw error;
  }
}

/** Serves the {@link SettingsService} by its contract. */
export function settingsRouter(settings: SettingsService) {
  const contract = implement(settingsContract);
  return contract.router({
    read: contract.read.handler(({ input }) => settings.read(input.workspace)),
    write: contract.write.handler(({ input }) => settings.write(input)),
    trustFolder: contract.trustFolder.handler(({ input }) => settings.trustFolder(input.workspace, input.trusted)),
    changes: contract.changes.handler(async function* ({ signal }) {
      for await (const { scope } of settings.changes.stream(signal)) yield { scope };
    }),
  });
}
