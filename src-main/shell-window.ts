import type { InferContractRouterOutputs } from "@orpc/contract";
import { BrowserWindow, dialog, type MessagePortMain, nativeTheme, type Rectangle } from "electron";
import { createEmitter } from "#core/base/emitter";
import type { desktopContract, WindowTarget } from "#core/contracts/desktop";
import { windowAddress } from "./protocol.ts";
import type { SavedWindow } from "./state.ts";

/** What main asks of a page. */
export type WindowRequest =
  InferContractRouterOutputs<typeof desktopContract>["requests"] extends AsyncIterable<infer Request> ? Request : never;

/** One window of the workbench. */
export interface ShellWindow {
  readonly browser: BrowserWindow;
  target: WindowTarget;
  /** Sends a request to the page, or keeps it until the page listens. */
  request(request: WindowRequest): void;
  /** The requests for the page, until the signal aborts. */
  requests(signal: AbortSignal | undefined): AsyncGenerator<WindowRequest, void, void>;
  /** Gives the page a port; preload passes it on. */
  send(name: "engine" | "desktop", port: MessagePortMain): void;
  /** Closes for good, without asking the page. */
  close(): void;
  focus(): void;
  saved(): SavedWindow;
}

/** What a window tells the application. */
export interface ShellWindowEvents {
  /** The page has loaded and waits for its ports. */
  onReady(): void;
  onClosed(): void;
  /** Place, size or state changed. */
  onMoved(): void;
  onFocus(): void;
  /** The page kept the window open although it was asked to close. */
  onKept(): void;
  /** A link that leads out of the window. */
  onLink(url: string): void;
}

interface Options {
  readonly preload: string;
  readonly icon: string;
  readonly sandbox: boolean;
  readonly target: WindowTarget;
  readonly bounds: Rectangle;
  readonly state: SavedWindow["state"];
  readonly events: ShellWindowEvents;
}

/** How long a page may take, in milliseconds, before it counts as hung when its window is to close. */
const patienceAtClose = 5_000;
const titleBarHeight = 35;

/** Opens a window and loads the workbench in it. */
export function openShellWindow({ preload, icon, sandbox, target, bounds, state, events }: Options): ShellWindow {
  const browser = new BrowserWindow({
    ...bounds,
    minWidth: 400,
    minHeight: 270,
    show: false,
    title: "LocalCoder",
    backgroundColor: nativeTheme.shouldUseDarkColors ? "#181818" : "#f8f8f8",
    fullscreen: state === "fullscreen",
    // The workbench draws its own title bar; the system draws only its buttons over it.
    titleBarStyle: "hidden",
    ...(process.platform === "darwin"
      ? { trafficLightPosition: { x: 10, y: 10 }, titleBarOverlay: { height: titleBarHeight } }
      : {
          titleBarOverlay: { ...overlayColors(nativeTheme.shouldUseDarkColors ? "#181818" : "#f8f8f8"), height: titleBarHeight - 1 },
          icon,
        }),
    webPreferences: {
      preload,
      sandbox,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      backgroundThrottling: false,
      v8CacheOptions: "bypassHeatCheck",
    },
  });
  const contents = browser.webContents;
  // Calls between browsers begin with datagrams to whoever a page names, past everything that guards its requests.
  contents.setWebRTCIPHandlingPolicy("disable_non_proxied_udp");
  const emitter = createEmitter<WindowRequest>();
  const listeners = new Set<symbol>();
  let waiting: WindowRequest[] = [];
  /** What the page that asked last for ports calls itself. */
  let page = "";
  let closing = false;
  let asking = false;

  const request = (wish: WindowRequest) => {
    if (listeners.size > 0) emitter.emit(wish);
    else waiting.push(wish);
  };

  browser.once("ready-to-show", () => {
    if (state === "maximized") browser.maximize();
    browser.show();
  });
  for (const name of ["resized", "moved", "maximize", "unmaximize"] as const) browser.on(name as "moved", events.onMoved);
  browser.on("resize", events.onMoved);
  browser.on("move", events.onMoved);
  browser.on("focus", events.onFocus);
  browser.on("enter-full-screen", () => request({ type: "fullscreen", on: true }));
  browser.on("leave-full-screen", () => request({ type: "fullscreen", on: false }));
  browser.on("closed", events.onClosed);
  browser.on("close", (event) => {
    if (closing || listeners.size === 0) return;
    event.preventDefault();
    request({ type: "close" });
    setTimeout(async () => {
      if (browser.isDestroyed()) return;
      if (await isAnswering(browser)) events.onKept();
      else browser.destroy();
    }, patienceAtClose);
  });

  // The page decides with `closeWindow`; a handler of the page's own must not keep a window that it gave up.
  contents.on("will-prevent-unload", (event) => event.preventDefault());
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.on("will-navigate", (event) => {
    if (event.url !== windowAddress) event.preventDefault();
  });
  contents.on("will-frame-navigate", (event) => {
    if (!/^(app|blob|about):/.test(event.url)) event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    events.onLink(url);
    return { action: "deny" };
  });
  contents.on("render-process-gone", async (_event, { reason }) => {
    if (closing || asking || reason === "clean-exit" || browser.isDestroyed()) return;
    listeners.clear();
    asking = true;
    const { response } = await dialog.showMessageBox(browser, {
      type: "error",
      message: "The window has stopped working.",
      detail: `Unsaved text was kept and comes back. (${reason})`,
      buttons: ["Reload", "Close"],
      defaultId: 0,
      cancelId: 1,
    });
    asking = false;
    if (browser.isDestroyed()) return;
    if (response === 0) contents.reload();
    else browser.destroy();
  });
  contents.ipc.on("localcoder:ready", (event, id: unknown) => {
    // Ports are for the page itself: not for a frame in it, and not for another page that came into its place.
    if (typeof id !== "string" || event.senderFrame !== contents.mainFrame || !event.senderFrame.url.startsWith("app://localcoder/"))
      return;
    page = id;
    events.onReady();
  });
  // The workbench states the colour of its title bar in the page, and says so again when the theme changes.
  contents.on("did-change-theme-color", (_event, color) => {
    if (color && process.platform !== "darwin") browser.setTitleBarOverlay(overlayColors(color));
  });
  void browser.loadURL(windowAddress);

  return {
    browser,
    target,
    request,
    async *requests(signal) {
      const stream = emitter.stream(signal);
      const listener = Symbol();
      listeners.add(listener);
      const early = waiting;
      waiting = [];
      try {
        yield* early;
        yield* stream;
      } finally {
        listeners.delete(listener);
      }
    },
    send: (name, port) => contents.postMessage("localcoder:port", { name, page }, [port]),
    close() {
      closing = true;
      browser.destroy();
    },
    focus() {
      if (browser.isMinimized()) browser.restore();
      browser.focus();
    },
    saved() {
      return {
        ...(this.target.workspace !== undefined && { workspace: this.target.workspace }),
        ...(this.target.emptyWindow !== undefined && { emptyWindow: this.target.emptyWindow }),
        bounds: browser.getNormalBounds(),
        state: browser.isFullScreen() ? "fullscreen" : browser.isMaximized() ? "maximized" : "normal",
      };
    },
  };
}

/** The colours of the system's buttons over the title bar: its own as ground, and what can be read on it. */
function overlayColors(ground: string): { color: string; symbolColor: string } {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(ground.slice(at, at + 2), 16));
  const bright = 0.299 * red + 0.587 * green + 0.114 * blue > 140;
  return { color: ground, symbolColor: bright ? "#1f1f1f" : "#cccccc" };
}

async function isAnswering(browser: BrowserWindow): Promise<boolean> {
  const answer = browser.webContents.executeJavaScript("true").catch(() => false);
  return Promise.race([answer, new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1000))]);
}
