import { accessSync, constants, lstatSync, mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { app, type BrowserWindow, dialog, type MessageBoxOptions, powerMonitor, session } from "electron";
import type { NetworkAttempt } from "#core/contracts/network";
import { helpText, parseCommandLine } from "./command-line.ts";
import { missingDisplay } from "./display.ts";
import { createEngineHost } from "./engine-host.ts";
import { built, folders, ownCommandLine } from "./locations.ts";
import { installMenu } from "./menu.ts";
import { guardSession, guardSockets, silenceChromium } from "./network-gate.ts";
import { declareScheme, serveWindow } from "./protocol.ts";
import { openState } from "./state.ts";
import { isCommandLine, runInTerminal } from "./terminal.ts";
import { createWindows, type Windows } from "./windows.ts";

if (isCommandLine()) runInTerminal();
else runDesktop();

function runDesktop(): void {
  // Electron's own answer to an error that nobody caught is a box with a stack trace.
  process.on("uncaughtException", (error) => console.error(`LocalCoder: ${error.message}`));
  process.on("unhandledRejection", (reason) => console.error(`LocalCoder: ${reason instanceof Error ? reason.message : reason}`));
  const command = parseCommandLine(ownArguments(), process.cwd());
  if (command.kind === "open") {
    Object.assign(process.env, command.variables);
    start(command.paths, command.newWindow);
  } else if (command.kind === "wrong") {
    process.stderr.write(`localcoder-desktop: ${command.message} See --help.\n`);
    app.exit(2);
  } else {
    process.stdout.write(command.kind === "help" ? helpText : `${app.getVersion()}\n`);
    app.exit(0);
  }
}

function start(paths: readonly string[], newWindow: boolean): void {
  const sandbox = decideSandbox();
  if (sandbox === "refused") {
    app.exit(2);
    return;
  }
  const noDisplay = app.commandLine.hasSwitch("ozone-platform") ? undefined : missingDisplay(process.platform, process.env);
  if (noDisplay !== undefined) {
    process.stderr.write(`localcoder-desktop: ${noDisplay}\n`);
    app.exit(1);
    return;
  }
  if (!createDataFolder()) {
    app.exit(1);
    return;
  }
  app.setName("LocalCoder");
  app.setAppUserModelId("dev.localcoder.desktop");
  // One instance per data folder: Chromium's own data, and with it the lock, lie inside.
  app.setPath("userData", join(folders.data, "window"));
  app.setPath("crashDumps", join(folders.cache, "crashes"));
  if (!app.requestSingleInstanceLock({ paths, newWindow, version: app.getVersion() })) {
    app.exit(0);
    return;
  }

  const waiting: NetworkAttempt[] = [];
  let deliver = (attempt: NetworkAttempt) => void waiting.push(attempt);
  const report = (attempt: NetworkAttempt) => deliver(attempt);
  silenceChromium();
  guardSockets(report);
  declareScheme();
  if (sandbox === "on") app.enableSandbox();

  let quitting = false;
  let windows: Windows | undefined;
  app.on("before-quit", () => {
    quitting = true;
  });
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin" || quitting) app.quit();
  });
  // What comes before there are windows waits for them.
  const early: string[] = [];
  app.on("open-file", (event, path) => {
    event.preventDefault();
    if (windows) void windows.openPaths([path]);
    else early.push(path);
  });
  app.on("second-instance", (_event, _arguments, _directory, data) => {
    const { paths, newWindow, version } = data as { paths: string[]; newWindow: boolean; version: string };
    if (version !== app.getVersion()) void sayOtherVersion(version, windows?.focused()?.browser);
    if (windows) void windows.openPaths(paths, { newWindow });
    else early.push(...paths);
  });
  app.on("session-created", (created) => guardSession(created, report));

  void app.whenReady().then(async () => {
    app.setAboutPanelOptions({ applicationName: "LocalCoder", applicationVersion: app.getVersion(), copyright: "Apache License 2.0" });
    const state = openState(join(folders.data, "desktop.json"));
    const engine = createEngineHost(ownCommandLine());
    serveWindow(session.defaultSession, built.renderer);
    // What is refused while the engine is being started again waits for it.
    deliver = (attempt) => {
      const told = engine.client()?.network.report(attempt) ?? Promise.reject(new Error("There is no engine."));
      told.catch(() => waiting.push(attempt));
    };
    const deliverWaiting = () => {
      for (const attempt of waiting.splice(0)) report(attempt);
    };
    deliverWaiting();

    const all = createWindows({
      state,
      engine,
      sandbox: sandbox === "on",
      isQuitting: () => quitting,
      stay: () => {
        quitting = false;
      },
      recentChanged: updateMenu,
    });
    windows = all;
    function updateMenu(): void {
      installMenu({
        run: (id) => windows?.focused()?.request({ type: "command", command: id, arguments: [] }),
        openWindow: () => windows?.open(),
        recent: state.current.recent,
        openRecent: (path) => void windows?.openPaths([path]),
        clearRecent: () => windows?.clearRecent(),
      });
    }
    updateMenu();
    // A graphics driver does not always give back after a sleep what it had before, and memory kept for nobody costs battery.
    powerMonitor.on(
      "suspend",
      () =>
        void engine
          .client()
          ?.models.unload(undefined)
          .catch(() => {}),
    );
    engine.onStarted(() => {
      all.connectEngine();
      deliverWaiting();
      const text = "The engine had stopped and was started again.";
      engine
        .client()
        ?.logs.note({ level: "warn", process: "main", text })
        .catch(() => {});
    });
    app.on("activate", () => {
      if (all.count() === 0) all.restore();
    });
    let ended = false;
    app.on("will-quit", (event) => {
      if (ended) return;
      event.preventDefault();
      void Promise.all([engine.stop(), state.settled()]).finally(() => {
        ended = true;
        app.quit();
      });
    });

    const named = [...paths, ...early];
    if (named.length > 0 || newWindow) await all.openPaths(named, { newWindow });
    else all.restore();
  });
}

/** Another version was started on the folder of this one, and its user would wonder why the old one comes to the front. */
async function sayOtherVersion(other: string, window: BrowserWindow | undefined): Promise<void> {
  const question: MessageBoxOptions = {
    type: "info",
    message: `LocalCoder ${other} was started, and this is LocalCoder ${app.getVersion()}.`,
    detail: "Both keep their data in the same folder, so only one of them can run. Quit this one, and start the other again to use it.",
    buttons: ["Stay", "Quit"],
    defaultId: 0,
    cancelId: 0,
  };
  const { response } = await (window ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question));
  if (response === 1) app.quit();
}

/** The arguments after the program; in a source checkout the first that is no switch names the checkout. */
function ownArguments(): readonly string[] {
  const all = process.argv.slice(1);
  const checkout = process.defaultApp ? all.findIndex((argument) => !argument.startsWith("-")) : -1;
  return all.filter((_argument, index) => index !== checkout);
}

/** Creates the folder everything else lies in; says so where that cannot be, because no window could. */
function createDataFolder(): boolean {
  try {
    mkdirSync(folders.data, { recursive: true, mode: 0o700 });
    accessSync(folders.data, constants.W_OK);
  } catch {
    return refuse(`The folder ${folders.data} cannot be created or written to. Make room or change its permissions, or`);
  }
  // The engine would refuse it as well, but only the log would say why.
  if (process.platform !== "win32" && lstatSync(folders.data).uid !== userInfo().uid)
    return refuse(`The data folder ${folders.data} belongs to another user. Please`);
  return true;
}

function refuse(reason: string): false {
  dialog.showErrorBox("LocalCoder cannot start", `${reason} set LOCALCODER_HOME to a folder of your own.`);
  return false;
}

/** The window's sandbox is off only where Chromium cannot have one: for root on Linux. Everywhere else asking for that is refused. */
function decideSandbox(): "on" | "off" | "refused" {
  if (!app.commandLine.hasSwitch("no-sandbox")) return "on";
  if (process.platform === "linux" && process.getuid?.() === 0) {
    process.stderr.write(
      "The sandbox of the window is off, because Chromium has none for root. Start LocalCoder as an ordinary user to have it.\n",
    );
    return "off";
  }
  process.stderr.write("LocalCoder does not run without the sandbox of its window. Leave --no-sandbox out.\n");
  return "refused";
}
