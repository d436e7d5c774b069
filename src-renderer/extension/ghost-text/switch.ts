import type * as vscodeApi from "vscode";
import { globOf } from "#core/base/globs";
import { isExcluded } from "#core/completion/exclusion";
import type { Settings } from "#core/settings/schema";
import { placeOf } from "../documents.ts";
import type { Features } from "../features.ts";
import { languageEnabled } from "./rules.ts";

/** How sure the model must be before a suggestion is shown. */
export type Confidence = Settings["localcoder.completion.confidence"];

/** Where the user excluded something by its own path, from the menu. */
export interface ExcludedPath {
  /** The path as the menu shows it, from the workspace folder on. */
  readonly shown: string;
  readonly pattern: string;
  readonly excluded: boolean;
}

/** Reads and changes the settings that switch ghost text on and off. */
export interface GhostTextSwitch {
  readonly everywhere: () => boolean;
  readonly forLanguage: (languageId: string) => boolean;
  /** True when patterns of the user or of the workspace exclude the document. */
  readonly excludes: (document: vscodeApi.TextDocument) => boolean;
  /** The longest wait after a key, in milliseconds. */
  readonly longestWait: (document: vscodeApi.TextDocument) => number;
  /** The file and its folder, to be excluded or not; nothing for a document that is no file. */
  readonly pathsOf: (document: vscodeApi.TextDocument) => { readonly file: ExcludedPath; readonly folder: ExcludedPath } | undefined;
  readonly confidence: () => Confidence;
  readonly toggle: () => Promise<void>;
  readonly toggleLanguage: (languageId: string) => Promise<void>;
  readonly togglePattern: (pattern: string) => Promise<void>;
  readonly setConfidence: (confidence: Confidence) => Promise<void>;
}

/** The switch of this window; it writes the user's settings, so that it holds in every window. */
export function createGhostTextSwitch({ vscode, start, own }: Features): GhostTextSwitch {
  const known = new Map<string, unknown>();
  own(vscode.workspace.onDidChangeConfiguration(() => known.clear()));
  own(vscode.workspace.onDidChangeWorkspaceFolders(() => known.clear()));

  /** Settings are asked for at each key, and reading them is not cheap. */
  function remembered<T>(key: string, read: () => T): T {
    if (!known.has(key)) known.set(key, read());
    return known.get(key) as T;
  }

  const settings = (scope?: vscodeApi.ConfigurationScope) => vscode.workspace.getConfiguration("localcoder.completion", scope);
  const everywhere = () => remembered("enabled", () => settings().get<boolean>("enabled") ?? true);
  const languages = () => remembered("languages", () => settings().get<Record<string, boolean>>("languages") ?? {});
  const ownPatterns = () => settings().inspect<string[]>("exclude")?.globalValue ?? [];
  const update = (name: string, value: unknown) => settings().update(name, value, vscode.ConfigurationTarget.Global);

  /** As the engine reads them: a workspace adds to the user's. */
  function patternsFor(document: vscodeApi.TextDocument): readonly string[] {
    const found = settings(document).inspect<string[]>("exclude");
    return [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue].flatMap((some) => some ?? []);
  }

  return {
    everywhere,
    forLanguage: (languageId) => languageEnabled(languages(), languageId),
    excludes: (document) =>
      remembered(`exclude ${document.uri}`, () => isExcluded(patternsFor(document), placeOf(vscode, document), start.platform)),
    longestWait: (document) => remembered(`delay ${document.uri}`, () => settings(document).get<number>("delay") ?? 0),
    pathsOf(document) {
      if (document.uri.scheme !== "file") return undefined;
      const folder = vscode.Uri.joinPath(document.uri, "..");
      const own = ownPatterns();
      const pathOf = (uri: vscodeApi.Uri): ExcludedPath => {
        const pattern = globOf(uri.fsPath);
        const workspace = vscode.workspace.getWorkspaceFolder(uri);
        // Seen from itself, the workspace folder has no relative path.
        const shown = workspace?.uri.path === uri.path ? workspace.name : vscode.workspace.asRelativePath(uri);
        return { shown, pattern, excluded: own.includes(pattern) };
      };
      return { file: pathOf(document.uri), folder: pathOf(folder) };
    },
    confidence: () => settings().get<Confidence>("confidence") ?? "balanced",
    async toggle() {
      await update("enabled", !everywhere());
    },
    async toggleLanguage(languageId) {
      await update("languages", { ...languages(), [languageId]: !languageEnabled(languages(), languageId) });
    },
    async togglePattern(pattern) {
      const own = ownPatterns();
      await update("exclude", own.includes(pattern) ? own.filter((other) => other !== pattern) : [...own, pattern]);
    },
    async setConfidence(confidence) {
      await update("confidence", confidence);
    },
  };
}
