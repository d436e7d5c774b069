import { ExtensionHostKind, registerExtension } from "@codingame/monaco-vscode-api/extensions";
import { assistActions } from "#core/assist/index";
import { disposableStack } from "#core/base/disposable";
import type { Connection } from "../connection.ts";
import { registerHistoryView } from "../pages/history-view.ts";
import { createModelActions } from "../pages/model-actions.ts";
import { fillModelsPage } from "../pages/models-page.ts";
import { registerModelsView } from "../pages/models-view.ts";
import { fillNetworkPage } from "../pages/network-page.ts";
import "../pages/pages.css";
import "../pages/models-page.css";
import type { Pages } from "../pages/pages.ts";
import { fillRequestsPage } from "../pages/requests-page.ts";
import { fillSeenPage } from "../pages/seen-page.ts";
import { fillStatisticsPage } from "../pages/statistics-page.ts";
import { fillTranscriptPage } from "../pages/transcript-page.ts";
import { fillWizard } from "../pages/wizard-page.ts";
import { registerActions } from "./assist/actions.ts";
import { followWaitingRequests } from "./assist/waiting-requests.ts";
import { registerChat } from "./chat/chat.ts";
import type { Features } from "./features.ts";
import { followEngineNews } from "./ghost-text/news.ts";
import { observeEditing } from "./ghost-text/observations.ts";
import { registerGhostText } from "./ghost-text/provider.ts";
import { createGhostTextSwitch } from "./ghost-text/switch.ts";
import { registerGit } from "./git/git.ts";
import { watchHistoryNotices } from "./history-notices.ts";
import { registerImport } from "./import-models.ts";
import { registerLicences } from "./licences.ts";
import { registerLogs } from "./logs.ts";
import { manifest } from "./manifest.ts";
import { askAboutHosts } from "./network-questions.ts";
import { notifyOfEnds } from "./notifications.ts";
import { followProject } from "./project.ts";
import { reportRefusedRequests } from "./refused-requests.ts";
import { registerHubToken, registerServers } from "./servers.ts";
import { watchSettingsProblems } from "./settings-problems.ts";
import { registerShellCommand } from "./shell-command.ts";
import { registerMenu } from "./status/menu.ts";
import { createModelStatus } from "./status/model-status.ts";
import { offerSmallerModels } from "./status/slow-models.ts";
import { registerStatusBar } from "./status/status-bar.ts";
import { showMissingModel } from "./status/welcome-notice.ts";
import { registerUpdates } from "./updates.ts";

/** Registers everything of ours that the user sees in the window. Called once, when the workbench is initialized. */
export async function registerFeatures(connection: Connection, pages: Pages): Promise<void> {
  const { getApi } = registerExtension(manifest(assistActions, connection.start.version), ExtensionHostKind.LocalProcess, { system: true });
  const opened = disposableStack();
  window.addEventListener("pagehide", () => opened.dispose());
  const features: Features = { ...connection, vscode: await getApi(), own: (item) => opened.add(item) };

  const status = createModelStatus(features);
  const ghostSwitch = createGhostTextSwitch(features);
  const engineNews = followEngineNews(features);
  const ghostText = registerGhostText(features, ghostSwitch, engineNews);
  observeEditing(features);
  const repositories = registerGit(features);
  const actions = registerActions(features, status, async (workspace) => {
    const repository = (await repositories).of(features.vscode.Uri.file(workspace));
    return repository?.source.inputBox;
  });
  const waiting = followWaitingRequests(features, status, actions.replay);
  registerStatusBar(features, status, ghostSwitch, ghostText, engineNews, waiting);
  registerMenu(features, status, ghostSwitch, engineNews, waiting);
  registerServers(features, status);
  registerHubToken(features);
  registerImport(features, status);
  registerShellCommand(features);

  followProject(features);
  registerLogs(features);
  registerUpdates(features);
  registerLicences(features);
  notifyOfEnds(features);
  askAboutHosts(features);
  reportRefusedRequests(features);
  watchSettingsProblems(features);
  watchHistoryNotices(features);

  const modelActions = createModelActions(features, status);
  const chat = registerChat(features, status, actions);
  registerHistoryView(features);
  fillTranscriptPage(pages.session, features);
  fillSeenPage(pages.seen, features, { action: actions.askAgain, chat: chat.askAgain });
  registerModelsView(features, status);
  fillModelsPage(pages.models, features, status, modelActions);
  fillNetworkPage(pages.network, features);
  fillRequestsPage(pages.requests, features);
  fillStatisticsPage(pages.statistics, features);
  fillWizard(pages.setUp, features, status, modelActions);
  for (const [command, page] of [
    ["localcoder.models", pages.models],
    ["localcoder.models.open", pages.models],
    ["localcoder.network", pages.network],
    ["localcoder.ghostText.requests", pages.requests],
    ["localcoder.ghostText.statistics", pages.statistics],
    ["localcoder.setUp", pages.setUp],
  ] as const) {
    features.own(features.vscode.commands.registerCommand(command, () => page.open()));
  }
  showMissingModel(features, status, pages.setUp.open);
  offerSmallerModels(features, status, modelActions);
  if (connection.start.firstRun) void pages.setUp.open();
}
