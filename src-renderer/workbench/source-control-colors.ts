import { registerColor } from "@codingame/monaco-vscode-api/vscode/vs/platform/theme/common/colorUtils";
import { strings } from "../extension/strings.ts";

/** Of a file's name by what became of it, for light and dark themes: those of VS Code, and themes set them by the same names. */
const colors = [
  ["added", "#587c0c", "#81b88b"],
  ["modified", "#895503", "#e2c08d"],
  ["deleted", "#ad0707", "#c74e39"],
  ["renamed", "#007100", "#73c991"],
  ["untracked", "#007100", "#73c991"],
  ["ignored", "#8e8e90", "#8c8c8c"],
  ["stageModified", "#895503", "#e2c08d"],
  ["stageDeleted", "#ad0707", "#c74e39"],
  ["conflicting", "#ad0707", "#e4676b"],
] as const;

/** Names the colours of source control, before the first theme is drawn: the colours of an extension would come too late for it. */
export function registerSourceControlColors(): void {
  for (const [name, light, dark] of colors)
    registerColor(`gitDecoration.${name}ResourceForeground`, { light, dark, hcDark: dark, hcLight: light }, strings.git.colors[name]);
}
