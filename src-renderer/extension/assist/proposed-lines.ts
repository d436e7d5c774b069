import { StandaloneServices } from "@codingame/monaco-vscode-api/services";
import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import {
  LineSource,
  RenderOptions,
  renderLines,
} from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/widget/diffEditor/components/diffEditorViewZones/renderLines";
import { EditorOption } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/config/editorOptions";
import { TokenizationRegistry } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/languages";
import { ILanguageService } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/languages/language.service";
import { LineTokens } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/tokens/lineTokens";
import { type Disposable, toDisposable } from "#core/base/disposable";
import { tokenizationOf } from "./internals.ts";

/** Shows lines of code below a line of an editor, in the colours of its language, as lines that would be added. */
export function showProposedLines(
  editor: ICodeEditor,
  afterLine: number,
  lines: readonly string[],
  order: number,
  onTop?: (top: number) => void,
): Disposable {
  const model = editor.getModel();
  const code = document.createElement("div");
  code.className = "view-lines localcoder-proposed";
  const margin = document.createElement("div");
  margin.className = "localcoder-proposed-margin";
  if (!model) return toDisposable(() => undefined);

  const { languageIdCodec } = StandaloneServices.get(ILanguageService);
  const draw = () => {
    // Tokens depend on what stands above, so the lines are read as if they stood there.
    const tokens =
      tokenizationOf(model).tokenizeLinesAt(Math.min(afterLine + 1, model.getLineCount()), [...lines]) ??
      lines.map((line) => LineTokens.createEmpty(line, languageIdCodec));
    return renderLines(new LineSource(tokens), RenderOptions.fromEditor(editor), [], code, true);
  };
  const { heightInLines, minWidthInPx } = draw();
  // Colours are numbers that mean something else in another theme.
  const recoloured = TokenizationRegistry.onDidChange(({ changedColorMap }) => changedColorMap && draw());
  const lineHeight = editor.getOption(EditorOption.lineHeight);
  for (let row = 0; row < heightInLines; row++) {
    const sign = document.createElement("div");
    sign.textContent = "+";
    // As tall as the lines they stand beside, which need not be as tall as their own font would have it.
    sign.style.height = `${lineHeight}px`;
    margin.append(sign);
  }

  let id = "";
  editor.changeViewZones((accessor) => {
    id = accessor.addZone({
      afterLineNumber: afterLine,
      heightInLines,
      minWidthInPx,
      domNode: code,
      marginDomNode: margin,
      ordinal: order,
      showInHiddenAreas: true,
      onDomNodeTop: onTop,
    });
  });
  return toDisposable(() => {
    recoloured.dispose();
    editor.changeViewZones((accessor) => accessor.removeZone(id));
  });
}
