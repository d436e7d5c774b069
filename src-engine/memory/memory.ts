import { mkdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { UserError } from "#core/base/errors";
import type { MemoryItem, MemoryProposal, MemoryScope } from "#core/contracts/memory";
import type { Attachment } from "#core/contracts/message-context";
import { itemsOf, withItem, withoutItem } from "#core/memory/items";
import { isSameWish, wishesIn } from "#core/memory/proposals";
import type { Settings } from "#core/settings/schema";
import { hasCode } from "#engine/file-errors";
import type { Sessions } from "#engine/sessions/sessions";
import type { Sqlite } from "#engine/sessions/sqlite";
import { serialiseByPath } from "#engine/workspace/serialise";
import { writeFileSafely } from "#engine/workspace/write";

/** Where the file lies in a project. */
const projectFile = [".localcoder", "memory.md"] as const;

/** A file with more would fill a small model's window by itself; in bytes. */
const largest = 64_000;

/** Threads that are looked through for what might be remembered. */
const latestThreads = 50;

const headings: Readonly<Record<MemoryScope, string>> = {
  project: "What to know about this project",
  user: "What to know everywhere",
};

/** A place in which something is remembered. */
export interface MemoryPlace {
  readonly workspace?: string;
  readonly scope: MemoryScope;
}

/** What the user wants to be known in every thread. */
export interface Memory {
  list(workspace?: string): Promise<{ enabled: boolean; files: { scope: MemoryScope; path: string }[]; items: MemoryItem[] }>;
  add(place: MemoryPlace & { readonly text: string }): Promise<MemoryItem>;
  edit(place: MemoryPlace & { readonly line: number; readonly before: string; readonly text: string }): Promise<MemoryItem>;
  remove(place: MemoryPlace & { readonly line: number; readonly before: string }): Promise<void>;
  proposals(workspace?: string): Promise<MemoryProposal[]>;
  dismiss(text: string): void;
  /** What a new thread begins with: the files as they are, which so can be seen in it. Nothing while it is switched off, and nothing of a project that is not trusted. */
  attachments(workspace?: string): Promise<Attachment[]>;
}

/** What {@link createMemory} needs. */
export interface MemoryOptions {
  readonly userFolder: string;
  readonly sqlite: Sqlite;
  readonly sessions: Pick<Sessions, "list" | "show">;
  readonly settings: {
    current(workspace?: string): Pick<Settings, "localcoder.memory.enabled">;
    isTrusted(workspace: string): boolean;
  };
}

/** Creates the {@link Memory} over its files. */
export function createMemory({ userFolder, sqlite, sessions, settings }: MemoryOptions): Memory {
  const insertDismissed = sqlite.prepare("INSERT OR IGNORE INTO memory_dismissed (text) VALUES (?)");
  const dismissed = sqlite.prepare("SELECT text FROM memory_dismissed").pluck();
  const isOn = () => settings.current()["localcoder.memory.enabled"];

  function pathOf({ workspace, scope }: MemoryPlace): string {
    if (scope === "user") return join(userFolder, "memory.md");
    if (workspace === undefined)
      throw new UserError("BAD_INPUT", "There is no project here.", "Open a folder, or remember it for yourself.");
    return join(workspace, ...projectFile);
  }

  const places = (workspace: string | undefined): MemoryPlace[] => [
    ...(workspace === undefined ? [] : [{ workspace, scope: "project" as const }]),
    { scope: "user" },
  ];

  async function itemsIn(place: MemoryPlace): Promise<MemoryItem[]> {
    const path = pathOf(place);
    return itemsOf(await read(place)).map(({ line, text }) => ({ scope: place.scope, text, path, line: line + 1 }));
  }

  /** The text of a file; empty where there is none. */
  async function read(place: MemoryPlace): Promise<string> {
    const path = pathOf(place);
    try {
      await refuseLeavingProject(place, path);
      if ((await stat(path)).size > largest)
        throw new UserError("TOO_LARGE", `${path} has more than ${largest / 1000} kB.`, "Keep only what every thread has to know.");
      return await readFile(path, "utf8");
    } catch (error) {
      if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return "";
      throw error;
    }
  }

  /** Changes a file, one change after the other. */
  function change(place: MemoryPlace, edit: (text: string) => string): Promise<void> {
    const path = pathOf(place);
    return serialiseByPath(`${path}#memory`, async () => {
      const text = edit(await read(place));
      await mkdir(join(path, ".."), { recursive: true });
      await refuseLeavingProject(place, path);
      await writeFileSafely(path, Buffer.from(text, "utf8"), { create: true, overwrite: true });
    });
  }

  async function found(place: MemoryPlace, text: string): Promise<MemoryItem> {
    const item = (await itemsIn(place)).findLast((each) => isSameWish(each.text, text));
    if (!item) throw new UserError("NOT_APPLIED", "The file was changed meanwhile.", "Look at the list again.");
    return item;
  }

  return {
    async list(workspace) {
      const all = places(workspace);
      const items: MemoryItem[] = [];
      for (const place of all) items.push(...(await itemsIn(place)));
      return { enabled: isOn(), files: all.map((place) => ({ scope: place.scope, path: pathOf(place) })), items };
    },
    async add({ text, ...place }) {
      const there = (await itemsIn(place)).find((each) => isSameWish(each.text, text));
      if (there) return there;
      await change(place, (before) => withItem(before, text, headings[place.scope]));
      return found(place, text);
    },
    async edit({ line, before, text, ...place }) {
      await change(place, (whole) => withoutItem(whole, line - 1, before, text) ?? changedMeanwhile());
      return found(place, text);
    },
    remove: ({ line, before, ...place }) => change(place, (whole) => withoutItem(whole, line - 1, before) ?? changedMeanwhile()),
    async proposals(workspace) {
      const known: string[] = [...(dismissed.all() as string[])];
      for (const place of places(workspace)) known.push(...(await itemsIn(place)).map(({ text }) => text));
      const proposals: MemoryProposal[] = [];
      for (const { id, title } of sessions.list({ kind: "chat", workspace, limit: latestThreads })) {
        const asked = sessions.show(id).messages.filter(({ role }) => role === "user");
        for (const text of asked.flatMap((message) => wishesIn(message.text))) {
          if (known.some((each) => isSameWish(each, text))) continue;
          known.push(text);
          proposals.push({ text, sessionId: id, title });
        }
      }
      return proposals;
    },
    dismiss(text) {
      insertDismissed.run(text);
    },
    async attachments(workspace) {
      if (!isOn()) return [];
      const attachments: Attachment[] = [];
      for (const place of places(workspace)) {
        if (place.workspace !== undefined && !settings.isTrusted(place.workspace)) continue;
        const text = await read(place);
        if (text.trim() === "") continue;
        const path = place.scope === "project" ? projectFile.join("/") : "memory.md";
        attachments.push({ kind: "memory", path, languageId: "markdown", text });
      }
      return attachments;
    },
  };
}

/** A project may come from anybody: its folder must not lead to a file of somebody else. */
async function refuseLeavingProject({ workspace, scope }: MemoryPlace, path: string): Promise<void> {
  if (scope === "user" || workspace === undefined) return;
  const root = await realpath(workspace);
  for (const part of [join(path, ".."), path]) {
    const real = await realpath(part).catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    });
    if (real !== undefined && real !== root && !real.startsWith(root + sep))
      throw new UserError("OUTSIDE_WORKSPACE", `${path} leads out of the project.`, "Put a file of its own there.");
  }
}

function changedMeanwhile(): never {
  throw new UserError("NOT_APPLIED", "The file was changed meanwhile, so it was left as it is.", "Look at the list again.");
}
