import "./workbench/zod.ts";
import "./workbench/extensions.ts";
import { getService, ILifecycleService, INotificationService, initialize } from "@codingame/monaco-vscode-api";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { LogLevel } from "@codingame/monaco-vscode-api/vscode/vs/platform/log/common/log";
import { LifecyclePhase } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/lifecycle/common/lifecycle";
import { describeError } from "#core/base/errors";
import type { WindowStart } from "#core/contracts/desktop";
import type { Connection, Engine } from "./connection.ts";
import { type Pages, registerPages } from "./pages/pages.ts";
import { removeSkeleton } from "./skeleton.ts";
import { declareAbilities } from "./workbench/context-keys.ts";
import { createDefaults } from "./workbench/defaults.ts";
import { acceptDrops } from "./workbench/drop.ts";
import { openExternally, trustedDomains } from "./workbench/external.ts";
import { hideCommands } from "./workbench/hidden-commands.ts";
import { hideSettings } from "./workbench/hidden-settings.ts";
import { tellOpenErrors } from "./workbench/open-errors.ts";
import { declareReleased } from "./workbench/released.ts";
import { answerRequests, openFiles } from "./workbench/requests.ts";
import { createRoots } from "./workbench/roots.ts";
import { tellSaveErrors } from "./workbench/save-errors.ts";
import { registerSearch } from "./workbench/search.ts";
import { createServices, type SideOrigins } from "./workbench/services.ts";
import { registerSourceControlColors } from "./workbench/source-control-colors.ts";
import { keepStateFresh } from "./workbench/state.ts";
import { followTheme } from "./workbench/theme-memory.ts";
import { followTitle } from "./workbench/title.ts";
import { followTrust } from "./workbench/trust.ts";
import { serveTypeScript } from "./workbench/typescript.ts";
import { registerFileSystems } from "./workbench/user-data.ts";
import { registerWelcome, showWelcomeAtStart } from "./workbench/welcome.ts";
import { followZoom, registerWindowCommands } from "./workbench/window-commands.ts";
import { createWorkspaceProvider } from "./workbench/windows.ts";
import { provideWorkers } from "./workbench/workers.ts";

/** Starts the window: connects, assembles the workbench, and hands it to our features. */
export async function boot(connecting: Promise<Connection>): Promise<void> {
  const connection = await connecting;
  const { engine, start } = connection;
  performance.mark("localcoder:connected");

  const roots = createRoots(connection, start.target.workspace);
  await Promise.all([roots.ready(), expectEngine(engine)]);
  performance.mark("localcoder:folder-open");

  const origins: SideOrigins = start.browser
    ? { webview: undefined, extensionHost: undefined }
    : { webview: "app://webview", extensionHost: "app://exthost" };
  provideWorkers(origins.extensionHost);
  registerFileSystems(connection, roots);
  serveTypeScript(connection);
  registerWelcome(connection);
  const pages = registerPages();
  registerWindowCommands(connection);
  hideSettings();
  registerSourceControlColors();
  declareReleased();
  tellOpenErrors();

  const container = document.getElementById("workbench");
  if (!container) throw new Error("The page has no place for the workbench.");
  await initialize(
    createServices(connection, origins),
    container,
    {
      workspaceProvider: createWorkspaceProvider(connection),
      enableWorkspaceTrust: true,
      configurationDefaults: createDefaults(start),
      developmentOptions: { logLevel: LogLevel.Warning },
      // Of commit and date the workbench knows only its own.
      productConfiguration: {
        version: start.version,
        commit: undefined,
        date: undefined,
        linkProtectionTrustedDomains: trustedDomains(start.browser),
      },
      enabledExtensions: ["localcoder.localcoder"],
    },
    { userHome: URI.file(start.homeDirectory) },
  );
  performance.mark("localcoder:initialized");
  removeSkeleton();

  hideCommands();
  acceptDrops(connection);
  await Promise.all([
    declareAbilities(),
    registerSearch(engine),
    openExternally(connection),
    followTheme(),
    followTrust(connection),
    followZoom(),
    keepStateFresh(),
    tellSaveErrors(),
  ]);
  await Promise.all([restore(start), addFeatures(connection, pages)]);
  performance.mark("localcoder:ready");
  await Promise.all([followTitle(connection), answerRequests(connection)]);
}

/** Throws why there is no engine, where waiting would bring none: another version runs, or the data folder cannot be used. */
async function expectEngine(engine: Engine): Promise<void> {
  try {
    await engine.settings.read({});
  } catch (error) {
    const { code } = describeError(error);
    if (code === "UNSUPPORTED" || code === "ENGINE_BUSY" || code === "DATA_FOLDER_UNUSABLE") throw error;
  }
}

/** Adds what is ours. Without it the editor still edits, so a failure is told and the window stays. */
async function addFeatures(connection: Connection, pages: Pages): Promise<void> {
  try {
    const { registerFeatures } = await import("./extension/index.ts");
    await registerFeatures(connection, pages);
  } catch (error) {
    console.error(error);
    (await getService(INotificationService)).error(`Suggestions and actions could not be started: ${describeError(error).message}`);
  }
}

/** Waits until the tabs of the last time are back, and adds what this start is to show. */
async function restore(start: WindowStart): Promise<void> {
  await (await getService(ILifecycleService)).when(LifecyclePhase.Restored);
  await openFiles(start.target.files);
  // A new user is shown how to set up instead.
  if (!start.firstRun) await showWelcomeAtStart();
  // Measured by the benchmarks: from here on keys arrive in an editor.
  performance.mark("localcoder:typed-ready");
}
