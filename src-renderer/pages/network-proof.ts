import { type Disposable, toDisposable } from "#core/base/disposable";
import { isStopped } from "#core/base/errors";
import type { AuditEvent, AuditFinding } from "#core/contracts/audit";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { strings } from "../extension/strings.ts";
import { button, element, progressBar, redraw, replaceChildren } from "./dom.ts";

const words = strings.network.proof;

/** The part of the Network page that shows by one click that nothing leaves the machine, and how to do that without us. */
export function networkProof({ engine, vscode }: Features): { readonly part: HTMLElement } & Disposable {
  let running: AbortController | undefined;
  let how: string | null | undefined;
  let results: readonly string[] = [];
  const controls = element("div", { class: "localcoder-bar" });
  const steps = element("ul", { class: "localcoder-steps", "aria-label": words.steps });
  const outcome = element("div", { role: "status" });
  const part = element(
    "section",
    {},
    element("h2", {}, words.title),
    element("p", { class: "localcoder-quiet" }, words.intro),
    controls,
    steps,
    outcome,
  );

  function drawControls(progress?: { readonly name: string; readonly number: number; readonly of: number }): void {
    redraw(
      controls,
      running
        ? button(words.stop, () => running?.abort(), { key: "prove", id: "prove" })
        : button(words.start, () => void prove(), { primary: true, key: "prove", id: "prove" }),
      progress && progressBar(words.title, (progress.number - 1) / progress.of),
      progress && element("span", {}, words.using(progress.name, progress.number, progress.of)),
    );
  }

  function take(event: AuditEvent): void {
    switch (event.type) {
      case "begun":
        how = event.how;
        break;
      case "using":
        drawControls(event);
        break;
      case "used":
        results = [...results, event.result];
        steps.append(element("li", {}, words.used(event.name, event.result)));
        break;
      case "found":
        replaceChildren(outcome, ...findings(event.finding, event.clean), ...method());
    }
  }

  function findings({ attempts, packets, proof }: AuditFinding, clean: boolean): HTMLElement[] {
    const unused = results.filter((result) => result !== "done").length;
    return [
      element("p", { class: clean ? "localcoder-strong" : "localcoder-problem" }, clean ? words.clean : words.unclean),
      element(
        "ul",
        {},
        element("li", {}, attempts.length === 0 ? words.noAttempt : words.attempts(attempts.length)),
        ...attempts.map(({ process, host, reason }) => element("li", {}, words.attempt(process, host, reason))),
        packets !== undefined && element("li", {}, words.packets(packets)),
        unused > 0 && element("li", {}, words.unused(unused, results.length)),
        element("li", {}, proof.refused ? words.refused : words.notRefused),
        proof.packetsWithoutGate !== undefined && element("li", {}, words.counted(proof.packetsWithoutGate)),
      ),
    ];
  }

  function method(): HTMLElement[] {
    if (how === undefined) return [];
    const heading = element("h3", {}, words.yourself);
    if (how === null) return [heading, element("p", {}, words.noIsolation)];
    const command = how;
    return [
      heading,
      element("p", {}, words.method),
      element("pre", { class: "localcoder-command", tabindex: 0 }, command),
      element(
        "div",
        { class: "localcoder-bar" },
        button(words.copy, () => void vscode.env.clipboard.writeText(command)),
      ),
    ];
  }

  async function prove(): Promise<void> {
    const stop = new AbortController();
    running = stop;
    results = [];
    steps.replaceChildren();
    outcome.replaceChildren();
    drawControls();
    try {
      for await (const event of await engine.audit.run(undefined, { signal: stop.signal })) take(event);
    } catch (error) {
      if (stop.signal.aborted || isStopped(error)) replaceChildren(outcome, element("p", {}, words.stopped));
      else void showError(vscode, error);
    } finally {
      running = undefined;
      drawControls();
    }
  }

  drawControls();
  return { part, ...toDisposable(() => running?.abort()) };
}
