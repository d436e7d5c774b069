import type * as vscodeApi from "vscode";
import { languageEnabled } from "./rules.ts";

/** Reads and changes the settings that switch ghost text on and off. */
export interface GhostTextSwitch {
  readonly everywhere: () => boolean;
  readonly forLanguage: (languageId: string) => boolean;
  readonly toggle: () => Promise<void>;
  readonly toggleLanguage: (languageId: string) => Promise<void>;
}

/** The switch of this window; it writes the user's settings, so that it holds in every window. */
export function createGhostTextSwitch(vscode: typeof vscodeApi): GhostTextSwitch {
  const settings = () => vscode.workspace.getConfiguration("localcoder.completion");
  const languages = () => settings().get<Record<string, boolean>>("languages") ?? {};
  return {
    everywhere: () => settings().get<boolean>("enabled") ?? true,
    forLanguage: (languageId) => languageEnabled(languages(), languageId),
    async toggle() {
      await settings().update("enabled", !(settings().get<boolean>("enabled") ?? true), vscode.ConfigurationTarget.Global);
    },
    async toggleLanguage(languageId) {
      const changed = { ...languages(), [languageId]: !languageEnabled(languages(), languageId) };
      await settings().update("languages", changed, vscode.ConfigurationTarget.Global);
    },
  };
}
