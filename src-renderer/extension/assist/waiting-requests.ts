import { createEmitter, type Emitter } from "#core/base/emitter";
import type { WaitingRequest } from "#core/contracts/assist";
import { showError } from "../errors.ts";
import type { Features } from "../features.ts";
import { follow } from "../follow.ts";
import type { ModelStatus } from "../status/model-status.ts";
import { formatTime, strings } from "../strings.ts";
import type { Actions } from "./actions.ts";

/** What was asked while there was no model. */
export interface WaitingRequests {
  readonly count: () => number;
  readonly changes: Emitter<void>;
}

const words = strings.waitingRequests;

/** Follows the requests that wait for a model, and offers to run them when one is there. */
export function followWaitingRequests(features: Features, status: ModelStatus, replay: Actions["replay"]): WaitingRequests {
  const { engine, vscode, own } = features;
  const changes = createEmitter<void>();
  let waiting: readonly WaitingRequest[] = [];
  /** Those that were offered already: asked once is enough. */
  const offered = new Set<string>();

  own(
    follow(
      (signal) => engine.assist.waiting(undefined, { signal }),
      (list) => {
        waiting = list;
        changes.emit();
        void offer();
      },
    ),
  );
  own(status.stateChanges.listen(() => void offer()));
  own(vscode.commands.registerCommand("localcoder.waitingRequests", () => choose()));

  function isModelThere(): boolean {
    const states = status.states();
    return typeof states === "object" && states.some(({ role, state }) => role === "code" && state !== "no-model");
  }

  async function offer(): Promise<void> {
    const open = waiting.filter(({ id }) => !offered.has(id));
    if (open.length === 0 || !isModelThere()) return;
    for (const { id } of open) offered.add(id);
    const answer = await vscode.window.showInformationMessage(words.ready(open.length), words.run, words.drop);
    if (answer === words.run) for (const request of open) await run(request);
    if (answer === words.drop) for (const request of open) await drop(request);
  }

  async function run({ id }: WaitingRequest): Promise<void> {
    await attempt(async () => replay(await engine.assist.takeWaiting({ id })));
  }
  async function drop({ id }: WaitingRequest): Promise<void> {
    await attempt(() => engine.assist.dropWaiting({ id }));
  }
  async function attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await showError(vscode, error);
    }
  }

  async function choose(): Promise<void> {
    const rows = waiting.map((request) => ({ label: request.title, description: formatTime(request.created), request }));
    const chosen = await vscode.window.showQuickPick(rows, { placeHolder: rows.length > 0 ? words.choose : words.none });
    if (!chosen) return;
    const verbs = [...(isModelThere() ? [words.run] : []), words.drop];
    const verb = await vscode.window.showQuickPick(verbs, { placeHolder: chosen.label });
    if (verb === words.run) await run(chosen.request);
    if (verb === words.drop) await drop(chosen.request);
  }

  return { count: () => waiting.length, changes };
}
