import type { IExtensionManifest } from "@codingame/monaco-vscode-api/extensions";
import { settingsPage } from "./configuration.ts";
import { chord, type KeyChoice, ownKeys } from "./keybindings.ts";
import { strings } from "./strings.ts";

/** What the manifest needs to know of an inline action. */
export interface ActionEntry {
  readonly id: string;
  readonly title: string;
  /** The second stroke of its chord under Ctrl/Cmd+K. */
  readonly keybinding: string;
  readonly shows: "card" | "diff" | "file";
}

/** The command that runs an action on the selection. */
export function commandOf(action: { readonly id: string }): string {
  return `localcoder.assist.${action.id}`;
}

/** The keys of the actions and our other keys. */
export function allKeys(actions: readonly ActionEntry[]): KeyChoice[] {
  return [...actions.map((action) => chord(commandOf(action), action.keybinding, "editorTextFocus")), ...ownKeys];
}

const { commands } = strings;

const general = [
  { command: "localcoder.menu", title: commands.menu },
  { command: "localcoder.chooseModel", title: commands.chooseModel },
  { command: "localcoder.modelServer", title: commands.modelServer },
  { command: "localcoder.importModels", title: commands.importModels },
  { command: "localcoder.hubToken", title: commands.hubToken },
  { command: "localcoder.models", title: commands.openModels },
  { command: "localcoder.network", title: commands.openNetwork },
  { command: "localcoder.history", title: commands.openHistory },
  { command: "localcoder.history.filter", title: commands.filterHistory, icon: "$(filter)" },
  { command: "localcoder.history.import", title: commands.importHistory },
  { command: "localcoder.history.export", title: commands.exportHistory },
  { command: "localcoder.history.backUp", title: commands.backUpHistory },
  { command: "localcoder.history.forget", title: commands.forgetFolder },
  { command: "localcoder.chat", title: commands.openChat },
  { command: "localcoder.chat.new", title: commands.newThread },
  { command: "localcoder.chat.threads", title: commands.chooseThread },
  { command: "localcoder.chat.addSelection", title: commands.addToChat },
  { command: "localcoder.chat.inline", title: commands.inlineChat },
  { command: "localcoder.memory", title: commands.openMemory },
  { command: "localcoder.setUp", title: commands.setUp },
  { command: "localcoder.shellCommand", title: commands.shellCommand },
  { command: "localcoder.showLogs", title: commands.showLogs },
  { command: "localcoder.checkForUpdates", title: commands.checkForUpdates },
  { command: "localcoder.licence", title: commands.licence },
  { command: "localcoder.thirdPartyNotices", title: commands.thirdPartyNotices },
  { command: "localcoder.ownActions", title: commands.ownActions },
  { command: "localcoder.proposals", title: commands.proposals },
  { command: "localcoder.fixTrace", title: commands.fixTrace },
  { command: "localcoder.review", title: commands.review },
  { command: "localcoder.commitMessage", title: commands.commitMessage, icon: "$(sparkle)" },
  { command: "localcoder.readme", title: commands.readme },
  { command: "localcoder.waitingRequests", title: commands.waitingRequests },
  { command: "localcoder.project.rebuild", title: commands.rebuildProject },
  { command: "localcoder.ghostText.toggle", title: commands.toggleGhostText },
  { command: "localcoder.ghostText.toggleLanguage", title: commands.toggleGhostTextForLanguage },
  { command: "localcoder.ghostText.toggleFolder", title: commands.toggleGhostTextForFolder },
  { command: "localcoder.ghostText.toggleFile", title: commands.toggleGhostTextForFile },
  { command: "localcoder.ghostText.pause", title: commands.pauseGhostText },
  { command: "localcoder.ghostText.resume", title: commands.resumeGhostText },
  { command: "localcoder.ghostText.confidence", title: commands.chooseConfidence },
  { command: "localcoder.ghostText.requests", title: commands.ghostTextRequests },
  { command: "localcoder.ghostText.statistics", title: commands.ghostTextStatistics },
  { command: "localcoder.models.open", title: commands.openModels, icon: "$(go-to-file)" },
  { command: "localcoder.models.refresh", title: commands.refresh, icon: "$(refresh)" },
];

/** On files and folders, in the order of their menu in the Explorer. */
const onFiles = [
  { command: "localcoder.files.improve", title: commands.improveFiles },
  { command: "localcoder.files.refactor", title: commands.refactorFiles },
  { command: "localcoder.files.fix", title: commands.fixFiles },
  { command: "localcoder.files.document", title: commands.documentFiles },
  { command: "localcoder.files.own", title: commands.ownOnFiles },
];

const whileProposing = [
  { command: "localcoder.proposals.keepAll", title: commands.keepProposals },
  { command: "localcoder.proposals.undoAll", title: commands.undoProposals },
];

const whileReviewing = [
  { command: "localcoder.review.keepAll", title: commands.keepAll },
  { command: "localcoder.review.undoAll", title: commands.undoAll },
  { command: "localcoder.review.keepHunk", title: commands.keepHunk },
  { command: "localcoder.review.undoHunk", title: commands.undoHunk },
  { command: "localcoder.review.next", title: commands.nextHunk },
  { command: "localcoder.review.previous", title: commands.previousHunk },
];

const whileAnswering = [
  { command: "localcoder.answer.stop", title: commands.stop },
  { command: "localcoder.answer.again", title: commands.again },
  { command: "localcoder.answer.other", title: commands.other },
  { command: "localcoder.answer.focus", title: commands.focusAnswer },
  { command: "localcoder.answer.escape", title: commands.closeCard },
];

/** Our built-in extension as the workbench sees it. */
export function manifest(actions: readonly ActionEntry[], version: string): IExtensionManifest {
  const actionCommands = actions.map((action) => ({ command: commandOf(action), title: action.title }));
  return {
    name: "localcoder",
    publisher: "localcoder",
    displayName: strings.product,
    version,
    engines: { vscode: "*" },
    enabledApiProposals: ["inlineCompletionsAdditions"],
    contributes: {
      configuration: settingsPage(),
      commands: [...general, ...onFiles, ...actionCommands, ...whileProposing, ...whileReviewing, ...whileAnswering].map((command) => ({
        ...command,
        category: commands.category,
      })),
      menus: {
        commandPalette: [
          ...actionCommands.map(({ command }) => ({ command, when: "editorIsOpen" })),
          ...whileProposing.map(({ command }) => ({ command, when: "localcoder.anyProposal" })),
          ...whileReviewing.map(({ command }) => ({ command, when: "localcoder.anyReview" })),
          ...whileAnswering.map(({ command }) => ({ command, when: "localcoder.anyReview || localcoder.anyCard" })),
          { command: "localcoder.ownActions", when: "editorIsOpen" },
          { command: "localcoder.ghostText.toggleFolder", when: "editorIsOpen" },
          { command: "localcoder.ghostText.toggleFile", when: "editorIsOpen" },
          { command: "localcoder.shellCommand", when: "localcoder.desktop" },
          { command: "localcoder.chat.addSelection", when: "editorIsOpen" },
          { command: "localcoder.chat.inline", when: "editorIsOpen" },
          { command: "localcoder.models.open", when: "false" },
          { command: "localcoder.models.refresh", when: "false" },
        ],
        "editor/context": [
          ...actions.map((action, index) => ({
            command: commandOf(action),
            group: `1_localcoder@${index + 1}`,
            when: action.shows === "diff" ? "editorHasSelection && !editorReadonly" : "editorHasSelection",
          })),
          { command: "localcoder.chat.addSelection", group: "1_localcoder@90", when: "editorHasSelection" },
        ],
        "explorer/context": [{ submenu: "localcoder.files", group: "4_localcoder@1", when: "resourceScheme == file" }],
        "localcoder.files": onFiles.map(({ command }, index) => ({ command, group: `1_localcoder@${index + 1}` })),
        "view/title": [
          { command: "localcoder.models.refresh", when: "view == localcoder.models.view", group: "navigation@1" },
          { command: "localcoder.models.open", when: "view == localcoder.models.view", group: "navigation@2" },
          { command: "localcoder.history.filter", when: "view == localcoder.history.view", group: "navigation@1" },
          { command: "localcoder.history.import", when: "view == localcoder.history.view", group: "1_transfer@1" },
          { command: "localcoder.history.export", when: "view == localcoder.history.view", group: "1_transfer@2" },
          { command: "localcoder.history.backUp", when: "view == localcoder.history.view", group: "1_transfer@3" },
          { command: "localcoder.history.forget", when: "view == localcoder.history.view", group: "2_forget@1" },
        ],
      },
      submenus: [{ id: "localcoder.files", label: strings.product }],
      keybindings: allKeys(actions).map(({ command, key, mac, when }) => ({ command, key, mac, when })),
      viewsContainers: { activitybar: [{ id: "localcoder-models", title: strings.models.viewTitle, icon: "$(chip)" }] },
      views: { "localcoder-models": [{ id: "localcoder.models.view", name: strings.models.viewTitle }] },
    },
  } as unknown as IExtensionManifest;
}
