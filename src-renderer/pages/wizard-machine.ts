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

function listOf({ system, cpu, memory, gpu, backend, disk, models, recommended }: Machine): HTMLElement {
  const graphics = gpu.map(({ name, memory: own, unified, driver }) =>
    [name, own && formatMemory(own), unified && words.unified, driver && words.driver(driver)].filter(Boolean).join(", "),
  );
  const { performance, efficiency } = cpu;
  const kinds = performance && efficiency ? words.kinds(performance, efficiency) : "";
  // Why nothing better computes, in the order in which it was tried.
  const passedOver = backend.tried.filter(({ result }) => result !== "in use");
  const notTaken = passedOver.map(({ name, result }) => words.notTaken(backendName(name), result));
  const runsWell = recommended.map(({ role, name, memory: need }) => words.recommended(name, verbs.roles[role], formatMemory(need)));
  const facts: [string, string[]][] = [
    [
      words.system,
      [`${words.platforms[system.platform as keyof typeof words.platforms] ?? system.platform} ${system.release}, ${system.architecture}`],
    ],
    [words.processor, [[cpu.model, words.cores(cpu.cores, cpu.threads), kinds].filter(Boolean).join(", ")]],
    [words.memory, [words.memoryFree(formatMemory(memory.free), formatMemory(memory.total))]],
    [words.graphics, graphics.length > 0 ? graphics : [words.noGraphics]],
    [words.backend, [backendName(backend.name), ...notTaken]],
    [words.disk, [words.diskFree(formatBytes(disk.free), disk.path)]],
    [words.found, models.length > 0 ? models.map(foundText) : [words.foundNone]],
    [words.wouldRun, runsWell],
  ];
  return element(
    "dl",
    {},
    ...facts
      .filter(([, lines]) => lines.length > 0)
      .flatMap(([name, lines]) => [
        element("dt", {}, name),
        element(
          "dd",
          {},
          ...lines.map((line, index) => element("div", index > 0 && name === words.backend ? { class: "localcoder-quiet" } : {}, line)),
        ),
      ]),
  );
}

const verbs = strings.models;

function foundText({ name, quantisation, bytes, source }: Machine["models"][number]): string {
  return [name, quantisation, formatBytes(bytes), verbs.sources[source as keyof typeof verbs.sources]].filter(Boolean).join(", ");
}

function problemsOf({ problems }: Machine): HTMLElement[] {
  return problems.map(({ message, hint }) => element("p", { class: "localcoder-choice" }, strings.errors.withHint(message, hint)));
}
