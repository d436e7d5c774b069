import { UserError } from "../base/errors.ts";
import type { AdapterFile, AdapterList } from "../contracts/models.ts";
import type { GgufHeader } from "./gguf.ts";
import { clean, string } from "./model-file.ts";

/** What a model may be loaded for, each with adapters of its own. */
export const adapterUses = ["completion", "chat"] as const;
/** See {@link adapterUses}. */
export type AdapterUse = (typeof adapterUses)[number];

/** How settings name a model whose adapters are told, for all its uses or for one. */
export function adapterKey(model: string, use: AdapterUse | undefined): string {
  return use === undefined ? model : `${use}:${model}`;
}

/** The lists of adapters that settings hold, of whichever models: for all folders, or for one. */
export function adapterListsIn(all: Readonly<Record<string, readonly string[]>> = {}, folder?: string): AdapterList[] {
  return Object.entries(all).map(([key, files]) => {
    const use = adapterUses.find((each) => key.startsWith(`${each}:`));
    return { model: use === undefined ? key : key.slice(use.length + 1), use, folder, files: [...files] };
  });
}

/**
 * The adapters that settings name for a model, by its id or its file: those for one use of it, as `completion:ID`, before those for all.
 * Without a use, all of them.
 */
export function adaptersFor(
  all: Readonly<Record<string, readonly string[]>>,
  { id, path }: { readonly id: string; readonly path: string },
  use?: AdapterUse,
): readonly string[] {
  if (use === undefined) return [...new Set(adapterUses.flatMap((each) => adaptersFor(all, { id, path }, each)))];
  return all[adapterKey(id, use)] ?? all[adapterKey(path, use)] ?? all[id] ?? all[path] ?? [];
}

/** What is known of an adapter from its head. Throws UNSUPPORTED for a file of another kind, MODEL_FILE_DAMAGED for one that lacks what it takes. */
export function describeAdapter(
  { path, bytes, label }: { readonly path: string; readonly bytes: number; readonly label: string },
  header: GgufHeader,
): AdapterFile {
  if (string(header, "general.type") !== "adapter" || string(header, "adapter.type") !== "lora") {
    throw new UserError("UNSUPPORTED", `${label} is no adapter of the kind LoRA.`, "Choose an adapter that was converted to GGUF.");
  }
  const architecture = clean(string(header, "general.architecture") ?? "");
  if (architecture === "" || header.tensors === 0) {
    throw new UserError("MODEL_FILE_DAMAGED", `The adapter ${label} is incomplete.`, "Download or copy the file again.");
  }
  const width = header.adaptedWidth;
  return {
    path,
    name: clean(string(header, "general.name") ?? "") || label,
    architecture,
    width,
    layers: header.layers.blocks.length,
    bytes,
  };
}
