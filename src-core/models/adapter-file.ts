import { UserError } from "../base/errors.ts";
import type { AdapterFile } from "../contracts/models.ts";
import type { GgufHeader } from "./gguf.ts";
import { clean, string } from "./model-file.ts";

/** What a model may be loaded for, each with adapters of its own. */
export const adapterUses = ["completion", "chat"] as const;

/**
 * The adapters that settings name for a model, by its id or its file: those for one use of it, as `completion:ID`, before those for all.
 * Without a use, all of them.
 */
export function adaptersFor(
  all: Readonly<Record<string, readonly string[]>>,
  { id, path }: { readonly id: string; readonly path: string },
  use?: (typeof adapterUses)[number],
): readonly string[] {
  if (use === undefined) return [...new Set(adapterUses.flatMap((each) => adaptersFor(all, { id, path }, each)))];
  return all[`${use}:${id}`] ?? all[`${use}:${path}`] ?? all[id] ?? all[path] ?? [];
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
  return { path, name: clean(string(header, "general.name") ?? "") || label, architecture, bytes };
}
