import type { WindowStart } from "#core/contracts/desktop";

/** Where our first values differ from the workbench's own; the user's settings win over all of them. */
export function createDefaults(start: WindowStart): Record<string, unknown> {
  return {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the workbench fills these in
    "window.title": "${dirty}${activeEditorShort}${separator}${rootName}${separator}${appName}",
    // The build for browsers saves by itself after a second; in an editor, typing must not reach the disk unasked.
    "files.autoSave": "off",
    "files.hotExit": "onExitAndWindowClose",
    "telemetry.telemetryLevel": "off",
    "workbench.enableExperiments": false,
    "workbench.settings.enableNaturalLanguageSearch": false,
    "chat.disableAIFeatures": true,
    "extensions.ignoreRecommendations": true,
    "extensions.autoCheckUpdates": false,
    "extensions.autoUpdate": false,
    "npm.fetchOnlinePackageInfo": false,
    // A second server for syntax alone would take memory that a model needs.
    "typescript.tsserver.useSyntaxServer": "never",
    "typescript.disableAutomaticTypeAcquisition": true,
    "json.schemaDownload.enable": false,
    // The status bar, and a question where something would run, say enough; a question at each start is answered unread.
    "security.workspace.trust.enabled": true,
    "security.workspace.trust.banner": "never",
    "security.workspace.trust.startupPrompt": "never",
    "security.workspace.trust.untrustedFiles": "open",
    "task.allowAutomaticTasks": "off",
    "workbench.tips.enabled": true,
    // A Mac has its menu at the top of the screen; elsewhere it is in the title bar that the workbench draws.
    "window.menuBarVisibility": start.browser ? "compact" : start.platform === "darwin" ? "hidden" : "classic",
    // Over such an editor neither the palette nor any other view could be reached.
    "workbench.editor.useModal": "off",
    "window.confirmBeforeClose": "never",
    "window.autoDetectColorScheme": true,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the workbench fills this in
    "terminal.integrated.tabs.title": "${process}",
    "terminal.integrated.enablePersistentSessions": false,
    "editor.accessibilitySupport": "auto",
    // To say a suggestion aloud costs a frame at each key, and to colour it like code half as much; it is to be told apart from code.
    "editor.screenReaderAnnounceInlineSuggestion": start.screenReader,
    "editor.inlineSuggest.syntaxHighlightingEnabled": false,
  };
}
