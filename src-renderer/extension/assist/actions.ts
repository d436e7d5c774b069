import { ICodeEditorService, StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { type ICodeEditor, isCodeEditor, isDiffEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import { EditorOption } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/config/editorOptions";
import { Selection } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/core/selection";
import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import { IEditorService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/editor/common/editorService.service";
import type * as vscodeApi from "vscode";
import { assistActions, type EditorAction } from "#core/assist/index";
import type { AssistRequest, ContextChoice } from "#core/contracts/assist";
import type { AskAgain } from "../../pages/seen-page.ts";
import { placeOf } from "../documents.ts";
import type { Features } from "../features.ts";
import { commandOf } from "../manifest.ts";
import type { ModelStatus } from "../status/model-status.ts";
import { shortName } from "../status/status-text.ts";
import { strings } from "../strings.ts";
import "./assist.css";
import { type Card, openCard } from "./card.ts";
import { type Review, startReview } from "./review.ts";

/** UTF-16 units; larger files are not handed to extensions whole, and no model could use them. */
const largest = 10_000_000;
/** More would only distract a small model. */
const mostProblems = 5;

/** Ways in which an action is run that do not begin in an editor. */
export interface Actions {
  /** Runs a request again that was made before, in the editor of its document. */
  replay(request: AssistRequest): Promise<void>;
  /** Runs an action on lines of a file as they are now, with a context the user has chosen. */
  askAgain(request: AskAgain): Promise<void>;
}

/** Registers every inline action: command, light bulb, and the commands for what is open in an editor. */
export function registerActions(features: Features, status: ModelStatus): Actions {
  const { vscode, own } = features;
  const reviews = new Map<ITextModel, Review>();
  const cards = new Map<ITextModel, Card>();

  const opened = () => {
    void vscode.commands.executeCommand("setContext", "localcoder.anyReview", reviews.size > 0);
    void vscode.commands.executeCommand("setContext", "localcoder.anyCard", cards.size > 0);
  };
  const nameOf = (model: string) => status.names().get(model) ?? shortName(model);
  const openHistory = (id: string) => void vscode.commands.executeCommand("localcoder.history.open", id);
  const openSeen = (id: string) => void vscode.commands.executeCommand("localcoder.seen", id);

  const setUp = () => void vscode.commands.executeCommand("localcoder.setUp");

  async function run(action: EditorAction, given?: string, context?: ContextChoice): Promise<void> {
    const editor = activeEditor();
    const model = editor?.getModel();
    if (!editor || !model) return tell(strings.assist.selectFirst);
    if (action.shows === "diff" && editor.getOption(EditorOption.readOnly)) return tell(strings.assist.readOnly);
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === model.uri.toString());
    if (!document || model.getValueLength() > largest) return tell(strings.assist.tooLarge);
    const selection = await selectionOf(editor, model, document.languageId);
    if (!selection) return tell(strings.assist.selectFirst);

    // While the instruction is typed the model can be read from the disk already; an older engine does not know that.
    void features.engine.models.preload({ role: action.role }).catch(() => {});
    const problems = action.takesProblems ? problemsIn(vscode, document, selection) : [];
    const instruction = given ?? (problems.length > 0 ? "" : await askFor(vscode, action));
    if (instruction === undefined) return;

    const first = selection.startLineNumber;
    const end = selection.endColumn === 1 && selection.endLineNumber > first ? selection.endLineNumber - 1 : selection.endLineNumber;
    const lines = { first, count: end - first + 1 };
    const request: AssistRequest = {
      action: action.id,
      ...placeOf(vscode, document),
      text: model.getValue(),
      // A diff is of whole lines; an explanation is of what is selected.
      selection:
        action.shows === "diff"
          ? {
              start: model.getOffsetAt({ lineNumber: first, column: 1 }),
              end: model.getOffsetAt({ lineNumber: end, column: model.getLineMaxColumn(end) }),
            }
          : { start: model.getOffsetAt(selection.getStartPosition()), end: model.getOffsetAt(selection.getEndPosition()) },
      instruction: instruction === "" ? undefined : instruction,
      problems,
      context,
      wait: true,
    };
    const title = action.title.replace(/…$/, "");
    const common = { engine: features.engine, editor, title, request, lines, nameOf, openHistory, openSeen, setUp };
    editor.focus();
    if (action.shows === "diff") {
      reviews.get(model)?.dispose();
      // The selection would cover the colours of the diff.
      editor.setPosition({ lineNumber: first, column: model.getLineFirstNonWhitespaceColumn(first) || 1 });
      const review: Review = startReview({ ...common, ended: () => forget(reviews, model, review) });
      reviews.set(model, review);
    } else {
      cards.get(model)?.dispose();
      const card: Card = openCard({
        ...common,
        copy: async (text) => vscode.env.clipboard.writeText(text),
        ended: () => forget(cards, model, card),
      });
      cards.set(model, card);
    }
    opened();
  }

  async function replay({ action: id, path, text, selection, instruction }: AssistRequest): Promise<void> {
    const action = assistActions.find((each) => each.id === id);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
    const selected = text.slice(selection.start, selection.end);
    // It may have moved since, as long as it is still the same code.
    const start = document.getText() === text ? selection.start : document.getText().indexOf(selected);
    if (!action || start < 0) return tell(strings.waitingRequests.changed);
    const range = new vscode.Range(document.positionAt(start), document.positionAt(start + selected.length));
    await vscode.window.showTextDocument(document, { selection: range });
    await run(action, instruction ?? "");
  }

  async function askAgain({ action: id, path, lines, instruction, context }: AskAgain): Promise<void> {
    const action = assistActions.find((each) => each.id === id);
    if (!action) return tell(strings.waitingRequests.changed);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
    const range = document.validateRange(new vscode.Range(lines.from - 1, 0, lines.to - 1, Number.MAX_SAFE_INTEGER));
    await vscode.window.showTextDocument(document, { selection: range });
    await run(action, instruction, context);
  }

  /** What is selected, else the definition around the cursor. */
  async function selectionOf(editor: ICodeEditor, model: ITextModel, languageId: string): Promise<Selection | undefined> {
    const selection = editor.getSelection();
    if (!selection?.isEmpty()) return selection ?? undefined;
    const offset = model.getOffsetAt(selection.getPosition());
    const around = await features.engine.assist.definitionAround({ languageId, text: model.getValue(), offset }).catch(() => null);
    if (around === null) return undefined;
    return Selection.fromPositions(model.getPositionAt(around.start), model.getPositionAt(around.end));
  }

  function forget<T>(all: Map<ITextModel, T>, model: ITextModel, item: T): void {
    if (all.get(model) === item) all.delete(model);
    opened();
  }

  function tell(text: string): void {
    vscode.window.setStatusBarMessage(text, 5000);
  }

  const command = (id: string, run: () => unknown) => own(vscode.commands.registerCommand(id, run));
  for (const action of assistActions) command(commandOf(action), () => run(action));

  const review = () => ofActive(reviews);
  const card = () => ofActive(cards);
  command("localcoder.review.keepAll", () => review()?.keepAll());
  command("localcoder.review.undoAll", () => review()?.undoAll());
  command("localcoder.review.keepHunk", () => review()?.keepNearest());
  command("localcoder.review.undoHunk", () => review()?.undoNearest());
  command("localcoder.review.next", () => review()?.go(1));
  command("localcoder.review.previous", () => review()?.go(-1));
  command("localcoder.answer.stop", () => (review() ?? card())?.stop());
  command("localcoder.answer.again", () => (review() ?? card())?.again());
  command("localcoder.answer.focus", () => (card() ?? review())?.focus());
  // The nearest thing first: a card lies over the code, a proposal is part of it.
  command("localcoder.answer.escape", () => (card() ?? review())?.escape());

  own(
    vscode.languages.registerCodeActionsProvider([{ scheme: "file" }, { scheme: "untitled" }], codeActions(vscode), {
      providedCodeActionKinds: [vscode.CodeActionKind.RefactorRewrite, vscode.CodeActionKind.QuickFix],
    }),
  );
  return { replay, askAgain };
}

/** What language services say about the selected lines, mistakes first. */
function problemsIn(vscode: typeof vscodeApi, document: vscodeApi.TextDocument, selection: Selection): AssistRequest["problems"] & object {
  const { startLineNumber, endLineNumber } = selection;
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning)
    .map(({ range, message, severity }) => ({ line: range.start.line + 1, message: message.slice(0, 2000), severity }))
    .filter(({ line }) => line >= startLineNumber && line <= endLineNumber)
    .sort((a, b) => a.severity - b.severity)
    .slice(0, mostProblems)
    .map(({ line, message }) => ({ line, message }));
}

async function askFor(vscode: typeof vscodeApi, action: EditorAction): Promise<string | undefined> {
  if (action.instruction === "none") return "";
  const title = action.title.replace(/…$/, "");
  const required = action.instruction === "required";
  return vscode.window.showInputBox({
    title,
    prompt: required
      ? strings.assist.instructionRequired
      : action.takesProblems
        ? strings.assist.whatIsWrong
        : strings.assist.instructionOptional,
    validateInput: (value) =>
      required && value.trim() === ""
        ? { message: strings.assist.instructionRequired, severity: vscode.InputBoxValidationSeverity.Info }
        : undefined,
  });
}

/** Offers the actions at the light bulb: for a selection, and Fix wherever there is a problem. */
function codeActions(vscode: typeof vscodeApi): vscodeApi.CodeActionProvider {
  const offer = (action: EditorAction, kind: vscodeApi.CodeActionKind) => {
    const offered = new vscode.CodeAction(action.title, kind);
    offered.command = { command: commandOf(action), title: action.title };
    return offered;
  };
  return {
    provideCodeActions(_document, range, context) {
      const asked = context.triggerKind === vscode.CodeActionTriggerKind.Invoke;
      const problems = context.diagnostics.filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning);
      const quick = assistActions
        .filter(({ takesProblems }) => takesProblems && problems.length > 0)
        .map((action) => {
          const offered = offer({ ...action, title: strings.assist.fixProblem }, vscode.CodeActionKind.QuickFix);
          offered.diagnostics = problems;
          return offered;
        });
      // Without a selection the bulb stays dark: it would otherwise light up on every line.
      if (range.isEmpty || (!asked && range.isSingleLine)) return quick;
      return [...quick, ...assistActions.map((action) => offer(action, vscode.CodeActionKind.RefactorRewrite))];
    },
  };
}

function activeEditor(): ICodeEditor | undefined {
  const focused = StandaloneServices.get(ICodeEditorService).getFocusedCodeEditor();
  if (focused) return focused;
  const control = StandaloneServices.get(IEditorService).activeTextEditorControl;
  if (isCodeEditor(control)) return control;
  return isDiffEditor(control) ? control.getModifiedEditor() : undefined;
}

function ofActive<T>(all: ReadonlyMap<ITextModel, T>): T | undefined {
  const model = activeEditor()?.getModel();
  return model ? all.get(model) : undefined;
}
