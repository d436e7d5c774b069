import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** A model as the engine takes it: a catalogue id or a model of a server as it is, a file by its whole path. */
export function modelNamed(text: string): string {
  if (/^https?:\/\//.test(text)) return text;
  return existsSync(text) || /[\\/]|\.gguf$/i.test(text) ? resolve(text) : text;
}
