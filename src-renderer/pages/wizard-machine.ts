import { type Disposable, toDisposable } from "#core/base/disposable";
import { describeError } from "#core/base/errors";
import type { Machine } from "#core/contracts/models";
import { formatBytes, formatMemory } from "#core/models/format";
import { backendName, strings } from "../extension/strings.ts";
import { element, progressBar, replaceChildren } from "./dom.ts";
import type { WizardStep } from "./wizard-page.ts";

const words = strings.wizard.machine;

/** The first step: what the machine is, as far as it matters for models. */
export function fillMachine(place: HTMLElement, { features }: WizardStep): Disposable {
  const facts = element(
    "div",
    { "aria-live": "polite" },
    element("p", { class: "localcoder-quiet" }, words.looking),
    progressBar(words.looking),
  );
  let gone = false;
  replaceChildren(place, element("h1", {}, words.heading), element("p", {}, words.text), facts);
  features.engine.models.machine().then(
    (machine) => !gone && replaceChildren(facts, listOf(machine), ...problemsOf(machine)),
    (error: unknown) => !gone && replaceChildren(facts, element("p", { class: "localcoder-problem" }, describeError(error).message)),
  );
  return toDisposable(() => {
    gone = true;
  });
}

function listOf({ system, cpu, memory, gpu, backend, disk }: Machine): HTMLElement {
  const graphics = gpu.map(({ name, memory: own, unified }) =>
    [name, own ? formatMemory(own) : "", unified ? words.unified : ""].filter(Boolean).join(", "),
  );
  const facts: [string, string][] = [
    [
      words.system,
      `${words.platforms[system.platform as keyof typeof words.platforms] ?? system.platform} ${system.release}, ${system.architecture}`,
    ],
    [words.processor, [cpu.model, words.cores(cpu.cores, cpu.threads)].filter(Boolean).join(", ")],
    [words.memory, words.memoryFree(formatMemory(memory.free), formatMemory(memory.total))],
    [words.graphics, graphics.join("; ") || words.noGraphics],
    [words.backend, backendName(backend.name)],
    [words.disk, words.diskFree(formatBytes(disk.free), disk.path)],
  ];
  return element("dl", {}, ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

function problemsOf({ problems }: Machine): HTMLElement[] {
  return problems.map(({ message, hint }) => element("p", { class: "localcoder-choice" }, strings.errors.withHint(message, hint)));
}
