import type { DataFolders } from "./folders.ts";

/** Something LocalCoder keeps on this machine. */
export interface StoredPart {
  readonly id: string;
  /** What it is, for the user. */
  readonly what: string;
  /** How long it is kept. */
  readonly kept: string;
  /** How it can be looked at. */
  readonly see: string;
  /** One of ours, or the system's own for what is temporary. */
  readonly folder: keyof DataFolders | "temporary";
  /** Names in the folder, where a star stands for any text; all of it without. */
  readonly names?: readonly string[];
}

/** Everything LocalCoder keeps, each part once. What none of them names is a fault, and a test looks for it. */
export const storedParts: readonly StoredPart[] = [
  {
    id: "history",
    what: "What was asked and answered, the network ledger with permissions, statistics of ghost text, and waiting requests",
    kept: "until you delete it; deleted sessions for 30 days",
    see: "localcoder sessions, localcoder network",
    folder: "data",
    names: ["localcoder.db*"],
  },
  {
    id: "keys",
    what: "The token of the model hub and keys of model servers, where the system has no keyring",
    kept: "until you sign out",
    see: "localcoder hub",
    folder: "data",
    names: ["hub-token.json", "server-keys.json"],
  },
  {
    id: "window",
    what: "Open windows and files, layout, and what Chromium keeps for them",
    kept: "until you delete it",
    see: "the window itself",
    folder: "data",
    names: ["window", "desktop.json", "browser.json", "backups"],
  },
  {
    id: "work",
    what: "The queue of downloads, what went wrong when models were loaded, and the lock of the running engine",
    kept: "as long as there is something in them",
    see: "the files themselves, as text",
    folder: "data",
    names: ["downloads.json", "load-attempts.json", "owner.lock*", "engine.sock"],
  },
  {
    id: "contexts",
    what: "What threads left in the context of a model that was unloaded, in the form the model computes with",
    kept: "for as many days and megabytes as settings say, until a session is deleted, or until it is used",
    see: "their names and sizes; it is no text",
    folder: "data",
    names: ["contexts"],
  },
  {
    id: "index",
    what: "Words, names and places of the code in folders that were asked about, and vectors of them, without the code itself",
    kept: "until 60 days after its last use, or until the folder is gone; it is made again when needed",
    see: "localcoder find, localcoder map",
    folder: "data",
    names: ["project-index"],
  },
  {
    id: "settings",
    what: "Settings, keybindings, snippets, unsaved text and local history of files",
    kept: "until you delete it",
    see: "Preferences: Open User Settings (JSON)",
    folder: "user",
  },
  {
    id: "models",
    what: "Models you downloaded, and parts of downloads",
    kept: "until you delete them",
    see: "localcoder models",
    folder: "models",
  },
  {
    id: "cache",
    what: "Heads of model files and measured speeds, and crash dumps, which are off by default",
    kept: "until you delete it; it is made again when needed",
    see: "the files themselves",
    folder: "cache",
  },
  {
    id: "logs",
    what: "Messages of our processes, without code",
    kept: "the newest 2 MB, and as much of older ones; what models print, up to 1 MB",
    see: "LocalCoder: Show logs, or the files themselves, as text",
    folder: "logs",
  },
  {
    id: "temporary",
    what: "Tests while they are run, and the home of an audit",
    kept: "until they end; what a kill leaves behind, until you delete it",
    see: "the files themselves",
    folder: "temporary",
    names: ["localcoder-tests-*", "localcoder-audit*"],
  },
];
