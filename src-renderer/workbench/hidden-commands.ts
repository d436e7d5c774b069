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
  "workbench.action.browseColorThemesInMarketplace",
  "extension.bisect.start",
  "workbench.action.getStartedWithAccessibilityFeatures",
  // Asked by the page of a browser when it is left; here the window asks by itself where something would be lost.
  "workbench.action.toggleConfirmBeforeClose",
]);

/** A menu that would be empty. */
const hiddenSubmenus = new Set([MenuId.MenubarShare]);

const menus = [MenuId.CommandPalette, MenuId.MenubarHelpMenu, MenuId.MenubarFileMenu];

/** Takes the commands that have no meaning here out of the command palette and the menus. */
export function hideCommands(): void {
  for (const menu of menus) {
    for (const item of MenuRegistry.getMenuItems(menu)) {
      const isHidden = isIMenuItem(item) ? hidden.has(item.command.id) : hiddenSubmenus.has(item.submenu);
      if (isHidden) item.when = ContextKeyExpr.false();
    }
  }
  // Commands without an entry of their own are in the palette unless an entry says when.
  for (const id of hidden) {
    MenuRegistry.appendMenuItem(MenuId.CommandPalette, { command: { id, title: id }, when: ContextKeyExpr.false() });
  }
}
