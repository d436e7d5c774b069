import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** A model as the engine takes it: a catalogue id as it is, a file by its whole path. */
export function modelNamed(text: string): string {
  return existsSync(text) || /[\\/]|\.gguf$/i.test(text) ? resolve(text) : text;
}
