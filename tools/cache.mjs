import { homedir } from "node:os";
import { join } from "node:path";

/** The user's cache folder by the conventions of the system: what lies in it can be made again. */
export function cacheFolder() {
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "localcoder");
  if (process.platform === "win32") return join(process.env.LOCALAPPDATA || join(homedir(), "AppData", "Local"), "localcoder", "Cache");
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "localcoder");
}
