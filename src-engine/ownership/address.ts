import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { UserError } from "#core/base/errors";

/** The kernel keeps 104 bytes for the path of a socket on macOS and 108 on Linux, with a final zero. */
const longestSocketPath = 103;

/** Where the owner of a data folder listens: a socket in it, or where that path is too long, in a private folder elsewhere. */
export function engineAddress(dataFolder: string, platform: string = process.platform): string {
  const name = createHash("sha256").update(dataFolder).digest("hex").slice(0, 24);
  if (platform === "win32") return `\\\\.\\pipe\\localcoder-${name}`;
  const path = join(dataFolder, "engine.sock");
  if (Buffer.byteLength(path) <= longestSocketPath) return path;
  return join(privateFolder(), `${name}.sock`);
}

/** A folder of short name that only this user can enter; anybody can create one of its name first, so it is checked. */
function privateFolder(): string {
  const user = userInfo().uid;
  const folder = join(process.env.XDG_RUNTIME_DIR || tmpdir(), `localcoder-${user}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== user || (stat.mode & 0o077) !== 0) {
    throw new UserError(
      "DATA_FOLDER_UNUSABLE",
      `The folder ${folder} is not private to you.`,
      "Remove it, or set LOCALCODER_HOME to a folder with a shorter path.",
    );
  }
  return folder;
}
