import { getService, IConfigurationService } from "@codingame/monaco-vscode-api";
import { KeyCode, KeyMod } from "@codingame/monaco-vscode-api/vscode/vs/base/common/keyCodes";
import type { ILocalizedString } from "@codingame/monaco-vscode-api/vscode/vs/platform/action/common/action";
import { Action2, MenuId, registerAction2 } from "@codingame/monaco-vscode-api/vscode/vs/platform/actions/common/actions";
import { ConfigurationTarget } from "@codingame/monaco-vscode-api/vscode/vs/platform/configuration/common/configuration";
import {
  KeybindingsRegistry,
  KeybindingWeight,
} from "@codingame/monaco-vscode-api/vscode/vs/platform/keybinding/common/keybindingsRegistry";
import { ConfigurationScope, configurationRegistry } from "@codingame/monaco-vscode-configuration-service-override";
import type { Connection } from "../connection.ts";
import { shutDown } from "./shut-down.ts";

/** A command of a desktop application that the workbench for browsers leaves to the browser. */
interface WindowCommand {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly key?: number;
  readonly keys?: readonly number[];
  readonly menu?: { readonly id: MenuId; readonly group: string; readonly order: number };
  run(): void | Promise<void>;
}

const setting = "window.zoomLevel";

/** Registers zoom, closing the window and the developer tools, under the names and keys VS Code has for them on a desktop. */
export function registerWindowCommands(connection: Connection): void {
  if (connection.start.browser) return;
  const { CtrlCmd, Shift } = KeyMod;
  const commands: WindowCommand[] = [
    {
      id: "workbench.action.zoomIn",
      title: "Zoom In",
      category: "View",
      key: CtrlCmd | KeyCode.Equal,
      keys: [CtrlCmd | Shift | KeyCode.Equal, CtrlCmd | KeyCode.NumpadAdd],
      menu: { id: MenuId.MenubarAppearanceMenu, group: "5_zoom", order: 1 },
      run: () => zoom((level) => level + 1),
    },
    {
      id: "workbench.action.zoomOut",
      title: "Zoom Out",
      category: "View",
      key: CtrlCmd | KeyCode.Minus,
      keys: [CtrlCmd | Shift | KeyCode.Minus, CtrlCmd | KeyCode.NumpadSubtract],
      menu: { id: MenuId.MenubarAppearanceMenu, group: "5_zoom", order: 2 },
      run: () => zoom((level) => level - 1),
    },
    {
      id: "workbench.action.zoomReset",
      title: "Reset Zoom",
      category: "View",
      key: CtrlCmd | KeyCode.Numpad0,
      menu: { id: MenuId.MenubarAppearanceMenu, group: "5_zoom", order: 3 },
      run: () => zoom(() => 0),
    },
    {
      id: "workbench.action.closeWindow",
      title: "Close Window",
      category: "File",
      key: CtrlCmd | Shift | KeyCode.KeyW,
      menu: { id: MenuId.MenubarFileMenu, group: "6_close", order: 4 },
      run: () => shutDown(connection),
    },
    {
      id: "workbench.action.toggleDevTools",
      title: "Toggle Developer Tools",
      category: "Developer",
      key: CtrlCmd | Shift | KeyCode.KeyI,
      menu: { id: MenuId.MenubarHelpMenu, group: "5_tools", order: 1 },
      run: () => connection.desktop.toggleDeveloperTools(),
    },
  ];
  for (const command of commands) register(command);
  // A browser keeps these two keys for itself, so the workbench shows others; no browser is around this window.
  bind("workbench.action.files.newUntitledFile", CtrlCmd | KeyCode.KeyN);
  bind("workbench.action.newWindow", CtrlCmd | Shift | KeyCode.KeyN);
  configurationRegistry.registerConfiguration({
    id: "window",
    properties: {
      [setting]: {
        scope: ConfigurationScope.APPLICATION,
        type: "number",
        default: 0,
        minimum: -8,
        maximum: 8,
        description: "How much larger or smaller everything in the window is shown; each step is 20 percent.",
      },
    },
  });
}

/** Applies the zoom of the settings now and whenever it changes. */
export async function followZoom(): Promise<void> {
  const apply = window.localcoder?.setZoomLevel;
  if (!apply) return;
  const configuration = await getService(IConfigurationService);
  const follow = () => apply(configuration.getValue<number>(setting) ?? 0);
  configuration.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(setting)) follow();
  });
  follow();
}

async function zoom(change: (level: number) => number): Promise<void> {
  const configuration = await getService(IConfigurationService);
  const level = Math.max(-8, Math.min(8, change(configuration.getValue<number>(setting) ?? 0)));
  await configuration.updateValue(setting, level, ConfigurationTarget.USER);
}

function bind(id: string, primary: number): void {
  KeybindingsRegistry.registerKeybindingRule({ id, weight: KeybindingWeight.WorkbenchContrib + 1, when: undefined, primary });
}

function register({ id, title, category, key, keys, menu, run }: WindowCommand): void {
  const name = (text: string): ILocalizedString => ({ value: text, original: text });
  registerAction2(
    class extends Action2 {
      constructor() {
        super({
          id,
          title: name(title),
          category: name(category),
          f1: true,
          keybinding:
            key === undefined ? undefined : { weight: KeybindingWeight.WorkbenchContrib, primary: key, secondary: [...(keys ?? [])] },
          menu: menu && [menu],
        });
      }

      run(): void | Promise<void> {
        return run();
      }
    },
  );
}
