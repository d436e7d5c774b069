import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { implement } from "@orpc/server";
import { z } from "zod";
import { UserError } from "#core/base/errors";
import { desktopContract, type WindowStart, type WindowTarget } from "#core/contracts/desktop";
import { targetFromQuery } from "#core/desktop/address";
import type { DataFolders } from "#core/settings/folders";
import { version } from "#engine/version";

const saved = z.object({ recent: z.array(z.string()).default([]), firstRunFinished: z.boolean().default(false) });

/** What stays the same for all tabs of a server. */
export interface BrowserHost {
  /** The desktop contract for one tab, by the query of its address. */
  router(query: string): ReturnType<typeof createRouter>;
  /** Resolves when everything is on the disk. */
  settled(): Promise<void>;
}

/** The most folders kept in the recent list. */
const longestRecent = 30;

/** Does for tabs what Electron's main process does for windows, as far as a browser lets anybody do it. */
export function createBrowserHost(folders: DataFolders, settingsFile?: string): BrowserHost {
  const file = join(folders.data, "browser.json");
  let state = read(file);
  let writing = Promise.resolve();
  const change = (part: Partial<z.infer<typeof saved>>) => {
    state = { ...state, ...part };
    writing = writing.then(() => write(file, state)).catch((error) => console.error(`The recent folders could not be kept: ${error}`));
  };
  return {
    settled: () => writing,
    router(query) {
      const target = targetFromQuery(query);
      const { workspace } = target;
      if (workspace !== undefined) {
        change({ recent: [workspace, ...state.recent.filter((other) => other !== workspace)].slice(0, longestRecent) });
      }
      return createRouter({ ...folders, settingsFile }, target, () => state, change);
    },
  };
}

function createRouter(
  folders: DataFolders & { readonly settingsFile: string | undefined },
  target: WindowTarget,
  state: () => z.infer<typeof saved>,
  change: (part: Partial<z.infer<typeof saved>>) => void,
) {
  const contract = implement(desktopContract);
  /** The page does this by itself, with what every browser has. */
  const byThePage = () => {
    throw new UserError("UNSUPPORTED", "In the browser this is done by the page itself.", "Use the menu of the page.");
  };
  return contract.router({
    start: contract.start.handler(
      (): WindowStart => ({
        target,
        platform: process.platform === "darwin" || process.platform === "win32" ? process.platform : "linux",
        browser: true,
        // A page is not told.
        screenReader: true,
        homeDirectory: homedir(),
        temporaryDirectory: tmpdir(),
        userFolder: folders.user,
        settingsFile: folders.settingsFile,
        version,
        firstRun: !state().firstRunFinished,
        recent: state().recent,
        processStarted: performance.timeOrigin,
      }),
    ),
    chooseFolder: contract.chooseFolder.handler(byThePage),
    chooseFiles: contract.chooseFiles.handler(byThePage),
    chooseSave: contract.chooseSave.handler(byThePage),
    openWindow: contract.openWindow.handler(byThePage),
    closeWindow: contract.closeWindow.handler(byThePage),
    reload: contract.reload.handler(byThePage),
    // The page sets the title of its tab.
    setTitle: contract.setTitle.handler(() => {}),
    toggleFullScreen: contract.toggleFullScreen.handler(byThePage),
    toggleDeveloperTools: contract.toggleDeveloperTools.handler(byThePage),
    recent: contract.recent.handler(() => state().recent),
    clearRecent: contract.clearRecent.handler(() => change({ recent: [] })),
    forgetRecent: contract.forgetRecent.handler(({ input }) => change({ recent: state().recent.filter((path) => path !== input.path) })),
    reveal: contract.reveal.handler(byThePage),
    trash: contract.trash.handler(() => {
      throw new UserError("UNSUPPORTED", "The browser version has no trash.", "Delete it for good, or use the desktop version.");
    }),
    openExternal: contract.openExternal.handler(byThePage),
    installShellCommand: contract.installShellCommand.handler(() => {
      throw new UserError(
        "UNSUPPORTED",
        "A page cannot put a command on the machine that serves it.",
        "Use the command of the same name in the desktop version.",
      );
    }),
    notify: contract.notify.handler(byThePage),
    finishFirstRun: contract.finishFirstRun.handler(() => change({ firstRunFinished: true })),
    requests: contract.requests.handler(async function* ({ signal }) {
      // Nobody asks anything of a tab from outside; the stream only has to last as long as the tab.
      await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
    }),
  });
}

function read(file: string): z.infer<typeof saved> {
  try {
    return saved.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // Missing or damaged counts as a first start: nothing in it cannot be done again.
    return saved.parse({});
  }
}

async function write(file: string, state: z.infer<typeof saved>): Promise<void> {
  const temporary = `${file}.new`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(temporary, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, file);
}
