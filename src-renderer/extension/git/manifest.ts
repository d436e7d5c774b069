import type { IExtensionManifest } from "@codingame/monaco-vscode-api/extensions";
import { strings } from "../strings.ts";

const words = strings.git;

/** The commands of the source control view, under the names that VS Code gives them, so that a user's keys stay. */
const commands = [
  { command: "git.init", title: words.commands.init },
  { command: "git.openParent", title: words.commands.openParent },
  { command: "git.refresh", title: words.commands.refresh, icon: "$(refresh)" },
  { command: "git.commit", title: words.commands.commit, icon: "$(check)" },
  { command: "git.commitAll", title: words.commands.commitAll },
  { command: "git.commitAmend", title: words.commands.commitAmend },
  { command: "git.undoCommit", title: words.commands.undoCommit },
  { command: "git.stage", title: words.commands.stage, icon: "$(add)" },
  { command: "git.stageAll", title: words.commands.stageAll, icon: "$(add)" },
  { command: "git.unstage", title: words.commands.unstage, icon: "$(remove)" },
  { command: "git.unstageAll", title: words.commands.unstageAll, icon: "$(remove)" },
  { command: "git.clean", title: words.commands.discard, icon: "$(discard)" },
  { command: "git.cleanAll", title: words.commands.discardAll, icon: "$(discard)" },
  { command: "git.stageSelectedRanges", title: words.commands.stageLines },
  { command: "git.revertSelectedRanges", title: words.commands.revertLines },
  { command: "workbench.action.editor.nextChange", title: words.commands.nextChange },
  { command: "workbench.action.editor.previousChange", title: words.commands.previousChange },
  { command: "git.openChange", title: words.commands.openChange, icon: "$(compare-changes)" },
  { command: "git.openFile", title: words.commands.openFile, icon: "$(go-to-file)" },
  { command: "merge-conflict.accept.current", title: words.conflict.current },
  { command: "merge-conflict.accept.incoming", title: words.conflict.incoming },
  { command: "merge-conflict.accept.both", title: words.conflict.both },
  { command: "git.checkout", title: words.commands.checkout },
  { command: "git.branch", title: words.commands.branch },
  { command: "git.deleteBranch", title: words.commands.deleteBranch },
  { command: "git.merge", title: words.commands.merge },
  { command: "git.abort", title: words.commands.abort },
  { command: "git.continue", title: words.commands.proceed },
  { command: "git.stash", title: words.commands.stash },
  { command: "git.stashPop", title: words.commands.stashPop },
  { command: "git.fetch", title: words.commands.fetch },
  { command: "git.pull", title: words.commands.pull },
  { command: "git.push", title: words.commands.push },
  { command: "git.publish", title: words.commands.publish },
  { command: "git.sync", title: words.commands.sync },
];

const here = "scmProvider == git";
/** A restricted folder is read and never changed. */
const changing = `${here} && isWorkspaceTrusted`;
const group = (id: string) => `${changing} && scmResourceGroup == ${id}`;
const rows = (...ids: string[]) => `${changing} && scmResourceGroup =~ /^(${ids.join("|")})$/`;

/** Our Git extension as the workbench sees it. */
export function gitManifest(version: string): IExtensionManifest {
  const ofView = (command: string, menuGroup: string, when = changing) => ({ command, group: menuGroup, when });
  return {
    name: "git",
    publisher: "localcoder",
    displayName: words.name,
    version,
    engines: { vscode: "*" },
    enabledApiProposals: ["scmActionButton", "contribSourceControlInputBoxMenu", "quickDiffProvider", "timeline"],
    contributes: {
      commands: commands.map((command) => ({ ...command, category: words.name })),
      configuration: {
        title: words.name,
        properties: {
          "git.enabled": { type: "boolean", default: true, scope: "resource", description: words.settings.enabled },
          "git.enableSmartCommit": { type: "boolean", default: false, scope: "resource", description: words.settings.smartCommit },
        },
      },
      viewsWelcome: [
        { view: "scm", contents: words.welcome.none, when: "localcoder.git == none && isWorkspaceTrusted" },
        { view: "scm", contents: words.welcome.noneRestricted, when: "localcoder.git == none && !isWorkspaceTrusted" },
        { view: "scm", contents: words.welcome.missing, when: "localcoder.git == missing" },
        { view: "scm", contents: words.welcome.outside, when: "localcoder.git == outside" },
      ],
      keybindings: keys.map(([command, key, when = "editorTextFocus"]) => ({ command, key, mac: key.replaceAll("ctrl", "cmd"), when })),
      menus: {
        commandPalette: [
          ...commands
            .filter(({ command }) => command !== "git.init" && command !== "git.openParent")
            .map(({ command }) => ({
              command,
              when: /refresh|open|revert|workbench|conflict/.test(command)
                ? "localcoder.git == found"
                : "localcoder.git == found && isWorkspaceTrusted",
            })),
          { command: "git.init", when: "localcoder.git == none && isWorkspaceTrusted" },
          { command: "git.openParent", when: "localcoder.git == outside" },
        ],
        "scm/title": [
          ofView("git.commit", "navigation@1"),
          ofView("git.refresh", "navigation@2", here),
          ofView("git.pull", "1_remote@1"),
          ofView("git.push", "1_remote@2"),
          ofView("git.fetch", "1_remote@3"),
          ofView("git.sync", "1_remote@4"),
          ofView("git.checkout", "2_branch@1"),
          ofView("git.branch", "2_branch@2"),
          ofView("git.merge", "2_branch@3"),
          ofView("git.deleteBranch", "2_branch@4"),
          ofView("git.commitAll", "3_commit@1"),
          ofView("git.commitAmend", "3_commit@2"),
          ofView("git.undoCommit", "3_commit@3"),
          ofView("git.continue", "3_commit@4", `${changing} && localcoder.git.operation`),
          ofView("git.abort", "3_commit@5", `${changing} && localcoder.git.operation`),
          ofView("git.stageAll", "4_changes@1"),
          ofView("git.unstageAll", "4_changes@2"),
          ofView("git.cleanAll", "4_changes@3"),
          ofView("git.stash", "5_stash@1"),
          ofView("git.stashPop", "5_stash@2"),
          ofView("localcoder.review", "6_localcoder@1", here),
        ],
        "scm/inputBox": [{ command: "localcoder.commitMessage", when: here }],
        "scm/resourceGroup/context": [
          ofView("git.stageAll", "inline@2", group("merge")),
          ofView("git.unstageAll", "inline@2", group("index")),
          ofView("git.cleanAll", "inline@1", group("workingTree")),
          ofView("git.stageAll", "inline@2", group("workingTree")),
        ],
        "scm/resourceState/context": [
          ofView("git.openFile", "inline@0", here),
          ofView("git.clean", "inline@1", group("workingTree")),
          ofView("git.stage", "inline@2", rows("merge", "workingTree")),
          ofView("git.unstage", "inline@2", group("index")),
          ofView("git.openChange", "navigation@1", here),
          ofView("git.openFile", "navigation@2", here),
          ofView("git.stage", "1_change@1", rows("merge", "workingTree")),
          ofView("git.unstage", "1_change@1", group("index")),
          ofView("git.clean", "1_change@2", group("workingTree")),
        ],
        "scm/resourceFolder/context": [
          ofView("git.clean", "inline@1", group("workingTree")),
          ofView("git.stage", "inline@2", rows("merge", "workingTree")),
          ofView("git.unstage", "inline@2", group("index")),
        ],
        "editor/title": [
          {
            command: "git.openChange",
            group: "navigation@2",
            when: "scmActiveResourceHasChanges && resourceScheme == file && !isInDiffEditor",
          },
          {
            command: "git.openFile",
            group: "navigation@2",
            when: "isInDiffEditor && resourceScheme =~ /^(git|file)$/ && localcoder.git == found",
          },
        ],
      },
    },
  } as unknown as IExtensionManifest;
}

/** The keys that VS Code gives to changed lines. */
const keys: readonly (readonly [command: string, key: string, when?: string])[] = [
  ["git.stageSelectedRanges", "ctrl+k ctrl+alt+s", "editorTextFocus && isWorkspaceTrusted"],
  ["git.revertSelectedRanges", "ctrl+k ctrl+r"],
  ["workbench.action.editor.nextChange", "alt+f5"],
  ["workbench.action.editor.previousChange", "shift+alt+f5"],
];
