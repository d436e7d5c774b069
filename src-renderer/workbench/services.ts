import getAccessibilityServiceOverride from "@codingame/monaco-vscode-accessibility-service-override";
import type { IEditorOverrideServices } from "@codingame/monaco-vscode-api";
import { Schemas } from "@codingame/monaco-vscode-api/vscode/vs/base/common/network";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { SyncDescriptor } from "@codingame/monaco-vscode-api/vscode/vs/platform/instantiation/common/descriptors";
import { ISearchService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/search/common/search.service";
import getBulkEditServiceOverride from "@codingame/monaco-vscode-bulk-edit-service-override";
import getCommentsServiceOverride from "@codingame/monaco-vscode-comments-service-override";
import getConfigurationServiceOverride from "@codingame/monaco-vscode-configuration-service-override";
import getDebugServiceOverride from "@codingame/monaco-vscode-debug-service-override";
import getEmmetServiceOverride from "@codingame/monaco-vscode-emmet-service-override";
import getEnvironmentServiceOverride from "@codingame/monaco-vscode-environment-service-override";
import getExplorerServiceOverride from "@codingame/monaco-vscode-explorer-service-override";
import getExtensionsServiceOverride from "@codingame/monaco-vscode-extensions-service-override";
import getInteractiveServiceOverride from "@codingame/monaco-vscode-interactive-service-override";
import getKeybindingsServiceOverride from "@codingame/monaco-vscode-keybindings-service-override";
import getLanguageDetectionServiceOverride from "@codingame/monaco-vscode-language-detection-worker-service-override";
import getLanguagesServiceOverride from "@codingame/monaco-vscode-languages-service-override";
import getLifecycleServiceOverride from "@codingame/monaco-vscode-lifecycle-service-override";
import getLogServiceOverride from "@codingame/monaco-vscode-log-service-override";
import getMarkersServiceOverride from "@codingame/monaco-vscode-markers-service-override";
import getModelServiceOverride from "@codingame/monaco-vscode-model-service-override";
import getMultiDiffEditorServiceOverride from "@codingame/monaco-vscode-multi-diff-editor-service-override";
import getNotebookServiceOverride from "@codingame/monaco-vscode-notebook-service-override";
import getNotificationsServiceOverride from "@codingame/monaco-vscode-notifications-service-override";
import getOutlineServiceOverride from "@codingame/monaco-vscode-outline-service-override";
import getOutputServiceOverride from "@codingame/monaco-vscode-output-service-override";
import getPerformanceServiceOverride from "@codingame/monaco-vscode-performance-service-override";
import getPreferencesServiceOverride from "@codingame/monaco-vscode-preferences-service-override";
import getRelauncherServiceOverride from "@codingame/monaco-vscode-relauncher-service-override";
import getRemoteAgentServiceOverride from "@codingame/monaco-vscode-remote-agent-service-override";
import getScmServiceOverride from "@codingame/monaco-vscode-scm-service-override";
import getSearchServiceOverride from "@codingame/monaco-vscode-search-service-override";
import { SearchService } from "@codingame/monaco-vscode-search-service-override/vscode/vs/workbench/services/search/common/searchService";
import getSecretStorageServiceOverride from "@codingame/monaco-vscode-secret-storage-service-override";
import getSnippetsServiceOverride from "@codingame/monaco-vscode-snippets-service-override";
import getTaskServiceOverride from "@codingame/monaco-vscode-task-service-override";
import getTerminalServiceOverride from "@codingame/monaco-vscode-terminal-service-override";
import getTestingServiceOverride from "@codingame/monaco-vscode-testing-service-override";
import getTextmateServiceOverride from "@codingame/monaco-vscode-textmate-service-override";
import getThemeServiceOverride from "@codingame/monaco-vscode-theme-service-override";
import getTimelineServiceOverride from "@codingame/monaco-vscode-timeline-service-override";
import getUserDataProfileServiceOverride from "@codingame/monaco-vscode-user-data-profile-service-override";
import getBannerServiceOverride from "@codingame/monaco-vscode-view-banner-service-override";
import getStatusBarServiceOverride from "@codingame/monaco-vscode-view-status-bar-service-override";
import getTitleBarServiceOverride from "@codingame/monaco-vscode-view-title-bar-service-override";
import getWorkbenchServiceOverride from "@codingame/monaco-vscode-workbench-service-override";
import getWorkingCopyServiceOverride from "@codingame/monaco-vscode-working-copy-service-override";
import getWorkspaceTrustServiceOverride from "@codingame/monaco-vscode-workspace-trust-service-override";
// The commands "New file" and the texts of empty views; the rest of that package is a tour of somebody else's product.
import "@codingame/monaco-vscode-welcome-service-override/vscode/vs/workbench/contrib/welcomeViews/common/newFile.contribution";
import "@codingame/monaco-vscode-welcome-service-override/vscode/vs/workbench/contrib/welcomeViews/common/viewsWelcome.contribution";
import type { Connection } from "../connection.ts";
import { suggestionStatisticsServices } from "../extension/suggestion-statistics.ts";
import { dialogServices } from "./dialogs.ts";
import { recentServices } from "./recent.ts";
import { hostServices } from "./requests.ts";
import { stateServices } from "./state.ts";
import { createTerminalBackend } from "./terminal.ts";
import { emptyWorkspace } from "./windows.ts";
import { workspaceEditingServices } from "./workspace-editing.ts";

/** The two origins that have pages of their own on the desktop. In the browser everything lies on one origin. */
export interface SideOrigins {
  readonly webview: string | undefined;
  readonly extensionHost: string | undefined;
}

/**
 * Every service of the workbench. Left out on purpose, because they belong to somebody's cloud: accounts, settings
 * sync, edit sessions, the extension gallery, telemetry, issue reports, and everything that wants Copilot.
 */
export function createServices(connection: Connection, origins: SideOrigins): IEditorOverrideServices {
  return {
    ...getLogServiceOverride(),
    ...getExtensionsServiceOverride({ enableWorkerExtensionHost: true, iframeAlternateDomain: origins.extensionHost }),
    ...getModelServiceOverride(),
    ...getBulkEditServiceOverride(),
    ...getNotificationsServiceOverride(),
    ...dialogServices(connection),
    ...getConfigurationServiceOverride(emptyWorkspace(connection.start)),
    ...recentServices(connection),
    ...workspaceEditingServices(),
    ...getKeybindingsServiceOverride(),
    ...getTextmateServiceOverride(),
    ...getThemeServiceOverride(),
    ...getLanguagesServiceOverride(),
    ...getLanguageDetectionServiceOverride(),
    ...getDebugServiceOverride(),
    ...getPreferencesServiceOverride(),
    ...getOutlineServiceOverride(),
    ...getTimelineServiceOverride(),
    ...getBannerServiceOverride(),
    ...getStatusBarServiceOverride(),
    ...getTitleBarServiceOverride(),
    ...getSnippetsServiceOverride(),
    ...getOutputServiceOverride(),
    ...getTerminalServiceOverride(createTerminalBackend(connection)),
    ...getSearchServiceOverride(),
    // The one before walks through the whole folder at the start and keeps every path: for windows without an engine that searches.
    [ISearchService.toString()]: new SyncDescriptor(SearchService, [], true),
    ...getMarkersServiceOverride(),
    ...getAccessibilityServiceOverride(),
    ...stateServices(connection),
    ...getRemoteAgentServiceOverride({ scanRemoteExtensions: false }),
    ...getLifecycleServiceOverride(),
    ...getEnvironmentServiceOverride({
      // Caches belong to a window's profile in the browser; here they lie with the rest of the user's folder.
      cacheHome: URI.from({ scheme: Schemas.vscodeUserData, path: "/User/caches" }),
    }),
    ...getWorkspaceTrustServiceOverride(),
    ...getWorkingCopyServiceOverride(),
    ...getScmServiceOverride(),
    ...getTestingServiceOverride(),
    ...getNotebookServiceOverride(),
    ...getInteractiveServiceOverride(),
    ...getUserDataProfileServiceOverride(),
    ...getTaskServiceOverride(),
    ...getCommentsServiceOverride(),
    ...getEmmetServiceOverride(),
    ...getMultiDiffEditorServiceOverride(),
    ...getPerformanceServiceOverride(),
    ...getRelauncherServiceOverride(),
    ...getExplorerServiceOverride(),
    ...getSecretStorageServiceOverride(),
    ...hostServices(connection),
    ...suggestionStatisticsServices(),
    ...getWorkbenchServiceOverride(undefined, origins.webview),
  };
}
