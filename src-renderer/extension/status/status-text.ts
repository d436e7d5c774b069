import type { ModelRole } from "#core/contracts/common";
import type { Download, ModelState } from "#core/contracts/models";
import { formatSeconds } from "#core/models/format";
import { backendName, strings } from "../strings.ts";

/** What is known when the status bar is drawn. */
export interface StatusFacts {
  /** States of the roles; undefined before the engine was reached for the first time, "lost" while it is gone. */
  readonly states: readonly ModelState[] | "lost" | undefined;
  readonly downloads: readonly Download[];
  /** Names of models by catalogue id or path, as far as they are known. */
  readonly names: ReadonlyMap<string, string>;
  /** Roles whose model was chosen for the folder of this window alone. */
  readonly ownRoles: readonly ModelRole[];
  /** Where ghost text is switched off, if it is. */
  readonly off: { readonly everywhere: boolean; readonly language: string | undefined; readonly file: boolean };
  /** Until when it pauses, as a time of day. */
  readonly pausedUntil: string | undefined;
  /** What became of the last request for ghost text. */
  readonly last: string | undefined;
  /** Requests that wait for a model. */
  readonly waiting: number;
}

/** What the status bar shows. Icons are the workbench's own, by name. */
export interface StatusText {
  readonly text: string;
  readonly tooltip: readonly string[];
  readonly kind: "quiet" | "warning";
}

const { status } = strings;

/** The file name without folders and ".gguf", for a model that has no better name. */
export function shortName(model: string): string {
  return (model.split(/[\\/]/).at(-1) ?? model).replace(/\.gguf$/i, "");
}

/** Puts the state of models, downloads and ghost text into one entry: the most urgent thing in the text, all in the tooltip. */
export function statusText(facts: StatusFacts): StatusText {
  if (!facts.states) return { text: `$(loading~spin) ${strings.product}`, tooltip: [status.starting], kind: "quiet" };
  if (facts.states === "lost") return { text: `$(loading~spin) ${status.engineGoneText}`, tooltip: [status.engineGone], kind: "quiet" };
  const nameOf = (id: string) => facts.names.get(id) ?? shortName(id);
  const tooltip: string[] = [];
  const main = mainState(facts.states);
  const model = main?.model ? nameOf(main.model) : undefined;
  const running = facts.downloads.find(({ state }) => state !== "done" && state !== "failed");

  const off = offText(facts);
  const described = stateText(main, model);
  if (described.tooltip) tooltip.push(described.tooltip);
  if (main && facts.ownRoles.includes(main.role)) tooltip.push(status.chosenForFolder);
  if (main?.state === "ready" && main.tokensPerSecond) tooltip.push(status.lastSpeed(status.tokensPerSecond(main.tokensPerSecond)));
  if (main?.backend) tooltip.push(status.backend(backendName(main.backend)));
  if (off) tooltip.push(off.tooltip);
  else if (facts.last) tooltip.push(status.lastRequest(facts.last));

  if (running) {
    tooltip.unshift(status.downloading(nameOf(running.id)));
    return { text: `$(cloud-download) ${downloadText(running)}`, tooltip, kind: "quiet" };
  }
  if (facts.waiting > 0) tooltip.push(strings.waitingRequests.tooltip(facts.waiting));
  const suffix = facts.waiting > 0 ? ` · ${strings.waitingRequests.text(facts.waiting)}` : off ? ` · ${off.text}` : "";
  return { text: described.text + (described.kind === "quiet" ? suffix : ""), tooltip, kind: described.kind };
}

/** Why no ghost text comes by itself here: the reason that reaches furthest. */
function offText({ off, pausedUntil }: StatusFacts): { text: string; tooltip: string } | undefined {
  if (off.everywhere) return { text: status.offText, tooltip: status.off };
  if (pausedUntil) return { text: status.pausedGhostTextShort(pausedUntil), tooltip: status.pausedGhostText(pausedUntil) };
  if (off.language) return { text: status.offHereText, tooltip: status.offForLanguage(off.language) };
  return off.file ? { text: status.offHereText, tooltip: status.offForFile } : undefined;
}

/** The role to show: whichever is at work, else the one for ghost text, else any with a model. */
function mainState(states: readonly ModelState[]): ModelState | undefined {
  const rank = (state: ModelState) => ["busy", "loading", "failed"].indexOf(state.state);
  const active = states.filter((state) => rank(state) !== -1).sort((a, b) => rank(a) - rank(b))[0];
  return active ?? states.find(({ role, model }) => role === "completion" && model) ?? states.find(({ model }) => model) ?? states[0];
}

function stateText(main: ModelState | undefined, model: string | undefined): { text: string; tooltip?: string; kind: StatusText["kind"] } {
  switch (main?.state) {
    case "busy": {
      const text = main.tokensPerSecond ? status.busyText(model ?? "", status.tokensPerSecond(main.tokensPerSecond)) : (model ?? "");
      return { text: `$(loading~spin) ${text}`, tooltip: status.busy(model ?? ""), kind: "quiet" };
    }
    case "loading":
      return {
        text: `$(loading~spin) ${model ?? ""} · ${status.loadingText(Math.floor((main.progress ?? 0) * 100))}`,
        tooltip: status.loading(model ?? ""),
        kind: "quiet",
      };
    case "failed":
      return { text: `$(chip) ${status.failedText}`, tooltip: main.reason, kind: "warning" };
    case "ready":
      return { text: `$(chip) ${model ?? ""}`, tooltip: status.ready(model ?? ""), kind: "quiet" };
    case "unloaded":
      return { text: `$(chip) ${model ?? ""}`, tooltip: status.unloaded(model ?? ""), kind: "quiet" };
    default:
      return { text: `$(chip) ${status.noModelText}`, tooltip: main?.reason ?? status.noModel, kind: "quiet" };
  }
}

function downloadText(download: Download): string {
  const percent = download.bytes > 0 ? Math.floor((download.received / download.bytes) * 100) : 0;
  if (download.state === "verifying") return status.verifyingText;
  if (download.state === "testing") return status.testingText;
  if (download.state === "paused") return status.pausedText(percent);
  return status.downloadingText(percent, download.secondsLeft === null ? "" : formatSeconds(download.secondsLeft));
}
