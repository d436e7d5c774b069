import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath } from "./common.ts";

/** What a window shows, kept across restarts. */
export const windowTarget = z.object({
  /** Folder or .code-workspace file; none is an empty window. */
  workspace: absolutePath.optional(),
  /** Which of the windows without a folder this is, from 1: its tabs and its unsaved text are kept under this number. */
  emptyWindow: z.number().int().positive().optional(),
  /** Files to open at start, with an optional place in them. */
  files: z.array(z.object({ path: absolutePath, line: z.number().int().optional(), column: z.number().int().optional() })).default([]),
});
/** See {@link windowTarget}. */
export type WindowTarget = z.infer<typeof windowTarget>;

/** What the page needs before it can draw: asked once at start. */
export const windowStart = z.object({
  target: windowTarget,
  platform: z.enum(["linux", "darwin", "win32"]),
  /** True in the browser: no native menus and dialogs. */
  browser: z.boolean(),
  /** False where the system says that nothing reads the window aloud. */
  screenReader: z.boolean(),
  homeDirectory: z.string(),
  temporaryDirectory: z.string(),
  /** Folder for settings.json, keybindings.json, snippets, backups and local history. */
  userFolder: z.string(),
  /** What stands in the place of settings.json in that folder, for this run. */
  settingsFile: absolutePath.optional(),
  version: z.string(),
  /** True until the wizard was finished or skipped. */
  firstRun: z.boolean(),
  recent: z.array(absolutePath),
  /** Milliseconds since 1970 when the process started; for measurements only. */
  processStarted: z.number(),
});
/** See {@link windowStart}. */
export type WindowStart = z.infer<typeof windowStart>;

/** Main acts on it for the user, in a folder of its own: a path that is relative would name something there. */
const placeOnDisk = absolutePath.regex(/^(?:[/\\]|[A-Za-z]:[/\\])/, "is not an absolute path");

/** What only the process that owns the window can do: Electron's main, or the host of the browser version. */
export const desktopContract = {
  start: oc.output(windowStart),
  chooseFolder: oc.output(absolutePath.nullable()),
  chooseFiles: oc
    .input(z.object({ title: z.string().optional(), extensions: z.array(z.string()).default([]), multiple: z.boolean().default(true) }))
    .output(z.array(absolutePath)),
  chooseSave: oc.input(z.object({ suggestion: z.string().optional() })).output(absolutePath.nullable()),
  openWindow: oc.input(z.object({ target: windowTarget.optional(), reuse: z.boolean().default(false) })).output(z.void()),
  closeWindow: oc.output(z.void()),
  /** Reloads this window. */
  reload: oc.output(z.void()),
  setTitle: oc.input(z.object({ title: z.string().max(2000), edited: z.boolean(), represented: z.string().optional() })).output(z.void()),
  toggleFullScreen: oc.output(z.void()),
  toggleDeveloperTools: oc.output(z.void()),
  recent: oc.output(z.array(absolutePath)),
  clearRecent: oc.output(z.void()),
  forgetRecent: oc.input(z.object({ path: absolutePath })).output(z.void()),
  reveal: oc.input(z.object({ path: placeOnDisk })).output(z.void()),
  trash: oc.input(z.object({ path: placeOnDisk })).output(z.void()),
  /** Opens http(s) and mailto addresses in the user's browser; asks first. */
  openExternal: oc.input(z.object({ url: z.string().max(10_000) })).output(z.boolean()),
  /** Writes the program `localcoder` where terminals look for programs; another one of that name only with `replace`. */
  installShellCommand: oc
    .input(z.object({ replace: z.boolean() }))
    .output(z.object({ state: z.enum(["written", "present", "differs"]), path: absolutePath, onPath: z.boolean() })),
  /** Shows a notification of the system, without a sound; selecting it brings the window to the front. */
  notify: oc.input(z.object({ title: z.string().max(200), text: z.string().max(1000) })).output(z.void()),
  finishFirstRun: oc.output(z.void()),
  /** Commands from the native menu, and files or folders handed over by a second instance or the system. */
  requests: oc.output(
    eventIterator(
      z.discriminatedUnion("type", [
        z.object({ type: z.literal("command"), command: z.string(), arguments: z.array(z.unknown()).default([]) }),
        z.object({ type: z.literal("open"), files: windowTarget.shape.files }),
        z.object({ type: z.literal("fullscreen"), on: z.boolean() }),
        /** The window wants to close; the page answers with `closeWindow` or does nothing. */
        z.object({ type: z.literal("close") }),
      ]),
    ),
  ),
};
