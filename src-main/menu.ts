import { app, Menu, type MenuItemConstructorOptions } from "electron";

/** What the menu can make the application do. */
export interface MenuActions {
  /** Runs a command of the workbench in the focused window. */
  run(command: string): void;
  openWindow(): void;
  readonly recent: readonly string[];
  openRecent(path: string): void;
  clearRecent(): void;
}

/**
 * Sets the menu of the application. Only macOS has one outside of the window; elsewhere the workbench draws it in the
 * title bar, and no accelerator of Electron's default menu may take a key from the editor.
 */
export function installMenu(actions: MenuActions): void {
  Menu.setApplicationMenu(process.platform === "darwin" ? Menu.buildFromTemplate(macMenu(actions)) : null);
}

function macMenu({ run, openWindow, recent, openRecent, clearRecent }: MenuActions): MenuItemConstructorOptions[] {
  const command = (label: string, id: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => run(id),
    ...(accelerator !== undefined && { accelerator }),
  });
  const line: MenuItemConstructorOptions = { type: "separator" };
  return [
    {
      label: app.name,
      submenu: [
        { role: "about" },
        line,
        command("Settings…", "workbench.action.openSettings", "Cmd+,"),
        command("Keyboard Shortcuts", "workbench.action.openGlobalKeybindings"),
        line,
        { role: "services" },
        line,
        { role: "hide" },
        { role: "hideOthers" },
        { role: "unhide" },
        line,
        { role: "quit" },
      ],
    },
    {
      label: "File",
      submenu: [
        command("New Text File", "workbench.action.files.newUntitledFile", "Cmd+N"),
        { label: "New Window", accelerator: "Shift+Cmd+N", click: openWindow },
        line,
        command("Open File…", "workbench.action.files.openFile", "Cmd+O"),
        command("Open Folder…", "workbench.action.files.openFolder"),
        {
          label: "Open Recent",
          submenu: [
            ...recent.slice(0, 10).map((path) => ({ label: path.replace(app.getPath("home"), "~"), click: () => openRecent(path) })),
            line,
            { label: "Clear Recently Opened", enabled: recent.length > 0, click: clearRecent },
          ],
        },
        line,
        command("Save", "workbench.action.files.save", "Cmd+S"),
        command("Save As…", "workbench.action.files.saveAs", "Shift+Cmd+S"),
        command("Save All", "workbench.action.files.saveAll", "Alt+Cmd+S"),
        line,
        command("Close Editor", "workbench.action.closeActiveEditor", "Cmd+W"),
        { role: "close", label: "Close Window", accelerator: "Shift+Cmd+W" },
      ],
    },
    {
      label: "Edit",
      submenu: [
        // Electron's own three act on the page's focused field, which in an editor is not the text.
        command("Undo", "undo", "Cmd+Z"),
        command("Redo", "redo", "Shift+Cmd+Z"),
        line,
        { role: "cut" },
        { role: "copy" },
        { role: "paste" },
        command("Select All", "editor.action.selectAll", "Cmd+A"),
        line,
        command("Find", "actions.find", "Cmd+F"),
        command("Replace", "editor.action.startFindReplaceAction", "Alt+Cmd+F"),
        command("Find in Files", "workbench.action.findInFiles", "Shift+Cmd+F"),
      ],
    },
    {
      label: "View",
      submenu: [
        command("Command Palette…", "workbench.action.showCommands", "Shift+Cmd+P"),
        line,
        command("Explorer", "workbench.view.explorer", "Shift+Cmd+E"),
        command("Search", "workbench.view.search"),
        command("Source Control", "workbench.view.scm"),
        command("Problems", "workbench.actions.view.problems", "Shift+Cmd+M"),
        command("Terminal", "workbench.action.terminal.toggleTerminal", "Ctrl+`"),
        line,
        command("Zoom In", "workbench.action.zoomIn", "Cmd+="),
        command("Zoom Out", "workbench.action.zoomOut", "Cmd+-"),
        { role: "togglefullscreen" },
      ],
    },
    {
      label: "Go",
      submenu: [
        command("Back", "workbench.action.navigateBack", "Ctrl+-"),
        command("Forward", "workbench.action.navigateForward", "Ctrl+Shift+-"),
        line,
        command("Go to File…", "workbench.action.quickOpen", "Cmd+P"),
        command("Go to Symbol in Editor…", "workbench.action.gotoSymbol", "Shift+Cmd+O"),
        command("Go to Line/Column…", "workbench.action.gotoLine", "Ctrl+G"),
        command("Go to Definition", "editor.action.revealDefinition", "F12"),
      ],
    },
    { role: "windowMenu" },
    {
      role: "help",
      submenu: [
        command("Welcome", "workbench.action.openWalkthrough"),
        line,
        command("Licence", "localcoder.licence"),
        command("Third-Party Notices", "localcoder.thirdPartyNotices"),
        line,
        command("Toggle Developer Tools", "workbench.action.toggleDevTools"),
      ],
    },
  ];
}
