import { lstat, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "#core/base/errors";
import { hasCode, withFileErrors } from "../file-errors.ts";
import { isInside, normalizePath } from "./paths.ts";

/** Whether a link at the end of a path is meant itself (remove, rename) or what it points to (read, write). */
export type LastLink = "follow" | "keep";

/** The places one client may reach, and the only way to a path that may be handed to the system. */
export interface Roots {
  /**
   * Makes a folder or a file reachable, wherever links lead it at this moment; it need not exist yet. What already
   * lies below a root is not opened a second time, so that naming a link does not open what is behind it.
   */
  open(path: string): Promise<string>;
  /** The real path, or OUTSIDE_WORKSPACE when it is not below a root after every link was followed. */
  resolve(path: string, last: LastLink): Promise<string>;
  /** True for the root itself, which is never removed or renamed from inside. */
  isRoot(real: string): boolean;
}

interface Root {
  /** As the client named it. */
  readonly given: string;
  /** Where it is once all links are followed. */
  readonly real: string;
  /** The real parent and its name there: the entry itself when the root is a link. */
  readonly place: string;
}

// Real paths are compared as they are: a Mac tells the true case of a name, Windows not always.
const sameCase = process.platform !== "win32";
const insensitive = process.platform === "win32" || process.platform === "darwin";

/** Creates {@link Roots} with what is reachable from the start. */
export function createRoots(initial: readonly string[] = []): Roots {
  const roots = new Map<string, Root>();
  // One after the other: whether a path lies below a root is only known when the roots named before it are.
  let opening: Promise<unknown> = Promise.resolve();
  for (const path of initial) enqueue(path);

  function enqueue(path: string): Promise<string> {
    const opened = opening.then(() => open(path));
    opening = opened.catch(() => {});
    return opened;
  }

  async function open(path: string): Promise<string> {
    const given = normalizePath(path);
    const known = roots.get(given);
    if (known !== undefined) return known.real;
    const [real, place] = await Promise.all([realPath(given, "follow"), realPath(given, "keep")]);
    if (!isNear(given)) roots.set(given, { given, real, place });
    else if (!isReachable(real)) refuse(real, leadsOut(given));
    return real;
  }

  function isNear(given: string): boolean {
    return [...roots.values()].some((root) => isInside(root.given, given, !insensitive) || isInside(root.real, given, !insensitive));
  }

  function isReachable(real: string): boolean {
    return [...roots.values()].some((root) => isInside(root.real, real, sameCase) || root.place === real);
  }

  function refuse(path: string, reason: string): never {
    throw new UserError("OUTSIDE_WORKSPACE", reason, `Open the folder that holds ${basename(path)} first, then try again.`);
  }

  return {
    open: enqueue,
    async resolve(path, last) {
      await opening;
      const given = normalizePath(path);
      // Before the system is asked at all: on Windows a mere look at \\server\share sends the user's credentials there.
      if (!isNear(given)) refuse(given, `${given} lies outside the workspace.`);
      const real = await realPath(given, last);
      if (!isReachable(real)) refuse(real, leadsOut(given));
      return real;
    },
    isRoot: (real) => [...roots.values()].some((root) => root.real === real || root.place === real),
  };
}

function leadsOut(path: string): string {
  return `${path} is a link, or lies below one, that leads out of the workspace.`;
}

/** Follows every link of the part of a path that exists; what does not exist yet stays as it is written. */
async function realPath(path: string, last: LastLink, depth = 0): Promise<string> {
  if (last === "keep") {
    const parent = dirname(path);
    return parent === path ? path : join(await realPath(parent, "follow"), basename(path));
  }
  return withFileErrors(path, async () => {
    try {
      return await realpath(path);
    } catch (error) {
      if (!hasCode(error, "ENOENT", "ENOTDIR")) throw error;
      const place = await realPath(path, "keep");
      const target = await readlink(place).catch(() => undefined);
      if (target === undefined) {
        // Not a link but still not reachable: it is missing, or a file stands where a folder is expected.
        const exists = await lstat(place).then(
          () => true,
          () => false,
        );
        return exists ? realpath(place) : place;
      }
      if (depth >= 40)
        throw new UserError("NOT_FOUND", `The link ${path} leads back to itself.`, "Remove the link or let it lead elsewhere.");
      return realPath(resolve(dirname(place), target), "follow", depth + 1);
    }
  });
}
