import { UserError } from "../base/errors.ts";
import type { AdapterFile } from "../contracts/models.ts";
import type { GgufHeader } from "./gguf.ts";
import { clean, string } from "./model-file.ts";

/** The adapters that settings name for a model, by its id or its file. */
export function adaptersFor(
  all: Readonly<Record<string, readonly string[]>>,
  { id, path }: { readonly id: string; readonly path: string },
): readonly string[] {
  return all[id] ?? all[path] ?? [];
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
