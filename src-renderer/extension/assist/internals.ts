import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import type { ITokenizationTextModelPart } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/tokenizationTextModelPart";
import { IContextKeyService } from "@codingame/monaco-vscode-api/vscode/vs/platform/contextkey/common/contextkey.service";
import type { ServicesAccessor } from "@codingame/monaco-vscode-api/vscode/vs/platform/instantiation/common/instantiation";

// Members that every editor of the workbench has, but that its published types leave out.
interface EditorMembers {
  readonly isSimpleWidget: boolean;
  delegateScrollFromMouseWheelEvent(event: WheelEvent): void;
  invokeWithinContext<T>(run: (accessor: ServicesAccessor) => T): T;
}

/** True for one-line and other small editors inside views, which never show a file. */
export function isSimpleWidget(editor: ICodeEditor): boolean {
  return (editor as unknown as EditorMembers).isSimpleWidget;
}

/** Scrolls an editor as if the wheel had been turned over its text. */
export function scrollByWheel(editor: ICodeEditor, event: WheelEvent): void {
  (editor as unknown as EditorMembers).delegateScrollFromMouseWheelEvent(event);
}

/** Sets a context key for one editor only, for conditions of keys and menus. */
export function setContextKey(editor: ICodeEditor, key: string): { reset(): void } {
  const keys = (editor as unknown as EditorMembers).invokeWithinContext((accessor) => accessor.get(IContextKeyService));
  const bound = keys.createKey<boolean>(key, false);
  bound.set(true);
  return bound;
}

/** The part of a document that colours it. */
export function tokenizationOf(model: ITextModel): ITokenizationTextModelPart {
  return (model as unknown as { readonly tokenization: ITokenizationTextModelPart }).tokenization;
}
