import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { AssistAction } from "#core/assist/index";
import { ownAction } from "#core/assist/own/action";
import { type ParsedOwnAction, parseOwnAction } from "#core/assist/own/parse";
import { UserError } from "#core/base/errors";
import type { OwnAction } from "#core/contracts/assist";
import type { SettingsService } from "../settings/settings.ts";
import { watchPath } from "../workspace/watch.ts";

/** Actions that people wrote as Markdown files: the user's own, and those of a workspace. */
export interface OwnActions {
  /** As the files are now, with what is wrong in them. */
  list(workspace: string | undefined, signal?: AbortSignal): Promise<OwnAction[]>;
  /** The list, and again at each change of the files. */
  follow(workspace: string | undefined, signal?: AbortSignal): AsyncGenerator<OwnAction[], void, void>;
  /** Undefined for an id that is none of ours; throws for one that may not be run, or whose file has mistakes. */
  find(id: string, workspace: string | undefined): Promise<AssistAction | undefined>;
}

/** Where a workspace has its actions. */
const folderInWorkspace = join(".localcoder", "actions");
const mostFiles = 100;
const mostBytes = 65_536;

interface Source {
  readonly from: OwnAction["from"];
  readonly folder: string;
}

interface Read {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly from: OwnAction["from"];
  readonly parsed: ParsedOwnAction;
}

/** Creates the {@link OwnActions}. Files are read whenever they are asked for, so that nobody runs an old one. */
export function createOwnActions({
  folders,
  settings,
}: {
  readonly folders: { readonly user: string };
  readonly settings: Pick<SettingsService, "isTrusted" | "changes">;
}): OwnActions {
  const userFolder = join(folders.user, "actions");
  const sources = (workspace: string | undefined): Source[] => [
    { from: "user", folder: userFolder },
    ...(workspace === undefined ? [] : [{ from: "workspace" as const, folder: join(workspace, folderInWorkspace) }]),
  ];

  async function readAll(workspace: string | undefined, signal?: AbortSignal): Promise<Read[]> {
    const found = await Promise.all(sources(workspace).map((source) => readFolder(source, workspace, signal)));
    return found.flat();
  }

  function isTrusted({ from }: Pick<Read, "from">, workspace: string | undefined): boolean {
    return from === "user" || (workspace !== undefined && settings.isTrusted(workspace));
  }

  async function list(workspace: string | undefined, signal?: AbortSignal): Promise<OwnAction[]> {
    const all = await readAll(workspace, signal);
    return all.map(({ id, name, file, from, parsed: { action, problems } }) => ({
      id,
      name,
      file,
      from,
      trusted: isTrusted({ from }, workspace),
      title: action?.title ?? name,
      shows: action?.shows ?? "diff",
      role: action?.role ?? "code",
      instruction: action?.instruction ?? "none",
      languages: [...(action?.languages ?? [])],
      problems: [...problems],
    }));
  }

  return {
    list,
    async *follow(workspace, signal) {
      let before = "";
      const ends = new AbortController();
      const changes = settings.changes.stream(signal ? AbortSignal.any([signal, ends.signal]) : ends.signal);
      let trustChanged = changes.next();
      try {
        while (signal?.aborted !== true) {
          const watching = watchFolders(
            sources(workspace).map(({ folder }) => folder),
            signal,
          );
          try {
            // First watched, then read: what changes between the two is seen.
            await watching.ready;
            const now = await list(workspace, signal);
            const text = JSON.stringify(now);
            if (text !== before) yield now;
            before = text;
            const renewed = trustChanged.then(() => {
              trustChanged = changes.next();
            });
            await Promise.race([watching.changed, renewed]);
          } finally {
            watching.stop();
          }
        }
      } finally {
        ends.abort();
      }
    },
    async find(id, workspace) {
      if (!id.startsWith("own:")) return undefined;
      const found = (await readAll(workspace)).find((one) => one.id === id);
      if (found === undefined)
        throw new UserError("NOT_FOUND", `There is no action ${id.split(":").at(-1)} any more.`, "Look at the list of actions again.");
      const { action, problems } = found.parsed;
      if (action === undefined) {
        const [first] = problems;
        throw new UserError(
          "BAD_INPUT",
          `${found.file}:${first?.line ?? 1}: ${first?.message ?? ""}`,
          "Correct the file; it is read again at once.",
        );
      }
      if (!isTrusted(found, workspace))
        throw new UserError(
          "NO_PERMISSION",
          `“${action.title}” comes from this folder, and you have not trusted the folder.`,
          `Read ${found.file}, then trust the folder: localcoder trust.`,
        );
      return ownAction(id, action);
    },
  };
}

async function readFolder({ from, folder }: Source, workspace: string | undefined, signal?: AbortSignal): Promise<Read[]> {
  const entries = await readdir(folder).catch(() => []);
  const names = entries
    .filter((name) => name.endsWith(".md"))
    .sort()
    .slice(0, mostFiles);
  const all = await Promise.all(
    names.map(async (name) => {
      signal?.throwIfAborted();
      const file = join(folder, name);
      const stem = name.slice(0, -3);
      return {
        id: `own:${from}:${stem}`.slice(0, 100),
        name: stem,
        file,
        from,
        parsed: await readAction(file, from === "workspace" ? workspace : undefined),
      };
    }),
  );
  return all;
}

async function readAction(file: string, within: string | undefined): Promise<ParsedOwnAction> {
  const wrong = (message: string): ParsedOwnAction => ({ action: undefined, problems: [{ line: 1, message }] });
  try {
    if (within !== undefined) {
      // A link out of the folder would show the model what is not the folder's.
      const inside = relative(await realpath(within), await realpath(file));
      if (inside.startsWith(`..${sep}`) || inside === "..") return wrong("This is a link to a file outside of the folder.");
    }
    const { size } = await stat(file);
    if (size > mostBytes) return wrong(`The file has ${size} bytes; ${mostBytes} are the most.`);
    return parseOwnAction(await readFile(file, "utf8"));
  } catch {
    return wrong("The file cannot be read.");
  }
}

/** Watches folders until something changes in one; of one that is not there, the nearest folder above where it would be. */
function watchFolders(
  folders: readonly string[],
  signal: AbortSignal | undefined,
): { readonly ready: Promise<unknown>; readonly changed: Promise<void>; stop(): void } {
  const ends = new AbortController();
  const stop = () => {
    signal?.removeEventListener("abort", stop);
    ends.abort();
  };
  signal?.addEventListener("abort", stop, { once: true });
  const watched = folders.map((folder) => {
    let setReady: () => void = () => {};
    const ready = new Promise<void>((resolve) => {
      setReady = resolve;
    });
    const changed = (async () => {
      try {
        const path = await nearestFolder(folder);
        for await (const changes of watchPath({ path, real: path, recursive: false, excludes: [] }, ends.signal)) {
          setReady();
          if (changes.length > 0) return;
        }
      } catch {
        // The folder went while it was watched; the list is read anew.
      } finally {
        setReady();
      }
    })();
    return { ready, changed };
  });
  return { ready: Promise.all(watched.map(({ ready }) => ready)), changed: Promise.race(watched.map(({ changed }) => changed)), stop };
}

async function nearestFolder(folder: string): Promise<string> {
  for (let path = folder; ; path = join(path, "..")) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return realpath(path);
    if (join(path, "..") === path) return path;
  }
}
