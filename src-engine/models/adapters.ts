import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { describeError, UserError } from "#core/base/errors";
import type { AdapterFile, ModelFile, ModelHeader } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import { readAdapter } from "./read-model.ts";

/** What decides whether an adapter fits a model. */
type AdaptedModel = Pick<ModelFile, "name" | "architecture" | "dimensions" | "layerBytes">;

/** Reads the head of an adapter that is to be loaded with a model. Throws what is wrong with it: llama.cpp would say it in a log, or crash. */
export async function readAdapterFor(model: AdaptedModel, file: string): Promise<AdapterFile> {
  if (!isAbsolute(file)) throw new UserError("BAD_INPUT", `The adapter ${file} is not named by its whole path.`, hint);
  const adapter = await readAdapter(file);
  const { name, architecture, width, layers } = adapter;
  if (architecture !== model.architecture) {
    throw unsuited(`The adapter ${name} is for models of the kind ${architecture}, and ${model.name} is one of ${model.architecture}.`);
  }
  const own = model.dimensions?.embedding;
  if (width !== undefined && own !== undefined && width !== own) {
    throw unsuited(
      `The adapter ${name} is for a model of another size: its layers are ${width} numbers wide, those of ${model.name} ${own}.`,
    );
  }
  if (model.layerBytes.length > 0 && layers > model.layerBytes.length) {
    throw unsuited(
      `The adapter ${name} is for a model of another size: it changes ${layers} layers, and ${model.name} has ${model.layerBytes.length}.`,
    );
  }
  return adapter;
}

const hint = "Choose an adapter that was made for this model, or take it out on the Models page.";
const unsuited = (message: string) => new UserError("UNSUPPORTED", message, hint);

/** What adapters take in memory beside their model; one that is missing is told when it is loaded. */
export async function bytesOfAdapters(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file)
        .then(({ size }) => size)
        .catch(() => 0),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The adapters of a model, each as a sentence that says what it is or what is wrong with it. */
export function checkAdapters(model: AdaptedModel, files: readonly string[]): Promise<ModelHeader["adapters"]> {
  const check = async (file: string) => {
    try {
      const { name, bytes } = await readAdapterFor(model, file);
      return { passed: true, text: `${name}, ${formatBytes(bytes)} (${file})` };
    } catch (error) {
      return { passed: false, text: describeError(error).message };
    }
  };
  return Promise.all(files.map(check));
}
