import { status as say } from "@codingame/monaco-vscode-api/vscode/vs/base/browser/ui/aria/aria";
import type { IDisposable } from "@codingame/monaco-vscode-api/vscode/vs/base/common/lifecycle";
import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import { EditorOption } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/config/editorOptions";
import { disposableStack, toDisposable } from "#core/base/disposable";
import type { AssistRequest } from "#core/contracts/assist";
import { frameSelection, restoreFrame } from "#core/edits/frame";
import { strings } from "../strings.ts";
import { applyChanges, linesOfBlock } from "./apply-changes.ts";
import { attachTo } from "./attach.ts";
import { followBlock } from "./block.ts";
import { showChanges } from "./changes-in-place.ts";
import { setContextKey } from "./internals.ts";
import { trackOutcome } from "./outcome.ts";
import { soundPart, withRestOf } from "./partial.ts";
import { linesOf, type ProposedChange, shownCount } from "./proposal.ts";
import { createProposalState } from "./proposal-state.ts";
import { createReviewBar } from "./review-bar.ts";
import type { Review, ReviewOptions } from "./review-options.ts";
import { canCompare, footText, isRunning, type Run, startRun } from "./run.ts";
import { withChanges } from "./side-by-side.ts";
import { walkThrough } from "./walk-through.ts";
import { openZone, type Zone } from "./zone.ts";

/** Asks for a proposal and shows it in place of the lines while it comes. */
export function startReview(options: ReviewOptions): Review {
  const { engine, editor, title, request, lines, nameOf, openHistory, setUp, ended } = options;
  const model = editor.getModel();
  if (!model) throw new Error("The editor shows no document.");
  const words = strings.assist;
  const owned = disposableStack();
  let frame = frameSelection(request.text, request.selection);
  let asked = request;
  let original = model.getLinesContent().slice(lines.first - 1, lines.first - 1 + lines.count);
  let proposal = createProposalState(original);
  // What became of it is for the history alone: nobody waits for it, and its failure is no news here.
  const about = options.isFile ? { ...request, path: model.uri.fsPath, text: model.getValue() } : request;
  const outcome = trackOutcome(about, lines, (found) => void engine.sessions.report(found).catch(() => {}));

  let changes: ProposedChange[] = [];
  let message: string | undefined;
  let run: Run;
  let settled = true;
  let keepable = false;
  /** Keep was pressed before there was anything to keep. */
  let keepWhenDone = false;
  let scheduled = 0;
  let zone: Zone | undefined;
  let shown: IDisposable | undefined;

  const bar = createReviewBar(title, {
    keepAll: () => void keepAll(),
    undoAll,
    stop: () => run.stop(),
    again: () => again(),
    other: () => void other(),
    compare: () => again({ verify: true }),
    go: (direction) => walk.go(direction, false),
    beside: () => options.beside.show(proposedText()),
    close: () => end(true),
    openHistory: () => {
      const { sessionId } = run.state();
      if (sessionId) openHistory(sessionId);
    },
    openSeen: () => options.openSeen(run.state().sessionId ?? ""),
    setUp,
  });
  const block = owned.add(
    followBlock(model, lines.first, lines.count, { edited: onEdited, moved: () => zone?.moveTo(block.first() - 1), lost: onLost }),
  );
  const attachment = owned.add(attachTo(model, editor, draw, dispose));
  const walk = walkThrough({ editor: attachment.editor, first: block.first, changes: () => changes, beyond: options.beyond });
  begin();

  function begin(): void {
    outcome.ended();
    message = undefined;
    changes = [];
    settled = false;
    keepable = false;
    keepWhenDone = false;
    proposal = createProposalState(original);
    run = startRun(engine, asked, schedule);
    const mine = run;
    void run.ended.then(() => run === mine && settle());
    update();
  }

  /** Draws at most once a frame however fast the text comes. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = window.setTimeout(() => {
      scheduled = 0;
      if (settled) return;
      proposal.propose(withRestOf(original, linesSoFar(run.state().text)));
      ({ changes } = proposal.look(currentLines()));
      update();
    }, 60);
  }

  /** Whole lines of the answer so far, with the indent and line ends they will have. */
  function linesSoFar(text: string): string[] {
    const whole = text.replace(/^\s*```[^\n]*\n/, "").replace(/[^\n]*$/, "");
    if (whole.trim() === "") return [];
    // What comes of a file that is there already is shown when it is whole.
    if (options.isFile) return original.join("") === "" ? linesOf(whole) : [];
    const restored = restoreFrame(frame, whole);
    return linesOf(restored.slice(0, restored.length - frame.trail.length));
  }

  function settle(): void {
    settled = true;
    const { answer, phase, text } = run.state();
    if (phase === "stopped" && message === undefined) {
      proposal.propose(options.isFile ? original : soundPart(original, linesSoFar(text), model?.getLanguageId() ?? ""));
      keepable = proposal.look(currentLines()).changes.length > 0;
      if (keepable) message = words.stoppedWith;
    } else if (answer !== undefined && phase === "finished" && message === undefined) {
      keepable = !answer.doubts.some(({ blocks }) => blocks);
      if (keepable) proposal.propose(linesOf(answer.file?.text ?? answer.text));
      else message = words.nothingToKeep;
    }
    changes = [];
    if (keepable) look();
    else update();
    if (answer) outcome.proposed(answer.sessionId, changes.length);
    // With a doubt it waits for a second look.
    if (keepWhenDone && phase === "finished" && answer?.doubts.length === 0 && changes.length > 0) return void keepAll();
    say([title, message ?? strings.errors.withHint(run.state().error?.message ?? "", run.state().error?.hint)].join(". "));
  }

  /** What is left to be kept, in the lines as they are now. */
  function look(): void {
    const found = proposal.look(currentLines());
    changes = found.changes;
    const { added, removed } = shownCount(changes);
    const said = changes.length === 0 ? words.unchanged : words.changed(added, removed, changes.length);
    const stopped = run.state().phase === "stopped" ? words.stoppedWith : "";
    message = [stopped, said, found.leftOut > 0 ? words.leftOut(found.leftOut) : ""].filter((part) => part !== "").join(" ");
    update();
  }

  /** The user goes on working in these lines: what is proposed moves along, and gives way where both would change the same. */
  function onEdited(): void {
    if (!settled) schedule();
    else if (keepable) look();
  }

  function onLost(): void {
    message = isRunning(run.state()) ? words.editedWhileWriting : words.editedAfterwards;
    run.stop();
    settled = true;
    keepable = false;
    changes = [];
    update();
    say(message);
  }

  function draw(target: ICodeEditor): IDisposable {
    const keys = setContextKey(target, "localcoder.reviewing");
    zone = openZone(target, bar.element, block.first() - 1, 1);
    const mine = zone;
    const drawing = window.setTimeout(update);
    return toDisposable(() => {
      window.clearTimeout(drawing);
      keys.reset();
      shown?.dispose();
      shown = undefined;
      mine.dispose();
      zone = undefined;
    });
  }

  function update(): void {
    const state = run.state();
    const finished = settled && keepable;
    bar.update({
      state,
      message: message ?? (keepWhenDone && !settled ? words.keptWhenDone : undefined),
      canKeep: finished && changes.length > 0,
      canUndo: finished && changes.length > 0,
      canAsk: options.askOther !== undefined,
      canCompare: options.askOther !== undefined && canCompare(asked, state),
      foot: footText(state, nameOf),
    });
    if (finished) options.beside.follow(proposedText);
    shown?.dispose();
    shown = undefined;
    const target = attachment.editor();
    // Side by side the other editor shows what is proposed.
    if (target && !target.getOption(EditorOption.inDiffEditor))
      shown = showChanges(target, block.first(), changes, finished ? { keep: (change) => void keep(change), undo } : undefined);
  }

  async function apply(kept: readonly ProposedChange[]): Promise<void> {
    const target = attachment.editor();
    if (!target || !model) return;
    // A formatter may take a while, and what is being kept is not to be kept a second time.
    changes = changes.filter((change) => !kept.includes(change));
    update();
    await applyChanges({ editor: target, model, block, proposal, format: options.format }, kept);
    outcome.kept(kept.length, currentLines());
  }

  async function keep(change: ProposedChange): Promise<void> {
    await apply([change]);
    rest(words.kept);
  }

  function undo(change: ProposedChange): void {
    proposal.undo(currentLines(), change);
    rest(words.undone);
  }

  function rest(done: string): void {
    say(done);
    look();
    if (changes.length === 0) end(true);
  }

  async function keepAll(): Promise<void> {
    if (!settled) {
      keepWhenDone = true;
      say(words.keptWhenDone);
      return update();
    }
    if (!keepable || changes.length === 0) return;
    await apply(changes);
    say(words.kept);
    end(true);
  }

  function undoAll(): void {
    run.stop();
    say(words.undone);
    end(true);
  }

  /** Tries again with what stands there now: the lines may have been edited, or kept in part. */
  function again(parts: Partial<AssistRequest> = {}): void {
    if (!options.askOther) return;
    run.stop();
    asked = { ...asked, ...parts };
    const now = currentLines();
    if (model && !options.isFile && now.join("\n") !== original.join("\n")) {
      const start = model.getOffsetAt({ lineNumber: block.first(), column: 1 });
      const last = block.first() + block.count() - 1;
      const end = model.getOffsetAt({ lineNumber: last, column: model.getLineMaxColumn(last) });
      asked = { ...asked, text: model.getValue(), selection: { start, end }, problems: [] };
      frame = frameSelection(asked.text, asked.selection);
    }
    original = now;
    begin();
  }

  async function other(): Promise<void> {
    const parts = await options.askOther?.();
    if (parts !== undefined) again(parts);
  }

  /** The whole document with what is left to be kept. */
  function proposedText(): string {
    return model ? withChanges(model.getLinesContent(), block.first(), changes).join(model.getEOL()) : "";
  }

  function currentLines(): string[] {
    return model ? linesOfBlock(model, block) : [];
  }

  function dispose(): void {
    end(false);
  }

  function end(isDecided: boolean): void {
    window.clearTimeout(scheduled);
    run?.stop();
    settled = true;
    outcome.ended();
    owned.dispose();
    options.beside.close();
    ended(isDecided);
  }

  return {
    keepAll: () => void keepAll(),
    undoAll,
    keepNearest: () => {
      const change = keepable ? walk.nearest() : undefined;
      if (change) void keep(change);
    },
    undoNearest: () => {
      const change = keepable ? walk.nearest() : undefined;
      if (change) undo(change);
    },
    go: walk.go,
    stop: () => run.stop(),
    again: () => again(),
    other: () => void other(),
    escape() {
      if (isRunning(run.state())) return run.stop();
      // It was pressed to stop what was whole just then: that is no wish to lose it.
      if (run.justEnded() && keepable && changes.length > 0) return say(words.justEnded);
      undoAll();
    },
    focus: () => bar.element.querySelector("button")?.focus(),
    dispose,
  };
}
