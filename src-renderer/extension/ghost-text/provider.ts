import type * as vscodeApi from "vscode";
import { createEmitter, type Emitter } from "#core/base/emitter";
import { describeError } from "#core/base/errors";
import type { Alternative, CompletionResult, Silence } from "#core/contracts/completion";
import { type DocumentPlace, placeOf } from "../documents.ts";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";
import { watchChanges } from "./changes.ts";
import type { EngineNews } from "./news.ts";
import { createOutcomes } from "./outcomes.ts";
import { createPace } from "./pace.ts";
import { type Place, placeAt, windowAround } from "./place.ts";
import { prepareWhereCursorRests } from "./resting.ts";
import { reasonForSilence, withoutSuffix } from "./rules.ts";
import type { GhostTextSwitch } from "./switch.ts";

/** As many suggestions as one cycles through, where the user asks. */
const whenAsked = 3;

/** Suggestions as the editor shows them, and a sentence about each request for the status bar. */
export interface GhostText {
  readonly news: Emitter<string>;
}

/** A suggestion with the id under which the engine knows it, and where it stands. */
interface Suggestion extends vscodeApi.InlineCompletionItem {
  readonly answer: string;
  readonly document: vscodeApi.TextDocument;
  readonly at: vscodeApi.Position;
  /** UTF-16 units of it that were accepted already, word by word or line by line. */
  accepted: number;
}

/** Registers the provider of ghost text for all files. Read-only editors are never asked for by VS Code itself. */
export function registerGhostText(features: Features, ghostSwitch: GhostTextSwitch, engineNews: EngineNews): GhostText {
  const { vscode, engine, own } = features;
  const news = createEmitter<string>();
  const pace = createPace();
  const outcomes = createOutcomes(features);
  const changes = watchChanges(features, (now) => pace.typed(now));
  let skipped = "";

  prepareWhereCursorRests(features, (document) => isOnFor(document) && engineNews.pausedUntil() === undefined);

  function isOnFor(document: vscodeApi.TextDocument): boolean {
    return ghostSwitch.everywhere() && ghostSwitch.forLanguage(document.languageId) && !ghostSwitch.excludes(document);
  }

  /** Tells the engine's list why nothing is asked; the same reason in the same file once. */
  function skip(place: DocumentPlace, position: vscodeApi.Position, why: Silence): void {
    news.emit(strings.silence[why]);
    const key = `${place.path} ${why}`;
    if (key === skipped) return;
    skipped = key;
    const { path, languageId } = place;
    engine.completion.skipped({ path, languageId, ...forPeople(position), why }).catch(() => undefined);
  }

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
    const place = placeOf(vscode, document);
    const silence = reasonForSilence({
      trigger,
      enabled: ghostSwitch.everywhere() && ghostSwitch.forLanguage(document.languageId),
      excluded: ghostSwitch.excludes(document),
      paused: engineNews.pausedUntil() !== undefined,
      cursors: editor?.selections.length ?? 1,
      selectionEmpty: editor?.selection.isEmpty ?? true,
      left: line.slice(0, position.character),
      right,
      lastChange: changes.lastOf(document.uri.toString()),
    });
    if (silence) {
      skip(place, position, silence);
      return undefined;
    }
    skipped = "";

    const at = placeAt(position, context.selectedCompletionInfo);
    const window = windowAround(vscode, document, position);
    const prefix = window.prefix.slice(0, window.prefix.length - at.typed) + at.chosen;
    const { suffix } = window;

    const stopping = new AbortController();
    const cancellation = token.onCancellationRequested(() => stopping.abort());
    try {
      const asked = performance.now();
      const wait = trigger === "manual" ? 0 : pace.wait(ghostSwitch.longestWait(document));
      const alternatives = trigger === "manual" ? whenAsked : 1;
      const result = await engine.completion.complete(
        {
          ...place,
          prefix,
          suffix,
          position: forPeople(position),
          trigger,
          asShown: trigger === "automatic",
          seen: true,
          wait,
          alternatives,
        },
        { signal: stopping.signal },
      );
      // What was known already says nothing about the model.
      if (!result.known && !result.hidden) pace.answered(Math.max(0, performance.now() - asked - wait));
      const items = suggestions(vscode, document, at, right, result);
      news.emit(
        items.length === 0
          ? strings.silence[result.hidden ?? "empty"]
          : strings.silence.shown(Math.round(result.milliseconds), result.confidence),
      );
      if (items.length === 0) return undefined;
      return Object.assign(new vscode.InlineCompletionList(items), { enableForwardStability: true });
    } catch (error) {
      const { code, message, hint } = describeError(error);
      if (code !== "STOPPED" && !stopping.signal.aborted) news.emit(strings.errors.withHint(message, hint));
      return undefined;
    } finally {
      cancellation.dispose();
    }
  };

  /** Follows what was accepted of a suggestion just now, up to a length. */
  function followAccepted(item: Suggestion, length: number): void {
    const { document, at, insertText, accepted } = item;
    item.accepted = Math.max(accepted, length);
    const text = String(insertText).slice(accepted, length);
    const from = document.offsetAt(at) + accepted;
    const range = new vscode.Range(document.positionAt(from), document.positionAt(from + text.length));
    // The editor may have changed it on the way, or what stands there is something else.
    if (document.getText(range) === text) outcomes.accepted(document, range);
  }

  const idOf = (item: vscodeApi.InlineCompletionItem) => (item as Suggestion).answer;
  own(
    vscode.languages.registerInlineCompletionItemProvider(
      [{ scheme: "file" }, { scheme: "untitled" }],
      {
        provideInlineCompletionItems,
        handleDidShowCompletionItem: (item) => outcomes.report(idOf(item), "shown"),
        handleDidPartiallyAcceptCompletionItem(item: vscodeApi.InlineCompletionItem, info: vscodeApi.PartialAcceptInfo | number) {
          outcomes.report(idOf(item), "partly");
          followAccepted(item as Suggestion, typeof info === "number" ? info : info.acceptedLength);
        },
        handleEndOfLifetime(item, reason) {
          const { kind } = reason;
          if (kind === vscode.InlineCompletionEndOfLifeReasonKind.Rejected) outcomes.report(idOf(item), "rejected");
          if (kind !== vscode.InlineCompletionEndOfLifeReasonKind.Accepted) return;
          outcomes.report(idOf(item), "accepted");
          followAccepted(item as Suggestion, String(item.insertText).length);
        },
      },
      { debounceDelayMs: 0, displayName: strings.product },
    ),
  );
  return { news };
}

/** The suggestions as the editor takes them, without what stands right of the cursor already. */
function suggestions(
  vscode: typeof vscodeApi,
  document: vscodeApi.TextDocument,
  at: Place,
  right: string,
  result: CompletionResult,
): Suggestion[] {
  const all: readonly Omit<Alternative, "confidence">[] = result.hidden ? [] : [result, ...result.alternatives];
  return all.flatMap(({ text, replaces }) => {
    const shown = withoutSuffix(text, replaces, right);
    if (shown === "") return [];
    const range = new vscode.Range(at.start, at.position.translate(0, Math.min(replaces, right.length)));
    const item = new vscode.InlineCompletionItem(at.chosen + shown, range);
    return [Object.assign(item, { answer: result.id, document, at: at.start, accepted: 0 })];
  });
}

function forPeople({ line, character }: vscodeApi.Position): { line: number; column: number } {
  return { line: line + 1, column: character + 1 };
}
