import type { ModelRole } from "../contracts/common.ts";
import type { ModelSpeed } from "../contracts/models.ts";
import type { Settings } from "../settings/schema.ts";

/** What a suggestion costs while one types on: the tokens of some keys are read, and a short line is written. */
const readPerSuggestion = 24;
const writtenPerSuggestion = 12;

/** Ghost text that takes longer comes when the line is already typed. */
const longestSuggestion = 700;
/** Below this, people read faster than the answer comes. */
const leastWriting = 8;

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
