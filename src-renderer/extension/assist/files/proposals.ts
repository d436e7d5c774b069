import type * as vscodeApi from "vscode";
import type { Disposable } from "#core/base/disposable";
import type { SessionOutcome } from "#core/contracts/sessions";
import { mergeLines } from "#core/edits/merge";
import type { Features } from "../../features.ts";
import { strings } from "../../strings.ts";
import { changesBetween, editFor, linesOf, type ProposedChange } from "../proposal.ts";
import type { WrittenProposal } from "../written-proposal.ts";
import type { FileAnswer, LeftPlace } from "./answer-file.ts";

const words = strings.files;

/** The proposals for files that nobody has decided about yet. Nothing of them is in a document or on the disk. */
export interface Proposals {
  /** One more; in the place of one for the same file. It is shown at once where its file is. */
  add(file: { readonly uri: vscodeApi.Uri; readonly name: string; readonly title: string; readonly answer: FileAnswer }): void;
  /** Opens the file of the first one. */
  showFirst(): Promise<void>;
}

interface Pending {
  readonly uri: vscodeApi.Uri;
  readonly name: string;
  readonly title: string;
  readonly answer: FileAnswer;
  /** What became of the changes that its review has shown so far. */
  outcome?: SessionOutcome;
  /** Its review, while it is open. */
  review?: Disposable | undefined;
}

/** A row of the list: a file, a place that was left as it is, or what can be done with all. */
interface Row extends vscodeApi.QuickPickItem {
  run(): unknown;
}

/** Creates {@link Proposals}: marks in the Explorer, an entry in the status bar with the list, and a review where such a file is opened. */
export function createProposals(
  { vscode, engine, own }: Pick<Features, "vscode" | "engine" | "own">,
  propose: (proposal: WrittenProposal) => Promise<Disposable | undefined>,
): Proposals {
  const pending = new Map<string, Pending>();
  const opening = new Set<Pending>();
  const news = own(new vscode.EventEmitter<vscodeApi.Uri[]>());
  const item = own(vscode.window.createStatusBarItem("localcoder.proposals", vscode.StatusBarAlignment.Right, 999));
  item.name = words.proposals;
  item.command = "localcoder.proposals";
  item.tooltip = words.tooltip;

  own(
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: news.event,
      provideFileDecoration: (uri) =>
        pending.has(uri.toString()) ? { badge: "±", tooltip: words.decoration, propagate: true } : undefined,
    }),
  );
  own(vscode.window.onDidChangeActiveTextEditor((editor) => editor && void open(editor.document.uri)));
  own(vscode.commands.registerCommand("localcoder.proposals", list));
  own(vscode.commands.registerCommand("localcoder.proposals.keepAll", keepAll));
  own(vscode.commands.registerCommand("localcoder.proposals.undoAll", undoAll));

  function changed(...uris: vscodeApi.Uri[]): void {
    news.fire(uris);
    item.text = `$(diff) ${words.status(pending.size)}`;
    if (pending.size > 0) item.show();
    else item.hide();
    void vscode.commands.executeCommand("setContext", "localcoder.anyProposal", pending.size > 0);
  }

  /** What is proposed for the lines as they are now, since they may have been edited meanwhile. */
  function changesIn(document: vscodeApi.TextDocument, { original, text }: FileAnswer): { changes: ProposedChange[]; text: string } {
    const now = linesOf(document.getText());
    const { lines } = mergeLines(linesOf(original), now, linesOf(text));
    return { changes: changesBetween(now, lines), text: lines.join("\n") };
  }

  /** Shows the review of a file, if one waits for it and is not there. */
  async function open(uri: vscodeApi.Uri, at?: "first" | "last"): Promise<void> {
    const file = pending.get(uri.toString());
    // Showing its document brings the news of that.
    if (file === undefined || opening.has(file)) return;
    opening.add(file);
    try {
      await show(file, at);
    } finally {
      opening.delete(file);
    }
  }

  async function show(file: Pending, at: "first" | "last" | undefined): Promise<void> {
    const { uri } = file;
    const document = await vscode.workspace.openTextDocument(uri);
    const { changes, text } = changesIn(document, file.answer);
    const line = at && (at === "first" ? changes[0] : changes.at(-1))?.start;
    if (line !== undefined)
      await vscode.window.showTextDocument(document, { selection: new vscode.Range(line, 0, line, 0), preview: false });
    if (changes.length === 0) return decided(file);
    if (file.review !== undefined) return;
    file.review = await propose({
      title: file.title,
      document,
      from: 0,
      to: document.lineCount - 1,
      text,
      isWhole: false,
      said: { ...file.answer.by, doubts: file.answer.doubts },
      beyond: (direction) => beyond(file, direction),
      report(outcome) {
        file.outcome = outcome;
      },
      ended(isDecided) {
        file.review = undefined;
        if (!isDecided) return;
        report(file, file.outcome);
        decided(file);
      },
    });
  }

  function decided(file: Pending): void {
    if (pending.get(file.uri.toString()) !== file) return;
    pending.delete(file.uri.toString());
    changed(file.uri);
  }

  /** What was kept of some answers and not of others is not told of each. */
  function report({ answer }: Pending, outcome: SessionOutcome | undefined): void {
    if (outcome === undefined || outcome === "partly") return;
    for (const id of answer.sessions) void engine.sessions.report({ id, outcome }).catch(() => {});
  }

  /** The next file from one, or the one before; false where there is no other. */
  function beyond(file: Pending, direction: 1 | -1): boolean {
    const all = [...pending.values()];
    const next = all.at((all.indexOf(file) + direction) % all.length);
    if (next === undefined || next === file) return false;
    void open(next.uri, direction === 1 ? "first" : "last");
    return true;
  }

  async function keepAll(): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    const all = [...pending.values()];
    for (const { uri, answer, review } of all) {
      review?.dispose();
      const document = await vscode.workspace.openTextDocument(uri);
      for (const change of changesIn(document, answer).changes) {
        const { range, text } = editFor(change, 1, document.lineCount, (line) => document.lineAt(line - 1).text.length);
        const { startLineNumber, startColumn, endLineNumber, endColumn } = range;
        edit.replace(uri, new vscode.Range(startLineNumber - 1, startColumn - 1, endLineNumber - 1, endColumn - 1), text);
      }
    }
    if (!(await vscode.workspace.applyEdit(edit))) return;
    for (const file of all) report(file, "kept");
    pending.clear();
    changed(...all.map(({ uri }) => uri));
  }

  function undoAll(): void {
    const all = [...pending.values()];
    for (const { review } of all) review?.dispose();
    for (const file of all) report(file, "undone");
    pending.clear();
    changed(...all.map(({ uri }) => uri));
  }

  async function list(): Promise<void> {
    const all = [...pending.values()];
    const rows: Row[] = [
      ...all.map((file) => ({
        label: file.name,
        description: file.title,
        detail: file.answer.doubts.length > 0 ? `$(warning) ${words.doubts(file.answer.doubts.length)}` : undefined,
        run: () => open(file.uri, "first"),
      })),
      ...(all.length > 0
        ? [
            { label: `$(check-all) ${words.keepAll(all.length)}`, description: words.notSaved, run: keepAll },
            { label: `$(discard) ${words.undoAll(all.length)}`, run: undoAll },
          ]
        : []),
      ...all.flatMap((file) => file.answer.left.map((left) => leftRow(vscode, file, left))),
    ];
    const chosen = await vscode.window.showQuickPick(rows, { placeHolder: rows.length > 0 ? words.choose : words.none });
    await chosen?.run();
  }

  return {
    add(file) {
      pending.get(file.uri.toString())?.review?.dispose();
      pending.set(file.uri.toString(), { ...file });
      changed(file.uri);
      if (vscode.window.activeTextEditor?.document.uri.toString() === file.uri.toString()) void open(file.uri);
    },
    async showFirst() {
      const [first] = pending.values();
      if (first !== undefined) await open(first.uri, "first");
      else vscode.window.setStatusBarMessage(words.none, 5000);
    },
  };
}

/** A row that leads to a place that stays as it is. */
export function leftRow(
  vscode: typeof vscodeApi,
  { uri, name }: { readonly uri: vscodeApi.Uri; readonly name: string },
  { place: { name: what, lines }, why }: LeftPlace,
): Row {
  const range = new vscode.Range(lines.from - 1, 0, lines.from - 1, 0);
  return {
    label: `$(circle-slash) ${words.leftAsItIs(name, lines.from, what)}`,
    detail: why,
    run: () => vscode.window.showTextDocument(uri, { selection: range }),
  };
}
