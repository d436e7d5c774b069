import { status as say } from "@codingame/monaco-vscode-api/vscode/vs/base/browser/ui/aria/aria";
import type { IDisposable } from "@codingame/monaco-vscode-api/vscode/vs/base/common/lifecycle";
import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import { type Disposable, disposableStack, toDisposable } from "#core/base/disposable";
import type { AssistRequest } from "#core/contracts/assist";
import { frameSelection, restoreFrame } from "#core/edits/frame";
import type { Engine } from "../../connection.ts";
import { strings } from "../strings.ts";
import { attachTo } from "./attach.ts";
import { followBlock } from "./block.ts";
import { showChanges } from "./changes-in-place.ts";
import { setContextKey } from "./internals.ts";
import { trackOutcome } from "./outcome.ts";
import { withRestOf } from "./partial.ts";
import { afterKeeping, changesBetween, countLines, editFor, linesOf, type ProposedChange } from "./proposal.ts";
import { createReviewBar } from "./review-bar.ts";
import { footText, isRunning, type Run, startRun } from "./run.ts";
import { openZone, type Zone } from "./zone.ts";

/** A proposal that is being written or looked at, in place. Nothing of it is in the document before it is kept. */
export interface Review extends Disposable {
  keepAll(): void;
  undoAll(): void;
  keepNearest(): void;
  undoNearest(): void;
  go(direction: 1 | -1): void;
  stop(): void;
  again(): void;
  /** Stops while it runs, else undoes what is left. */
  escape(): void;
  focus(): void;
}

/** What a review is about. */
export interface ReviewOptions {
  readonly engine: Engine;
  readonly editor: ICodeEditor;
  readonly title: string;
  readonly request: AssistRequest;
  /** Whole lines of the document, counted from 1. */
  readonly lines: { readonly first: number; readonly count: number };
  readonly nameOf: (model: string) => string;
  readonly openHistory: (sessionId: string) => void;
  readonly openSeen: (sessionId: string) => void;
  readonly setUp: () => void;
  readonly ended: () => void;
}

/** Asks for a proposal and shows it in place of the lines while it comes. */
export function startReview(options: ReviewOptions): Review {
  const { engine, editor, title, request, lines, nameOf, openHistory, setUp, ended } = options;
  const model = editor.getModel();
  if (!model) throw new Error("The editor shows no document.");
  const words = strings.assist;
  const owned = disposableStack();
  const original = model.getLinesContent().slice(lines.first - 1, lines.first - 1 + lines.count);
  const frame = frameSelection(request.text, request.selection);
  // What became of it is for the history alone: nobody waits for it, and its failure is no news here.
  const outcome = trackOutcome(request, lines, (found) => void engine.sessions.report(found).catch(() => {}));

  let changes: ProposedChange[] = [];
  let message: string | undefined;
  let run: Run;
  let settled = true;
  let scheduled = 0;
  let zone: Zone | undefined;
  let shown: IDisposable | undefined;

  const bar = createReviewBar(title, {
    keepAll,
    undoAll,
    stop: () => run.stop(),
    again,
    close: dispose,
    openHistory: () => {
      const { sessionId } = run.state();
      if (sessionId) openHistory(sessionId);
    },
    openSeen: () => options.openSeen(run.state().sessionId ?? ""),
    setUp,
  });
  const block = owned.add(followBlock(model, lines.first, lines.count, onEdited, () => zone?.moveTo(block.first() - 1)));
  const attachment = owned.add(attachTo(model, editor, draw, dispose));
  begin();

  function begin(): void {
    outcome.ended();
    message = undefined;
    changes = [];
    settled = false;
    run = startRun(engine, request, schedule);
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
      const soFar = linesSoFar(run.state().text);
      changes = changesBetween(original, withRestOf(original, soFar));
      update();
    }, 60);
  }

  /** Whole lines of the answer so far, with the indent and line ends they will have. */
  function linesSoFar(text: string): string[] {
    const whole = text.replace(/^\s*```[^\n]*\n/, "").replace(/[^\n]*$/, "");
    if (whole.trim() === "") return [];
    const restored = restoreFrame(frame, whole);
    return linesOf(restored.slice(0, restored.length - frame.trail.length));
  }

  function settle(): void {
    settled = true;
    const { answer, phase } = run.state();
    const blocked = answer?.doubts.some(({ blocks }) => blocks) ?? false;
    const keepable = answer !== undefined && phase === "finished" && !blocked && message === undefined;
    changes = keepable ? changesBetween(original, linesOf(answer.text)) : [];
    if (answer) outcome.proposed(answer.sessionId, changes.length);
    if (keepable) {
      const { added, removed } = countLines(changes);
      message = changes.length === 0 ? words.unchanged : words.changed(added, removed, changes.length);
    }
    update();
    say([title, message ?? strings.errors.withHint(run.state().error?.message ?? "", run.state().error?.hint)].join(". "));
  }

  function onEdited(): void {
    if (message && changes.length === 0) return;
    message = isRunning(run.state()) ? words.editedWhileWriting : words.editedAfterwards;
    run.stop();
    settled = true;
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
    const finished = state.phase === "finished" && settled;
    bar.update({
      state,
      message,
      canKeep: finished && changes.length > 0,
      canUndo: finished && changes.length > 0,
      foot: footText(state, nameOf),
    });
    shown?.dispose();
    shown = undefined;
    const target = attachment.editor();
    if (target) shown = showChanges(target, block.first(), changes, finished ? { keep, undo } : undefined);
  }

  function apply(kept: readonly ProposedChange[]): void {
    const target = attachment.editor();
    if (!target || !model) return;
    const edits = kept.map((change) => editFor(change, block.first(), model.getLineCount(), (line) => model.getLineLength(line)));
    const { added, removed } = countLines(kept);
    block.change(added - removed, () => {
      // One step for undo, whatever was typed before or after.
      target.pushUndoStop();
      target.executeEdits("localcoder", edits);
      target.pushUndoStop();
    });
    outcome.kept(kept.length, currentLines());
  }

  function keep(change: ProposedChange): void {
    apply([change]);
    changes = afterKeeping(changes, change);
    rest(words.kept);
  }

  function undo(change: ProposedChange): void {
    changes = changes.filter((each) => each !== change);
    rest(words.undone);
  }

  function rest(done: string): void {
    say(done);
    if (changes.length === 0) {
      dispose();
      return;
    }
    const { added, removed } = countLines(changes);
    message = words.changed(added, removed, changes.length);
    update();
  }

  function keepAll(): void {
    if (!settled || run.state().phase !== "finished" || changes.length === 0) return;
    apply(changes);
    changes = [];
    rest(words.kept);
  }

  function undoAll(): void {
    run.stop();
    changes = [];
    rest(words.undone);
  }

  function nearest(): ProposedChange | undefined {
    if (!settled || run.state().phase !== "finished") return undefined;
    const line = (attachment.editor()?.getPosition()?.lineNumber ?? 1) - block.first();
    return changes.find((change) => change.start + Math.max(1, change.removed) > line) ?? changes.at(-1);
  }

  function go(direction: 1 | -1): void {
    const target = attachment.editor();
    const position = target?.getPosition();
    if (!target || !position) return;
    const line = position.lineNumber - block.first();
    const next =
      direction === 1
        ? (changes.find(({ start }) => start > line) ?? changes[0])
        : (changes.findLast(({ start }) => start < line) ?? changes.at(-1));
    if (!next) return;
    const lineNumber = Math.min(block.first() + next.start, model?.getLineCount() ?? 1);
    target.setPosition({ lineNumber, column: 1 });
    target.revealLineInCenterIfOutsideViewport(lineNumber);
    target.focus();
    say(words.change(changes.indexOf(next) + 1, changes.length, next.added.join("\n")));
  }

  function again(): void {
    run.stop();
    // After "Keep" of some changes the lines are no longer those that were asked about.
    if (model && original.join("\n") === currentLines().join("\n")) begin();
    else {
      message = words.editedAfterwards;
      changes = [];
      update();
    }
  }

  function currentLines(): string[] {
    return model?.getLinesContent().slice(block.first() - 1, block.first() - 1 + block.count()) ?? [];
  }

  function dispose(): void {
    window.clearTimeout(scheduled);
    run?.stop();
    settled = true;
    outcome.ended();
    owned.dispose();
    ended();
  }

  return {
    keepAll,
    undoAll,
    keepNearest: () => {
      const change = nearest();
      if (change) keep(change);
    },
    undoNearest: () => {
      const change = nearest();
      if (change) undo(change);
    },
    go,
    stop: () => run.stop(),
    again,
    escape: () => (isRunning(run.state()) ? run.stop() : undoAll()),
    focus: () => bar.element.querySelector("button")?.focus(),
    dispose,
  };
}
