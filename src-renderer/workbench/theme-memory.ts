import { getService } from "@codingame/monaco-vscode-api";
import { isDark } from "@codingame/monaco-vscode-api/vscode/vs/platform/theme/common/theme";
import { IWorkbenchThemeService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/themes/common/workbenchThemeService.service";
import { rememberSkeleton } from "../skeleton.ts";

/** Remembers the theme's colours, so that the next window looks right before the workbench is there. */
export async function followTheme(): Promise<void> {
  const themes = await getService(IWorkbenchThemeService);
  const remember = () => {
    const theme = themes.getColorTheme();
    const color = (id: string, fallback: string) => theme.getColor(id)?.toString() ?? theme.getColor(fallback)?.toString() ?? "";
    rememberSkeleton({
      editor: color("editor.background", "editor.background"),
      side: color("sideBar.background", "editor.background"),
      line: color("sideBar.border", "contrastBorder"),
      scheme: isDark(theme.type) ? "dark" : "light",
    });
  };
  themes.onDidColorThemeChange(remember);
  remember();
}
