import type * as vscodeApi from "vscode";
import { strings } from "../strings.ts";
import type { RunnableAction } from "./runnable.ts";

/** An action that is offered at the light bulb. */
export interface OfferedAction {
  readonly action: RunnableAction;
  readonly command: string;
  /** Languages it is for; all where there are none. */
  readonly languages: readonly string[];
}

const exported =
  /^\s*(?:export\s+(?:default\s+)?(?:async\s+|abstract\s+)?(?:function|class|interface|type|enum|const)\b|(?:async\s+)?def\s+(?!_)|class\s+(?!_)|pub\s+(?:async\s+)?(?:fn|struct|enum|trait)\b|func\s+(?:\([^)]*\)\s*)?[A-Z]|public\s)/;

/** True for the line of a declaration that others use and that has no documentation. */
export function isUndocumented(languageId: string, lineAt: (line: number) => string, line: number): boolean {
  if (!exported.test(lineAt(line))) return false;
  if (languageId === "python") return !/^\s*[rRuU]?(?:"""|''')/.test(lineAt(line + 1));
  return !/^\s*(?:\/\/|\*|\/\*|#|@)/.test(lineAt(line - 1));
}

/** Offers the actions at the light bulb: for a selection, and Fix wherever there is a problem. */
export function codeActions(vscode: typeof vscodeApi, offered: () => readonly OfferedAction[]): vscodeApi.CodeActionProvider {
  const offer = (title: string, command: string, kind: vscodeApi.CodeActionKind) => {
    const item = new vscode.CodeAction(title, kind);
    item.command = { command, title };
    return item;
  };
  return {
    provideCodeActions(document, range, context) {
      const asked = context.triggerKind === vscode.CodeActionTriggerKind.Invoke;
      const problems = context.diagnostics.filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning);
      const here = offered().filter(({ languages }) => languages.length === 0 || languages.includes(document.languageId));
      const quick = here
        .filter(({ action }) => action.takesProblems && problems.length > 0)
        .map(({ command }) => {
          const item = offer(strings.assist.fixProblem, command, vscode.CodeActionKind.QuickFix);
          item.diagnostics = problems;
          return item;
        });
      // Without a selection the bulb stays dark: it would otherwise light up on every line.
      if (range.isEmpty) {
        const line = range.start.line;
        const undocumented =
          asked && isUndocumented(document.languageId, (at) => (at < 0 || at >= document.lineCount ? "" : document.lineAt(at).text), line);
        const documenting = undocumented ? here.filter(({ action }) => action.id === "document") : [];
        return [...quick, ...documenting.map(({ action, command }) => offer(action.title, command, vscode.CodeActionKind.RefactorRewrite))];
      }
      if (!asked && range.isSingleLine) return quick;
      return [...quick, ...here.map(({ action, command }) => offer(action.title, command, vscode.CodeActionKind.RefactorRewrite))];
    },
  };
}
