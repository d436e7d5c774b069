import { BrowserWorkbenchEnvironmentService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/environment/browser/environmentService";

/**
 * Says that the window is no workbench under development. It would take a program without a commit for one: keep a stack trace
 * of each object that has to be disposed of, wait as long for fast languages as for slow ones, and open its proposed
 * interfaces to every extension. Called before the workbench starts.
 */
export function declareReleased(): void {
  Object.defineProperty(BrowserWorkbenchEnvironmentService.prototype, "isBuilt", { get: () => true });
}
