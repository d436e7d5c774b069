import { getService, IEditorService } from "@codingame/monaco-vscode-api";
import type { IDisposable, IReference } from "@codingame/monaco-vscode-api/vscode/vs/base/common/lifecycle";
import { type ICodeEditor, isCodeEditor, MouseTargetType } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import type { IEditorDecorationsCollection } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/editorCommon";
import { type IModelDeltaDecoration, MinimapPosition, OverviewRulerLane } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import { themeColorFromId } from "@codingame/monaco-vscode-api/vscode/vs/platform/theme/common/themeService";
import { IQuickDiffModelService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/contrib/scm/browser/quickDiffModel.service";
import type { QuickDiffChange } from "@codingame/monaco-vscode-api/vscode/vs/workbench/contrib/scm/common/quickDiff";
import "./quick-diff.css";

/** What differs between open files and what source control has of them. */
export interface QuickDiff extends IDisposable {
  /** Of the file with this address; empty where it is in no editor. */
  changesOf(address: string): readonly QuickDiffChange[];
}

type Model = NonNullable<ReturnType<IQuickDiffModelService["createQuickDiffModelReference"]>>["object"];

/** One editor with the marks at its edge. */
interface Marked extends IDisposable {
  readonly address: string;
  readonly model: Model;
}

/**
 * Marks changed lines at the edge of editors. The workbench from npm computes them, and leaves out the part that draws them.
 * `onClick` is told of a click on a mark.
 */
export async function registerQuickDiff(onClick: (address: string) => void): Promise<QuickDiff> {
  const [editors, models] = await Promise.all([getService(IEditorService), getService(IQuickDiffModelService)]);
  const marked = new Map<ICodeEditor, Marked>();

  function update(): void {
    const visible = new Set(editors.visibleTextEditorControls.filter((control) => isCodeEditor(control)));
    for (const [editor, { address, dispose }] of marked) {
      if (visible.has(editor) && editor.getModel()?.uri.toString() === address) continue;
      dispose();
      marked.delete(editor);
    }
    for (const editor of visible) {
      if (marked.has(editor)) continue;
      const uri = editor.getModel()?.uri;
      const reference = uri?.scheme === "file" ? models.createQuickDiffModelReference(uri, { algorithm: "legacy" }) : undefined;
      if (uri && reference) marked.set(editor, mark(editor, uri.toString(), reference));
    }
  }

  function mark(editor: ICodeEditor, address: string, reference: IReference<Model>): Marked {
    const model = reference.object;
    const marks: IEditorDecorationsCollection = editor.createDecorationsCollection();
    const show = () => marks.set(model.changes.map(decorationOf));
    const open = [
      model.onDidChange(show),
      editor.onMouseDown(({ target }) => {
        if (target.type === MouseTargetType.GUTTER_LINE_DECORATIONS && target.element?.classList.contains(name)) onClick(address);
      }),
      reference,
    ];
    show();
    return {
      address,
      model,
      dispose() {
        marks.clear();
        for (const each of open) each.dispose();
      },
    };
  }

  // An editor shows another file without becoming another editor, and a file is there some time after its editor.
  const open = [editors.onDidVisibleEditorsChange(update), editors.onDidActiveEditorChange(update)];
  update();
  return {
    changesOf: (address) => [...marked.values()].find((each) => each.address === address)?.model.changes ?? [],
    dispose() {
      for (const each of [...open, ...marked.values()]) each.dispose();
    },
  };
}

const name = "localcoder-changed-lines";

function decorationOf({ change }: QuickDiffChange): IModelDeltaDecoration {
  const kind = kindOf(change);
  // Lines that are gone are marked below the one before them.
  const start = Math.max(1, change.modifiedStartLineNumber);
  const end = Math.max(start, change.modifiedEndLineNumber);
  return {
    range: { startLineNumber: start, startColumn: 1, endLineNumber: end, endColumn: 1 },
    options: {
      description: name,
      isWholeLine: true,
      linesDecorationsClassName: `${name} ${kind}`,
      overviewRuler: { color: themeColorFromId(`editorOverviewRuler.${kind}Foreground`), position: OverviewRulerLane.Left },
      minimap: { color: themeColorFromId(`minimapGutter.${kind}Background`), position: MinimapPosition.Gutter },
    },
  };
}

/** As the colours are named. An end of 0 stands for no line on that side. */
function kindOf({ originalEndLineNumber, modifiedEndLineNumber }: QuickDiffChange["change"]): "added" | "deleted" | "modified" {
  if (originalEndLineNumber === 0) return "added";
  return modifiedEndLineNumber === 0 ? "deleted" : "modified";
}
