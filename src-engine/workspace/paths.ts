import { posix, win32 } from "node:path";
import { UserError } from "#core/base/errors";

const reservedWindowsName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/**
 * The one notation in which paths are compared: absolute, without `.` and `..`, without a separator at the end.
 * Refuses what could mean another place than it seems to: relative and device paths, encoded `..`, and on Windows
 * alternate streams, reserved names and names that the system would shorten.
 */
export function normalizePath(path: string, platform: NodeJS.Platform = process.platform): string {
  if (path.includes("\0")) throw new UserError("BAD_INPUT", "A path must not hold a NUL character.", "Choose another name.");
  const windows = platform === "win32";
  const rules = windows ? win32 : posix;
  if (windows && /^[\\/]{2}[?.][\\/]/.test(path))
    throw new UserError("BAD_INPUT", `${path} is a device path, which is not supported.`, "Name it by its drive.");
  const absolute = windows ? /^([a-z]:[\\/]|[\\/]{2}[^\\/]+[\\/]+[^\\/]+)/i.test(path) : posix.isAbsolute(path);
  if (!absolute) throw new UserError("BAD_INPUT", `${path} is not an absolute path.`, "Name it from the root on.");
  const normal = rules.resolve(path);
  const root = rules.parse(normal).root;
  for (const segment of path.split(windows ? /[\\/]/ : "/")) refuseEncodedParent(segment, path);
  if (windows) for (const segment of normal.slice(root.length).split("\\")) refuseWindowsName(segment, path);
  return normal.length > root.length && normal.endsWith(rules.sep) ? normal.slice(0, -1) : normal;
}

// Such names are literal on every disk, but somebody further on may decode them, so they are never let through.
function refuseEncodedParent(segment: string, path: string): void {
  let text = segment;
  for (let round = 0; round < 3 && text.includes("%"); round++) {
    const decoded = text.replace(/%(2e|2f|5c|25)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
    if (decoded === text) break;
    text = decoded;
  }
  if (text === segment || !text.split(/[\\/]/).includes("..")) return;
  throw new UserError(
    "OUTSIDE_WORKSPACE",
    `${path} holds an encoded "..", which could lead out of the workspace.`,
    "Write the path without percent signs.",
  );
}

function refuseWindowsName(segment: string, path: string): void {
  if (segment.includes(":"))
    throw new UserError("BAD_INPUT", `${path} names an alternate stream, which is not supported.`, "Choose another name.");
  if (reservedWindowsName.test(segment))
    throw new UserError("BAD_INPUT", `${segment} is a name that Windows keeps for itself.`, "Choose another name.");
  if (/[. ]$/.test(segment))
    throw new UserError("BAD_INPUT", `${path}: a name must not end with a dot or a space on Windows.`, "Choose another name.");
}

/** True when `path` is `folder` itself or lies below it; both in the notation of {@link normalizePath}. */
export function isInside(folder: string, path: string, sameCase: boolean, platform: NodeJS.Platform = process.platform): boolean {
  const separator = platform === "win32" ? "\\" : "/";
  const [outer, inner] = sameCase ? [folder, path] : [folder.toLowerCase(), path.toLowerCase()];
  return inner === outer || inner.startsWith(outer.endsWith(separator) ? outer : outer + separator);
}
