import type { ModelRole } from "../contracts/common.ts";
import type { ModelSpeed } from "../contracts/models.ts";
import type { Settings } from "../settings/schema.ts";

/** What a suggestion costs while one types on: the tokens of some keys are read, and a short line is written. */
const readPerSuggestion = 24;
const writtenPerSuggestion = 12;

/** Ghost text that takes longer comes when the line is already typed. */
const longestSuggestion = 700;
/** Tokens a second; below this, people read faster than the answer comes. */
export const leastWriting = 8;

/**
 * Bytes of weights a second that a core gets through while a model writes. Two cores of a rented server were measured at 10 to 14 each, with
 * 1.5 billion parameters in four bits; the lower one is taken.
 */
const bytesPerCore = 10e9;
/** Every token reads all weights, and two channels of common memory give no more than this, however many cores ask. */
const bytesOfMemory = 40e9;

/** Tokens a second that a processor is expected to write with a dense model of so many bytes; nobody has measured it yet. */
export function expectedWriting(bytes: number, cores: number): number {
  return Math.min(cores * bytesPerCore, bytesOfMemory) / bytes;
}

/** Guesses that win less than this are not worth another way of writing. */
const leastGain = 1.2;

/** The settings that a speed depends on, as one text: measured with others it says nothing. */
export function speedSettings(settings: Settings): string {
  const names = ["gpu", "gpuLayers", "threads", "keyValueType"] as const;
  return names.map((name) => settings[`localcoder.inference.${name}`]).join(" ");
}

/** True where it was measured that checking guesses makes writing quicker. */
export function guessesPay({ writing, guessing }: Pick<ModelSpeed, "writing" | "guessing">): boolean {
  return guessing !== undefined && guessing >= writing * leastGain;
}

/** Milliseconds that a suggestion takes at this speed. */
export function suggestionMilliseconds({ reading, writing }: Pick<ModelSpeed, "reading" | "writing">): number {
  return (readPerSuggestion * 1000) / reading + (writtenPerSuggestion * 1000) / writing;
}

/** Why a model is too slow for a role, in one sentence; undefined when it is not. */
export function explainSlow(name: string, role: ModelRole, speed: Pick<ModelSpeed, "reading" | "writing">): string | undefined {
  if (role === "completion") {
    const milliseconds = suggestionMilliseconds(speed);
    return milliseconds > longestSuggestion
      ? `A suggestion of ${name} takes about ${(milliseconds / 1000).toFixed(1)} seconds here, which is too late while typing.`
      : undefined;
  }
  return speed.writing < leastWriting
    ? `${name} writes ${speed.writing.toFixed(1)} tokens a second here, which is slower than reading.`
    : undefined;
}
