import { readFileSync, statSync } from "node:fs";
import { watch as openWatcher } from "chokidar";
import { type Disposable, toDisposable } from "#core/base/disposable";
import type { SettingProblem, SettingsLayer } from "#core/settings/resolve";
import { parseSettings } from "./parse.ts";

const largestFile = 5 * 1024 * 1024;

/** A settings file as it is on the disk at this moment. */
export interface SettingsFile {
  /** Read again only when the file is another one than last time, so this may be asked often. */
  read(): { readonly layer: SettingsLayer; readonly problems: readonly SettingProblem[] };
  /** Calls back after changes made by anybody, until disposed. */
  watch(changed: () => void): Disposable;
}

/** Looks after one settings file, which need not exist. */
export function openSettingsFile(file: string, scope: SettingsLayer["scope"]): SettingsFile {
  let version = "";
  let content: ReturnType<SettingsFile["read"]> = { layer: { scope, file, entries: [] }, problems: [] };

  function load(): typeof content {
    const failed = (message: string) => ({ layer: { scope, file, entries: [] }, problems: [{ file, line: 1, setting: "", message }] });
    try {
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats === undefined) return { layer: { scope, file, entries: [] }, problems: [] };
      if (!stats.isFile()) return failed("This is not a file; the defaults are used.");
      if (stats.size > largestFile) return failed("The file is larger than 5 MB; the defaults are used.");
      const { entries, problems } = parseSettings(readFileSync(file, "utf8"), file);
      return { layer: { scope, file, entries }, problems };
    } catch {
      return failed("The file cannot be read; the defaults are used.");
    }
  }

  function currentVersion(): string {
    try {
      const stats = statSync(file, { throwIfNoEntry: false, bigint: true });
      return stats === undefined ? "missing" : `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
    } catch {
      return "unreadable";
    }
  }

  return {
    read() {
      const now = currentVersion();
      if (now !== version) {
        // Taken before reading: a change in between is then seen the next time.
        version = now;
        content = load();
      }
      return content;
    },
    watch(changed) {
      const watcher = openWatcher(file, { ignoreInitial: true, persistent: false, atomic: false, ignorePermissionErrors: true });
      watcher.on("all", changed);
      // Without a watcher, as on some network disks, the settings are still read afresh whenever they are asked for.
      watcher.on("error", () => {});
      return toDisposable(() => void watcher.close());
    },
  };
}
