import { EditorOption } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/config/editorOptions";
import { Selection } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/core/selection";
import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import { fix } from "#core/assist/fix";
import { assistActions } from "#core/assist/index";
import { readme } from "#core/assist/readme";
import { refactor } from "#core/assist/refactor";
import type { Disposable } from "#core/base/disposable";
import type { AssistRequest, ContextChoice } from "#core/contracts/assist";
import type { AskAgain } from "../../pages/seen-page.ts";
import { placeOf, windowWorkspace } from "../documents.ts";
import { showError } from "../errors.ts";
import type { Features } from "../features.ts";
import { commandOf } from "../manifest.ts";
import type { ModelStatus } from "../status/model-status.ts";
import { shortName } from "../status/status-text.ts";
import { strings } from "../strings.ts";
import { activeEditor } from "./active-editor.ts";
import { askFor, askOther } from "./ask-for.ts";
import "./assist.css";
import { openCard } from "./card.ts";
import { type CommitBox, registerChangeActions } from "./change.ts";
import { openProposedFile, settleNewFile } from "./file-proposal.ts";
import { registerActionsOnFiles } from "./files/files.ts";
import { createProposals } from "./files/proposals.ts";
import { registerFixTrace, type Traced } from "./fix-trace.ts";
import { askLanguageService, formatterOf } from "./language-service.ts";
import { codeActions } from "./light-bulb.ts";
import { createOpenAnswers } from "./open-answers.ts";
import type { Outcome } from "./outcome.ts";
import { followOwnActions } from "./own-actions.ts";
import { startReview } from "./review.ts";
import type { ReviewOptions } from "./review-options.ts";
import { headingOf, type RunnableAction } from "./runnable.ts";
import { documentedSelection, emptyLineOf, linesOf, problemsIn, selectionsOf } from "./selected-code.ts";
import { createSideBySide } from "./side-by-side.ts";
import { keepSelections } from "./waiting-selections.ts";
import { reviewOfWritten, type WrittenProposal } from "./written-proposal.ts";

/** UTF-16 units; larger files are not handed to extensions whole, and no model could use them. */
const largest = 10_000_000;

/** What is known before the user is asked. */
interface Given {
  readonly instruction?: string;
  readonly problems?: AssistRequest["problems"];
  readonly context?: ContextChoice;
  /** What is meant, in the place of what is selected. */
  readonly selection?: Selection;
}

/** Ways in which an action is run that do not begin in an editor. */
export interface Actions {
  /** Runs a request again that was made before, in the editor of its document. */
  replay(request: AssistRequest): Promise<void>;
  /** Runs an action on lines of a file as they are now, with a context the user has chosen. */
  askAgain(request: AskAgain): Promise<void>;
  /** Shows code that is there already as a change of a document, to be kept or undone hunk by hunk. */
  proposeWritten(proposal: WrittenProposal): Promise<Disposable | undefined>;
  /** Changes the selection, or the definition around the cursor, as an instruction says; at an empty line it writes what is said there. */
  instruct(instruction: string): Promise<void>;
}

/** Registers every inline action: command, light bulb, and the commands for what is open in an editor. A message for a commit is put into its box. */
export function registerActions(features: Features, status: ModelStatus, commitBox: CommitBox): Actions {
  const { vscode, own } = features;
  const answers = createOpenAnswers(features);
  const nameOf = (model: string) => status.names().get(model) ?? shortName(model);
  const openHistory = (id: string) => void vscode.commands.executeCommand("localcoder.history.open", id);
  const openSeen = (id: string) => void vscode.commands.executeCommand("localcoder.seen", id);

  const sideBySide = createSideBySide(features);
  const setUp = () => void vscode.commands.executeCommand("localcoder.setUp");

  async function run(action: RunnableAction, given: Given = {}): Promise<void> {
    const editor = activeEditor();
    const model = editor?.getModel();
    if (!editor || !model) return tell(strings.assist.selectFirst);
    if (action.shows === "diff" && editor.getOption(EditorOption.readOnly)) return tell(strings.assist.readOnly);
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === model.uri.toString());
    if (!document || model.getValueLength() > largest) return tell(strings.assist.tooLarge);
    const selections = given.selection ? [given.selection] : await selectionsOf(features.engine, editor, model, document.languageId);
    const [chosen, ...further] = selections;
    if (!chosen) return tell(strings.assist.selectFirst);
    const selection = action.takesDocumentation ? documentedSelection(model, document.languageId, chosen) : chosen;

    // While the instruction is typed the model can be read from the disk already; an older engine does not know that.
    void features.engine.models.preload({ role: action.role }).catch(() => {});
    const problems = given.problems ?? (action.takesProblems ? problemsIn(vscode, document, selection) : []);
    const instruction = given.instruction ?? (problems.length > 0 ? "" : await askFor(vscode, action));
    if (instruction === undefined) return;

    const { first, last } = linesOf(selection);
    const lines = { first, count: last - first + 1 };
    if (action.shows === "diff" && further.length === 0) {
      const range = new vscode.Range(first - 1, 0, last - 1, model.getLineMaxColumn(last) - 1);
      if (await askLanguageService(vscode, document, range, instruction)) return;
    }
    const place = placeOf(vscode, document);
    const request: AssistRequest = {
      action: action.id,
      ...place,
      text: model.getValue(),
      // A diff is of whole lines; an explanation is of what is selected.
      selection:
        action.shows === "card"
          ? { start: model.getOffsetAt(selection.getStartPosition()), end: model.getOffsetAt(selection.getEndPosition()) }
          : {
              start: model.getOffsetAt({ lineNumber: first, column: 1 }),
              end: model.getOffsetAt({ lineNumber: last, column: model.getLineMaxColumn(last) }),
            },
      instruction: instruction === "" ? undefined : instruction,
      problems,
      context: given.context,
      wait: true,
    };
    const common = { engine: features.engine, title: headingOf(action, request), request, lines, nameOf, openHistory, openSeen, setUp };
    editor.focus();
    if (action.shows === "file") return propose(action, { ...request, verify: await mayRunTests(place.workspace) });
    if (action.shows === "diff") {
      const format = await formatterOf(vscode, document);
      // The selection would cover the colours of the diff.
      editor.setPosition({ lineNumber: first, column: model.getLineFirstNonWhitespaceColumn(first) || 1 });
      const waiting = keepSelections(model, further);
      const next = () => {
        const selections = waiting();
        const shown = activeEditor();
        if (selections.length === 0 || shown?.getModel() !== model) return;
        shown.setSelections([...selections]);
        void run(action, { ...given, instruction, problems: undefined });
      };
      review(model, { ...common, editor, format, askOther: () => askOther(vscode, status, action, request.instruction) }, next);
    } else {
      answers.card(model, (ended) =>
        openCard({
          ...common,
          editor,
          continueInChat: (id) => void vscode.commands.executeCommand("localcoder.chat.continue", id),
          copy: async (text) => vscode.env.clipboard.writeText(text),
          ended,
        }),
      );
    }
  }

  function review(model: ITextModel, options: Omit<ReviewOptions, "ended" | "beside">, ended: ReviewOptions["ended"]): Disposable {
    const uri = vscode.Uri.parse(model.uri.toString());
    return answers.review(model, (closed) =>
      startReview({
        ...options,
        beside: {
          show: (text) => void sideBySide.show(uri, text, options.title),
          follow: (text) => sideBySide.follow(uri, text),
          close: () => void sideBySide.close(uri),
        },
        ended: (isDecided) => {
          closed();
          ended(isDecided);
        },
      }),
    );
  }

  /** Shows the file that an action writes, in an editor of its own. */
  async function propose(action: RunnableAction, request: AssistRequest): Promise<void> {
    try {
      const file = await openProposedFile(vscode, features.engine, request);
      const model = file?.editor.getModel();
      if (!file || !model) return tell(strings.assist.noSuchFile);
      const lines = { first: 1, count: model.getLineCount() };
      const common = { engine: features.engine, title: headingOf(action, request), request, lines, nameOf, openHistory, openSeen, setUp };
      review(
        model,
        { ...common, editor: file.editor, isFile: true, askOther: () => askOther(vscode, status, action, request.instruction) },
        file.ended,
      );
    } catch (error) {
      await showError(vscode, error);
    }
  }

  async function proposeWritten(proposal: WrittenProposal): Promise<Disposable | undefined> {
    if (vscode.window.activeTextEditor?.document !== proposal.document || proposal.said === undefined) {
      const shown = await vscode.window.showTextDocument(proposal.document, { preview: false });
      shown.selection = new vscode.Selection(proposal.from, 0, proposal.from, 0);
    }
    const editor = activeEditor();
    const model = editor?.getModel();
    if (!editor || model?.uri.toString() !== proposal.document.uri.toString()) return tell(strings.assist.selectFirst);
    if (editor.getOption(EditorOption.readOnly)) return tell(strings.assist.readOnly);
    const { source, ...about } = reviewOfWritten(vscode, model, proposal);
    const { report } = proposal;
    const engine = { ...source, sessions: report ? { report: async (found: Outcome) => report(found.outcome) } : features.engine.sessions };
    const { uri } = proposal.document;
    // Named and on no disk: not one of the user's own that has no name yet.
    const isNew = uri.scheme === "untitled" && uri.path.startsWith("/") && proposal.document.getText() === "";
    const ended = (isDecided: boolean) => {
      if (isNew) settleNewFile(vscode, proposal.document);
      proposal.ended?.(isDecided);
    };
    return review(model, { ...about, engine, editor, nameOf, openHistory, openSeen, setUp, beyond: proposal.beyond }, ended);
  }

  async function writeReadme(): Promise<void> {
    const workspace = windowWorkspace(vscode);
    if (workspace === undefined) return tell(strings.trace.noFolder);
    const action = { ...readme, takesProblems: undefined };
    const request: AssistRequest = {
      action: readme.id,
      path: "README.md",
      languageId: "markdown",
      workspace,
      text: "",
      selection: { start: 0, end: 0 },
    };
    await propose(action, request);
  }

  async function fixTrace({ trace, suspect }: Traced): Promise<void> {
    const at = new vscode.Position(suspect.line - 1, 0);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(suspect.path));
    const line = document.lineAt(Math.min(suspect.line, document.lineCount) - 1);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
    const editor = activeEditor();
    const model = editor?.getModel();
    // The function around it; where there is none, the line itself.
    if (editor && model && (await selectionsOf(features.engine, editor, model, document.languageId)).length === 0)
      editor.setSelection(new Selection(suspect.line, 1, suspect.line, line.text.length + 1));
    await run(fix, { instruction: trace, problems: [{ line: suspect.line, message: suspect.why.slice(0, 2000) }] });
  }

  async function mayRunTests(workspace: string | undefined): Promise<boolean> {
    const { settings } = await features.engine.settings.read({ workspace });
    return workspace !== undefined && settings["localcoder.actions.runTests"];
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
    await run(action, { instruction: instruction ?? "" });
  }

  async function askAgain({ action: id, path, lines, instruction, context }: AskAgain): Promise<void> {
    const action = assistActions.find((each) => each.id === id);
    if (!action) return tell(strings.waitingRequests.changed);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
    const range = document.validateRange(new vscode.Range(lines.from - 1, 0, lines.to - 1, Number.MAX_SAFE_INTEGER));
    await vscode.window.showTextDocument(document, { selection: range });
    await run(action, { instruction, context });
  }

  function tell(text: string): undefined {
    vscode.window.setStatusBarMessage(text, 5000);
  }

  const command = (id: string, run: () => unknown) => own(vscode.commands.registerCommand(id, run));
  for (const action of assistActions) command(commandOf(action), () => run(action));

  command("localcoder.readme", writeReadme);
  registerChangeActions(features, commitBox);
  registerFixTrace(features, fixTrace);
  const ownActions = followOwnActions(features, (action) => run(action));
  registerActionsOnFiles(features, createProposals(features, proposeWritten), ownActions.choose);

  const builtIn = assistActions.map((action) => ({ action, command: commandOf(action), languages: [] }));
  own(
    vscode.languages.registerCodeActionsProvider(
      [{ scheme: "file" }, { scheme: "untitled" }],
      codeActions(vscode, () => [...builtIn, ...ownActions.offered()]),
      { providedCodeActionKinds: [vscode.CodeActionKind.RefactorRewrite, vscode.CodeActionKind.QuickFix] },
    ),
  );
  const rewriting = assistActions.find(({ id }) => id === refactor.id);
  return {
    replay,
    askAgain,
    proposeWritten,
    async instruct(instruction) {
      const editor = activeEditor();
      // At an empty line something is to be written there.
      if (rewriting) await run(rewriting, { instruction, selection: editor && emptyLineOf(editor) });
    },
  };
}
