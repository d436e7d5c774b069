import type { Model } from "#core/contracts/models";
import { contextsFor } from "#core/models/context-use";
import { formatMemory } from "#core/models/format";
import { memoryOnCard } from "#core/models/graphics-memory";
import { type KeyValueType, memoryWith } from "#core/models/memory-with";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import type { ModelStatus } from "../extension/status/model-status.ts";
import { formatNumber, strings } from "../extension/strings.ts";
import { button, element, replaceChildren } from "./dom.ts";

const words = strings.models.run;

/** The settings that decide how much memory a model takes and what computes. */
export interface RunSettings {
  readonly contextSize: number;
  readonly keyValueType: KeyValueType;
  readonly gpuLayers: number;
  readonly threads: number;
  readonly memory: number;
}

/** Those settings as they are now. */
export function readRunSettings({ vscode }: Features): RunSettings {
  const settings = vscode.workspace.getConfiguration("localcoder.inference");
  return {
    contextSize: settings.get("contextSize", 8192),
    keyValueType: settings.get<KeyValueType>("keyValueType", "f16"),
    gpuLayers: settings.get("gpuLayers", -1),
    threads: settings.get("threads", 0),
    memory: settings.get("memory", 0),
  };
}

/** Bytes a model takes for what it is in use for, else for what it is recommended for, else for what it suits. */
export function memoryOfModel(
  { file, catalogue, used, recommendedFor, roles, speed, adapterBytes }: Model,
  { contextSize, keyValueType }: RunSettings,
): number | undefined {
  const known = file ?? catalogue;
  if (!known) return undefined;
  const graphics = speed !== undefined && speed.backend !== "cpu";
  const wanted = used.length > 0 ? used : (recommendedFor ?? roles);
  return memoryWith({ ...known, adapterBytes }, contextsFor(wanted, contextSize, graphics), keyValueType);
}

/** Bytes of these that lie on a graphics card with the layers of the settings; undefined where none computes, or nobody says how many. */
function memoryOnCardOf(model: Model, settings: RunSettings): number | undefined {
  const { file, speed, used } = model;
  const graphics = speed !== undefined && speed.backend !== "cpu";
  if (!file || (!graphics && settings.gpuLayers <= 0)) return undefined;
  return memoryOnCard(file, contextsFor(used, settings.contextSize, graphics), settings.keyValueType, settings.gpuLayers);
}

/** Memory in words: small models differ by less than a tenth of a GB. */
export function memoryText(bytes: number): string {
  return bytes < 2 ** 30 ? `${formatNumber(Math.round(bytes / 2 ** 20))} MB` : formatMemory(bytes);
}

const contextSizes = [2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];
const keyValueTypes: readonly KeyValueType[] = ["f16", "q8_0", "q4_0"];

/** The part of the page where they are changed, with what a change costs in memory before it is applied. */
export function createRunSection(features: Features, status: ModelStatus): { readonly section: HTMLElement; update(): void } {
  const contextSize = element("select", { class: "localcoder-input", id: "localcoder-run-context" });
  const keyValueType = element(
    "select",
    { class: "localcoder-input", id: "localcoder-run-cache" },
    ...keyValueTypes.map((type) => element("option", { value: type }, words.keyValueTypes[type])),
  );
  const number = (id: string, min: number) => element("input", { class: "localcoder-input", id, type: "number", min, step: 1 });
  const gpuLayers = number("localcoder-run-layers", -1);
  const threads = number("localcoder-run-threads", 0);
  const memory = number("localcoder-run-memory", 0);
  const cost = element("div", { role: "status" });
  const apply = button(words.apply, () => void write(), { primary: true, key: "run-apply" });
  const field = (label: string, input: HTMLElement, hint?: string) =>
    element(
      "div",
      { class: "localcoder-field" },
      element("label", { for: input.id }, label),
      input,
      hint !== undefined && element("span", { class: "localcoder-quiet" }, hint),
    );
  const section = element(
    "details",
    { class: "localcoder-section" },
    element("summary", {}, element("h2", {}, words.title)),
    element(
      "div",
      { oninput: () => drawCost() },
      field(words.contextSize, contextSize),
      field(words.keyValueType, keyValueType),
      field(words.gpuLayers, gpuLayers, words.gpuLayersHint),
      field(words.threads, threads, words.threadsHint),
      field(words.memory, memory, words.memoryHint),
    ),
    cost,
    element("div", { class: "localcoder-bar" }, apply),
  );
  let drawn = "";

  function fill(): void {
    const now = readRunSettings(features);
    const sizes = [...new Set([...contextSizes, now.contextSize])].sort((one, other) => one - other);
    replaceChildren(contextSize, ...sizes.map((size) => element("option", { value: size }, words.contextTokens(size.toLocaleString()))));
    contextSize.value = String(now.contextSize);
    keyValueType.value = now.keyValueType;
    gpuLayers.value = String(now.gpuLayers);
    threads.value = String(now.threads);
    memory.value = String(now.memory);
  }

  function wanted(): RunSettings {
    const now = readRunSettings(features);
    const of = (input: HTMLInputElement, usual: number) => (input.validity.valid && input.value !== "" ? Number(input.value) : usual);
    return {
      contextSize: Number(contextSize.value),
      keyValueType: keyValueTypes.find((type) => type === keyValueType.value) ?? now.keyValueType,
      gpuLayers: of(gpuLayers, now.gpuLayers),
      threads: of(threads, now.threads),
      memory: of(memory, now.memory),
    };
  }

  function drawCost(): void {
    const [now, then] = [readRunSettings(features), wanted()];
    const lines = status
      .models()
      .filter(({ used, file }) => used.length > 0 && file)
      .map((model) => {
        const text = (settings: RunSettings) => memoryText(memoryOfModel(model, settings) ?? 0);
        const card = memoryOnCardOf(model, then);
        const lines = [words.cost(model.name, text(then), text(now)), card === undefined ? "" : words.onCard(memoryText(card))];
        return element("div", {}, lines.join(" "));
      });
    const same = JSON.stringify(now) === JSON.stringify(then);
    apply.disabled = same;
    replaceChildren(
      cost,
      ...(lines.length > 0 ? lines : [element("div", {}, words.noCost)]),
      element("div", { class: "localcoder-quiet" }, same ? words.unchanged : ""),
    );
  }

  async function write(): Promise<void> {
    const [now, then] = [readRunSettings(features), wanted()];
    try {
      for (const name of Object.keys(then) as (keyof RunSettings)[]) {
        if (then[name] !== now[name])
          await features.engine.settings.write({ name: `localcoder.inference.${name}`, value: then[name], scope: "user" });
      }
      features.vscode.window.setStatusBarMessage(words.applied, 5000);
    } catch (error) {
      void showError(features.vscode, error);
    }
  }

  return {
    section,
    update() {
      const now = JSON.stringify(readRunSettings(features));
      // What is being typed stays until the settings themselves change.
      if (now !== drawn) fill();
      drawn = now;
      drawCost();
    },
  };
}

/** How much context is counted with, for the head of the column. */
export function contextText(settings: RunSettings): string {
  return words.contextTokens(formatNumber(settings.contextSize));
}
