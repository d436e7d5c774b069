import { basename } from "node:path";
import { InsufficientMemoryError } from "node-llama-cpp";
import { UserError } from "#core/base/errors";

/** The first line of an error, which is what llama.cpp says. */
export function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n")[0] ?? "").slice(0, 300);
}

/** What it means for a person that a model could not be loaded. */
export function loadError(error: unknown, path: string): unknown {
  if (error instanceof UserError || (error instanceof Error && error.name === "AbortError")) return error;
  const name = basename(path);
  if (
    error instanceof InsufficientMemoryError ||
    /insufficient (?:memory|vram|ram)|not enough|too large for the available/i.test(sentence(error))
  )
    return new UserError(
      "MODEL_DOES_NOT_FIT",
      `${name} does not fit into memory: ${sentence(error)}`,
      "Choose a smaller model, or close other programs.",
    );
  return new UserError(
    "MODEL_LOAD_FAILED",
    `${name} could not be loaded: ${sentence(error)}`,
    "Memory may have been short, or the file is incomplete or of a kind this version does not know. Close other programs, check it, or choose another model.",
  );
}
