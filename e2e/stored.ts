import { execFileSync } from "node:child_process";
import { lstatSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { root } from "./launch.ts";

/** What a session left in a data folder. */
export interface Stored {
  /** Files that `localcoder data` counts, and files that are there. */
  readonly named: number;
  readonly there: number;
  /** What others than the user could read, of what the product made. */
  readonly open: readonly string[];
}

/** What the test makes itself in a home, and what only a debugger makes Chromium write. */
const own = ["user", "user/settings.json", "data/desktop.json", "data/browser.json", "data/window/DevToolsActivePort"];

/** A folder of the test in a home, with all that is in it. */
const ownFolder = "models-of-the-test";

/** Compares what `localcoder data` names in a home with what lies there. */
export function lookAtStored(home: string, environment: Readonly<Record<string, string>>): Stored {
  const listed = execFileSync(process.execPath, [join(root, "out/headless/cli.js"), "data", "--json"], {
    env: { ...process.env, ...environment },
    encoding: "utf8",
  });
  const parts = (JSON.parse(listed) as { readonly id: string; readonly files: number }[]).filter(({ id }) => id !== "temporary");
  const named = parts.reduce((sum, { files }) => sum + files, 0);
  const paths = readdirSync(home, { recursive: true, withFileTypes: true })
    .map((entry) => relative(home, join(entry.parentPath, entry.name)))
    .filter((path) => path.split(sep)[0] !== ownFolder);
  const facts = paths.map((path) => ({ path, stats: lstatSync(join(home, path)) }));
  const open = facts.filter(({ path, stats }) => !own.includes(path) && !stats.isSymbolicLink() && (stats.mode & 0o077) !== 0);
  const there = facts.filter(({ stats }) => !stats.isDirectory());
  return { named, there: there.length, open: open.map(({ path }) => path) };
}
