import type * as vscodeApi from "vscode";
import { createEmitter, type Emitter } from "#core/base/emitter";
import { describeError } from "#core/base/errors";
import { placeOf } from "../documents.ts";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";
import { watchChanges } from "./changes.ts";
import { createPace } from "./pace.ts";
import { reasonForSilence, withoutSuffix } from "./rules.ts";
import type { GhostTextSwitch } from "./switch.ts";
import { createTypingAlong } from "./typing-along.ts";
import { cutWindow, type TextWindow } from "./window.ts";

/** Lines before and after the cursor that are looked at; the first one moves in steps, so that it stays while one types. */
const linesAround = 2048;
const linesGrid = 512;

/** Suggestions as the editor shows them, and a sentence about each request for the status bar. */
export interface GhostText {
  readonly news: Emitter<string>;
}

/** A suggestion with the id under which the engine knows it. */
interface Suggestion extends vscodeApi.InlineCompletionItem {
  readonly answer: string;
}

/** Registers the provider of ghost text for all files. */
export function registerGhostText(features: Features, ghostSwitch: GhostTextSwitch): GhostText {
  const { vscode, engine, own } = features;
  const news = createEmitter<string>();
  const pace = createPace();
  const along = createTypingAlong<string>();
  const changes = watchChanges(features, (now) => pace.typed(now));
  const reported = new Set<string>();

  const report = (item: vscodeApi.InlineCompletionItem, outcome: "shown" | "accepted" | "partly" | "rejected") => {
    const id = (item as Suggestion).answer;
    const key = `${id} ${outcome}`;
    if (!id || reported.has(key)) return;
    reported.add(key);
    if (reported.size > 500) reported.clear();
    // Statistics only: nobody waits for it and nothing depends on it.
    engine.completion.outcome({ id, outcome }).catch(() => undefined);
  };

  const suggestion = (at: Place, text: string, replaces: number, answer: string): vscodeApi.InlineCompletionList => {
    const range = new vscode.Range(at.start, at.position.translate(0, replaces));
    const item: Suggestion = Object.assign(new vscode.InlineCompletionItem(at.chosen + text, range), { answer });
    return Object.assign(new vscode.InlineCompletionList([item]), { enableForwardStability: true });
  };

  const provideInlineCompletionItems: vscodeApi.InlineCompletionItemProvider["provideInlineCompletionItems"] = async (
    document,
    position,
    context,
    token,
  ) => {
    const trigger = context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke ? "manual" : "automatic";
    const line = document.lineAt(position).text;
    const right = line.slice(position.character);
    const editor = vscode.window.visibleTextEditors.find((candidate) => candidate.document === document);
    const silence = reasonForSilence({
      trigger,
      enabled: ghostSwitch.everywhere() && ghostSwitch.forLanguage(document.languageId),
      cursors: editor?.selections.length ?? 1,
      selectionEmpty: editor?.selection.isEmpty ?? true,
      left: line.slice(0, position.character),
      right,
      lastChange: changes.lastOf(document.uri.toString()),
    });
    if (silence) {
      news.emit(strings.silence[silence]);
      return undefined;
    }

    const place = placeOf(vscode, document);
    const at = placeAt(position, context.selectedCompletionInfo);
    const window = windowAround(vscode, document, position);
    const prefix = window.prefix.slice(0, window.prefix.length - at.typed) + at.chosen;
    const { suffix } = window;
    const known = along.find(place.path, prefix, suffix);
    if (known) return suggestion(at, known.text, known.replaces, known.about);

    const stopping = new AbortController();
    const cancellation = token.onCancellationRequested(() => stopping.abort());
    try {
      const wait =
        trigger === "manual" ? 0 : pace.wait(vscode.workspace.getConfiguration("localcoder.completion", document).get("delay", 120));
      if (wait > 0) await pause(wait, stopping.signal);
      if (stopping.signal.aborted) return undefined;
      const asked = performance.now();
      const result = await engine.completion.complete(
        { ...place, prefix, suffix, trigger, asShown: trigger === "automatic" },
        { signal: stopping.signal },
      );
      pace.answered(performance.now() - asked);
      const text = result.hidden ? "" : withoutSuffix(result.text, result.replaces, right);
      news.emit(
        text === "" ? strings.silence[result.hidden ?? "empty"] : strings.silence.shown(Math.round(result.milliseconds), result.confidence),
      );
      if (text === "") return undefined;
      const replaces = Math.min(result.replaces, right.length);
      along.remember({ path: place.path, prefix, suffix, text, replaces, about: result.id });
      return suggestion(at, text, replaces, result.id);
    } catch (error) {
      const { code, message, hint } = describeError(error);
      if (code !== "STOPPED" && !stopping.signal.aborted) news.emit(strings.errors.withHint(message, hint));
      return undefined;
    } finally {
      cancellation.dispose();
    }
  };

  own(
    vscode.languages.registerInlineCompletionItemProvider(
      [{ scheme: "file" }, { scheme: "untitled" }],
      {
        provideInlineCompletionItems,
        handleDidShowCompletionItem: (item) => report(item, "shown"),
        handleDidPartiallyAcceptCompletionItem: (item) => report(item, "partly"),
        handleEndOfLifetime(item, reason) {
          if (reason.kind === vscode.InlineCompletionEndOfLifeReasonKind.Accepted) report(item, "accepted");
          if (reason.kind === vscode.InlineCompletionEndOfLifeReasonKind.Rejected) {
            report(item, "rejected");
            along.clear();
          }
        },
      },
      { debounceDelayMs: 0, displayName: strings.product },
    ),
  );
  return { news };
}

/** Text around the cursor; of a large file only some thousand lines are ever touched. */
function windowAround(vscode: typeof vscodeApi, document: vscodeApi.TextDocument, position: vscodeApi.Position): TextWindow {
  const first = position.with(Math.max(0, Math.floor((position.line - linesAround) / linesGrid) * linesGrid), 0);
  const last = position.with(position.line + linesAround, 0);
  const around = document.validateRange(new vscode.Range(first, last));
  return cutWindow(document.getText(around), document.offsetAt(position) - document.offsetAt(first));
}

/** Where a suggestion goes. With the list of suggestions open it continues the entry that is chosen there. */
interface Place {
  readonly position: vscodeApi.Position;
  /** Where the replaced text begins: the cursor, or the beginning of the word the list completes. */
  readonly start: vscodeApi.Position;
  /** UTF-16 units between the two. */
  readonly typed: number;
  /** The entry of the list that stands in their place. */
  readonly chosen: string;
}

function placeAt(position: vscodeApi.Position, chosen: vscodeApi.SelectedCompletionInfo | undefined): Place {
  const onThisLine = chosen && chosen.range.start.line === position.line && chosen.range.end.isEqual(position);
  if (!onThisLine) return { position, start: position, typed: 0, chosen: "" };
  const { start } = chosen.range;
  return { position, start, typed: position.character - start.character, chosen: chosen.text };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
