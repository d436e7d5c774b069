import { ExtensionHostKind, registerExtension } from "@codingame/monaco-vscode-api/extensions";
import { assistActions } from "#core/assist/index";
import { disposableStack } from "#core/base/disposable";
import type { Connection } from "../connection.ts";
import { registerHistoryView } from "../pages/history-view.ts";
import { createModelActions } from "../pages/model-actions.ts";
import { registerModelsPage } from "../pages/models-page.ts";
import { registerModelsView } from "../pages/models-view.ts";
import { registerNetworkPage } from "../pages/network-page.ts";
import "../pages/pages.css";
import { registerRequestsPage } from "../pages/requests-page.ts";
import { registerStatisticsPage } from "../pages/statistics-page.ts";
import { registerTranscriptPage } from "../pages/transcript-page.ts";
import { registerWizard } from "../pages/wizard-page.ts";
import { registerActions } from "./assist/actions.ts";
import type { Features } from "./features.ts";
import { followEngineNews } from "./ghost-text/news.ts";
import { observeEditing } from "./ghost-text/observations.ts";
import { registerGhostText } from "./ghost-text/provider.ts";
import { createGhostTextSwitch } from "./ghost-text/switch.ts";
import { watchHistoryNotices } from "./history-notices.ts";
import { manifest } from "./manifest.ts";
import { watchSettingsProblems } from "./settings-problems.ts";
import { registerMenu } from "./status/menu.ts";
import { createModelStatus } from "./status/model-status.ts";
import { registerStatusBar } from "./status/status-bar.ts";
import { showMissingModel } from "./status/welcome-notice.ts";

/** Registers everything of ours that the user sees in the window. Called once, when the workbench is initialized. */
export async function registerFeatures(connection: Connection): Promise<void> {
  const { getApi } = registerExtension(manifest(assistActions, connection.start.version), ExtensionHostKind.LocalProcess, { system: true });
  const opened = disposableStack();
  window.addEventListener("pagehide", () => opened.dispose());
  const features: Features = { ...connection, vscode: await getApi(), own: (item) => opened.add(item) };

  const status = createModelStatus(features);
  const ghostSwitch = createGhostTextSwitch(features);
  const engineNews = followEngineNews(features);
  const ghostText = registerGhostText(features, ghostSwitch, engineNews);
  observeEditing(features);
  registerStatusBar(features, status, ghostSwitch, ghostText, engineNews);
  registerMenu(features, status, ghostSwitch, engineNews);
  registerActions(features, status);

  watchSettingsProblems(features);
  watchHistoryNotices(features);

  const modelActions = createModelActions(features, status);
  registerHistoryView(features);
  registerTranscriptPage(features);
  registerModelsView(features, status);
  const openModels = registerModelsPage(features, status, modelActions);
  const openNetwork = registerNetworkPage(features);
  const openRequests = registerRequestsPage(features, engineNews);
  const openStatistics = registerStatisticsPage(features);
  const openWizard = registerWizard(features, status, modelActions);
  for (const [command, open] of [
    ["localcoder.models", openModels],
    ["localcoder.models.open", openModels],
    ["localcoder.network", openNetwork],
    ["localcoder.ghostText.requests", openRequests],
    ["localcoder.ghostText.statistics", openStatistics],
    ["localcoder.setUp", openWizard],
  ] as const) {
    features.own(features.vscode.commands.registerCommand(command, () => open()));
  }
  showMissingModel(features, status, openWizard);
  if (connection.start.firstRun) void openWizard();
}
