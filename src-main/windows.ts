import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { app, BrowserWindow, MessageChannelMain, type Rectangle, screen } from "electron";
import type { WindowTarget } from "#core/contracts/desktop";
import { serveRouter } from "#core/transport/serve";
import { portWire } from "#core/transport/wire";
import { splitPlace } from "./command-line.ts";
import { createDesktopRouter, openExternal } from "./desktop-service.ts";
import type { EngineHost } from "./engine-host.ts";
import { built, folders } from "./locations.ts";
import { openShellWindow, type ShellWindow } from "./shell-window.ts";
import { type SavedWindow, type StateFile, withRecent } from "./state.ts";

/** The windows of the application. */
export interface Windows {
  /** Opens a window, or brings the one to the front that shows the target's folder already. */
  open(target?: WindowTarget, options?: { readonly always?: boolean }): void;
  /** Opens what a command line, a second instance or the system names. */
  openPaths(paths: readonly string[], options?: { readonly newWindow?: boolean }): Promise<void>;
  /** Brings back the windows of the last time, or one empty window. */
  restore(): void;
  focused(): ShellWindow | undefined;
  /** Gives every page a connection to the engine that has just started. */
  connectEngine(): void;
  clearRecent(): void;
  count(): number;
}

interface Options {
  readonly state: StateFile;
  readonly engine: EngineHost;
  readonly sandbox: boolean;
  /** True from the moment the user asked to quit. */
  isQuitting(): boolean;
  /** The user wants to stay after all. */
  stay(): void;
  recentChanged(): void;
}

const defaultSize = { width: 1280, height: 800 };

/** Creates the collection of windows. */
export function createWindows({ state, engine, sandbox, isQuitting, stay, recentChanged }: Options): Windows {
  const windows = new Set<ShellWindow>();
  let lastFocused: ShellWindow | undefined;

  function save(): void {
    state.change({ windows: [...windows].map((window) => window.saved()) });
  }

  function remember(target: WindowTarget): void {
    const path = target.workspace;
    if (path === undefined) return;
    state.change({ recent: withRecent(state.current.recent, path) });
    app.addRecentDocument(path);
    recentChanged();
  }

  function clearRecent(): void {
    state.change({ recent: [] });
    app.clearRecentDocuments();
    recentChanged();
  }

  /** Snippets and the like, and models that were downloaded. */
  async function ownFolders(): Promise<string[]> {
    const settings = await engine
      .client()
      ?.settings.read({})
      .catch(() => undefined);
    const models = settings?.settings["localcoder.models.folder"] ?? "";
    return [folders.user, isAbsolute(models) ? models : folders.models];
  }

  /** Gives a window without a folder the lowest free number, so that what was left unsaved in the last such window comes back. */
  function numbered(target: WindowTarget): WindowTarget {
    if (target.workspace !== undefined) return target;
    const taken = new Set([...windows].map((window) => window.target.emptyWindow));
    let emptyWindow = target.emptyWindow ?? 1;
    while (taken.has(emptyWindow)) emptyWindow++;
    return { ...target, emptyWindow };
  }

  function create(target: WindowTarget, place: Pick<SavedWindow, "bounds" | "state">): ShellWindow {
    const window: ShellWindow = openShellWindow({
      preload: built.preload,
      icon: built.icon,
      sandbox,
      target: numbered(target),
      ...place,
      events: {
        onReady: () => connect(window),
        onMoved: save,
        onFocus: () => {
          lastFocused = window;
        },
        onKept: stay,
        onLink: (url) => void openExternal(window, url),
        onClosed: () => {
          // The last window, and all of them at quitting, stand again at the next start.
          if (!isQuitting() && windows.size > 1) {
            windows.delete(window);
            save();
          } else windows.delete(window);
          if (lastFocused === window) lastFocused = undefined;
        },
      },
    });
    windows.add(window);
    lastFocused ??= window;
    remember(target);
    save();
    return window;
  }

  function connect(window: ShellWindow): void {
    const { port1, port2 } = new MessageChannelMain();
    const router = createDesktopRouter({
      window,
      state,
      clearRecent,
      ownFolders,
      openWindow: (target) => open(target, { always: target === undefined }),
      showInstead(target) {
        window.target = numbered(target);
        remember(target);
        save();
        window.browser.webContents.reload();
      },
    });
    serveRouter(router, portWire(port1), { onUnexpected: (error) => console.error(error) });
    window.send("desktop", port2);
    const enginePort = engine.connect();
    if (enginePort) window.send("engine", enginePort);
  }

  function open(target: WindowTarget = { files: [] }, { always = false } = {}): void {
    const existing = always
      ? undefined
      : [...windows].find((window) => window.target.workspace === target.workspace && target.workspace !== undefined);
    if (existing) {
      existing.focus();
      if (target.files.length > 0) existing.request({ type: "open", files: target.files });
      return;
    }
    const saved = state.current.windows.find((window) => target.workspace !== undefined && window.workspace === target.workspace);
    create(target, saved && windows.size === 0 ? { ...saved, bounds: visible(saved.bounds) } : { bounds: nextBounds(), state: "normal" });
  }

  return {
    open,
    clearRecent,
    async openPaths(paths, { newWindow = false } = {}) {
      const { folders, files } = await sortPaths(paths);
      // Files named together with a folder belong into its window.
      for (const [index, workspace] of folders.entries()) open({ workspace, files: index === 0 ? files : [] }, { always: newWindow });
      if (folders.length > 0) return;
      const window = newWindow ? undefined : (lastFocused ?? [...windows][0]);
      if (!window) return open({ files });
      if (files.length > 0) window.request({ type: "open", files });
      window.focus();
    },
    restore() {
      const saved = state.current.windows;
      if (saved.length === 0) open();
      for (const { workspace, emptyWindow, bounds, state: shape } of saved) {
        const target = { ...(workspace !== undefined && { workspace }), ...(emptyWindow !== undefined && { emptyWindow }), files: [] };
        create(target, { bounds: visible(bounds), state: shape });
      }
    },
    focused: () => lastFocused,
    connectEngine() {
      for (const window of windows) {
        const port = engine.connect();
        if (port && !window.browser.webContents.isLoadingMainFrame()) window.send("engine", port);
      }
    },
    count: () => windows.size,
  };
}

/** Tells folders and workspace files from other files. What does not exist is opened as a file and the editor says so. */
async function sortPaths(paths: readonly string[]) {
  const folders: string[] = [];
  const files: WindowTarget["files"] = [];
  for (const text of paths) {
    const info = await stat(text).catch(() => undefined);
    if (info?.isDirectory() || (info && text.endsWith(".code-workspace"))) folders.push(text);
    else files.push(info ? { path: text } : splitPlace(text));
  }
  return { folders, files };
}

function nextBounds(): Rectangle {
  const area = screen.getPrimaryDisplay().workArea;
  const width = Math.min(defaultSize.width, area.width);
  const height = Math.min(defaultSize.height, area.height);
  const step = 24 * (BrowserWindow.getAllWindows().length % 8);
  return visible({
    x: Math.round(area.x + (area.width - width) / 2) + step,
    y: Math.round(area.y + (area.height - height) / 2) + step,
    width,
    height,
  });
}

/** Moves a window back onto a screen: the one it stood on may be gone. */
function visible(bounds: Rectangle): Rectangle {
  const { workArea } = screen.getDisplayMatching(bounds);
  const width = Math.min(bounds.width, workArea.width);
  const height = Math.min(bounds.height, workArea.height);
  return {
    width,
    height,
    x: Math.min(Math.max(bounds.x, workArea.x), workArea.x + workArea.width - width),
    y: Math.min(Math.max(bounds.y, workArea.y), workArea.y + workArea.height - height),
  };
}
