import { isIMenuItem, MenuId, MenuRegistry } from "@codingame/monaco-vscode-api/vscode/vs/platform/actions/common/actions";
import { ContextKeyExpr } from "@codingame/monaco-vscode-api/vscode/vs/platform/contextkey/common/contextkey";

/** Commands that ask somebody's cloud, open somebody's web page, or are about other machines. */
const hidden = new Set([
  "workbench.action.askVScode",
  "workbench.action.syncAccountPolicy",
  "workbench.action.remote.showMenu",
  "workbench.action.terminal.startVoice",
  "workbench.action.terminal.stopVoice",
  "workbench.profiles.actions.help",
  "workbench.extensions.action.openInstalledWebExtensionsResource",
  "extension.bisect.start",
  "workbench.action.openDocumentationUrl",
  "workbench.action.getStartedWithAccessibilityFeatures",
]);

const menus = [MenuId.CommandPalette, MenuId.MenubarHelpMenu];

/** Takes the commands that have no meaning here out of the command palette and the menus. */
export function hideCommands(): void {
  for (const menu of menus) {
    for (const item of MenuRegistry.getMenuItems(menu)) {
      if (isIMenuItem(item) && hidden.has(item.command.id)) item.when = ContextKeyExpr.false();
    }
  }
  // Commands without an entry of their own are in the palette unless an entry says when.
  for (const id of hidden) {
    MenuRegistry.appendMenuItem(MenuId.CommandPalette, { command: { id, title: id }, when: ContextKeyExpr.false() });
  }
}
