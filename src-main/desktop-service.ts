import { tmpdir } from "node:os";
import { join } from "node:path";
import { implement } from "@orpc/server";
import { app, dialog, Notification, shell } from "electron";
import { desktopContract, type WindowStart, type WindowTarget } from "#core/contracts/desktop";
import { folders, ownCommandLine } from "./locations.ts";
import { installShellCommand } from "./shell-command.ts";
import type { ShellWindow } from "./shell-window.ts";
import type { StateFile } from "./state.ts";
import { foldersOf, trashable } from "./trash.ts";

/** What the service of one window needs of the application. */
export interface DesktopServiceOptions {
  readonly window: ShellWindow;
  readonly state: StateFile;
  openWindow(target: WindowTarget | undefined): void;
  /** Shows another target in this window. */
  showInstead(target: WindowTarget): void;
  clearRecent(): void;
  /** Folders of the program's own whose files a page may put into the trash. */
  ownFolders(): Promise<readonly string[]>;
}

/** The desktop contract for one window. */
export function createDesktopRouter({ window, state, openWindow, showInstead, clearRecent, ownFolders }: DesktopServiceOptions) {
  const contract = implement(desktopContract);
  const { browser } = window;
  return contract.router({
    start: contract.start.handler(
      (): WindowStart => ({
        target: window.target,
        platform: process.platform === "darwin" || process.platform === "win32" ? process.platform : "linux",
        browser: false,
        screenReader: app.accessibilitySupportEnabled,
        homeDirectory: app.getPath("home"),
        temporaryDirectory: tmpdir(),
        userFolder: folders.user,
        ...(process.env.LOCALCODER_SETTINGS_FILE && { settingsFile: process.env.LOCALCODER_SETTINGS_FILE }),
        version: app.getVersion(),
        firstRun: !state.current.firstRunFinished,
        recent: state.current.recent,
        processStarted: process.getCreationTime() ?? performance.timeOrigin,
      }),
    ),
    chooseFolder: contract.chooseFolder.handler(async () => {
      const { filePaths } = await dialog.showOpenDialog(browser, { properties: ["openDirectory", "createDirectory"] });
      return filePaths[0] ?? null;
    }),
    chooseFiles: contract.chooseFiles.handler(async ({ input }) => {
      const { filePaths } = await dialog.showOpenDialog(browser, {
        ...(input.title !== undefined && { title: input.title }),
        properties: ["openFile", ...(input.multiple ? (["multiSelections"] as const) : [])],
        filters:
          input.extensions.length > 0
            ? [{ name: input.extensions.map((extension) => `*.${extension}`).join(", "), extensions: input.extensions }]
            : [],
      });
      return filePaths;
    }),
    chooseSave: contract.chooseSave.handler(async ({ input }) => {
      const { filePath } = await dialog.showSaveDialog(browser, input.suggestion === undefined ? {} : { defaultPath: input.suggestion });
      return filePath || null;
    }),
    openWindow: contract.openWindow.handler(({ input }) => {
      if (input.reuse && input.target) showInstead(input.target);
      else openWindow(input.target);
    }),
    closeWindow: contract.closeWindow.handler(() => {
      // After the answer has left: with the window the port goes as well.
      setImmediate(window.close);
    }),
    reload: contract.reload.handler(() => {
      setImmediate(() => browser.webContents.reload());
    }),
    setTitle: contract.setTitle.handler(({ input }) => {
      browser.setTitle(input.title);
      browser.setDocumentEdited(input.edited);
      browser.setRepresentedFilename(input.represented ?? "");
    }),
    toggleFullScreen: contract.toggleFullScreen.handler(() => browser.setFullScreen(!browser.isFullScreen())),
    toggleDeveloperTools: contract.toggleDeveloperTools.handler(() => browser.webContents.toggleDevTools()),
    recent: contract.recent.handler(() => state.current.recent),
    clearRecent: contract.clearRecent.handler(clearRecent),
    forgetRecent: contract.forgetRecent.handler(({ input }) =>
      state.change({ recent: state.current.recent.filter((path) => path !== input.path) }),
    ),
    reveal: contract.reveal.handler(({ input }) => shell.showItemInFolder(input.path)),
    trash: contract.trash.handler(async ({ input }) => {
      const allowed = [...(await foldersOf(window.target.workspace)), ...(await ownFolders())];
      await shell.trashItem(await trashable(input.path, allowed));
    }),
    openExternal: contract.openExternal.handler(({ input }) => openExternal(window, input.url)),
    installShellCommand: contract.installShellCommand.handler(({ input }) =>
      installShellCommand(
        {
          platform: process.platform,
          home: app.getPath("home"),
          env: process.env,
          packaged: app.isPackaged,
          commandLine: installedCommandLine(),
        },
        input.replace,
      ),
    ),
    notify: contract.notify.handler(({ input }) => {
      const notification = new Notification({ title: input.title, body: input.text, silent: true });
      notification.on("click", () => window.focus());
      notification.show();
    }),
    finishFirstRun: contract.finishFirstRun.handler(() => state.change({ firstRunFinished: true })),
    requests: contract.requests.handler(({ signal }) => window.requests(signal)),
  });
}

/** What the command in the PATH runs; in a checkout it builds first what has changed. */
function installedCommandLine(): [program: string, ...parameters: string[]] {
  return app.isPackaged ? ownCommandLine() : [ownCommandLine()[0], join(app.getAppPath(), "tools", "localcoder.mjs")];
}

/** Opens an address in the user's browser after asking; other kinds of addresses could start programs and are refused. */
export async function openExternal({ browser }: ShellWindow, address: string): Promise<boolean> {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (!["http:", "https:", "mailto:"].includes(url.protocol)) return false;
  const isMail = url.protocol === "mailto:";
  const { response } = await dialog.showMessageBox(browser, {
    type: "question",
    message: isMail ? "Write a mail to this address?" : "Open this address in your browser?",
    detail: address.length > 500 ? `${address.slice(0, 500)}…` : address,
    buttons: ["Open", "Cancel"],
    defaultId: 0,
    cancelId: 1,
  });
  if (response !== 0) return false;
  await shell.openExternal(url.href);
  return true;
}
