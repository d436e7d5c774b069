import { readFileSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { UserError } from "#core/base/errors";
import type { LoadOptions } from "#core/contracts/inference";

/** The settings that decide whether a load is survived. */
export type RiskyOptions = Pick<LoadOptions, "gpu" | "gpuLayers" | "contextSize">;

/** Remembers which model ended its process with which settings while it was loaded, so that it is not done again. */
export interface LoadAttempts {
  /** The wanted settings, or safer ones with the reason where those ended the process before. Throws when nothing safer is left. */
  plan<Options extends RiskyOptions>(model: { path: string; name: string }, wanted: Options): { options: Options; reason?: string };
  /** Takes note that the process ended while it loaded a file. */
  crashed(path: string, options: RiskyOptions): void;
  /** Lets a file try again, because somebody wants it to. */
  forgive(path: string): void;
}

const crash = z.object({
  path: z.string(),
  size: z.number(),
  modified: z.number(),
  gpu: z.string(),
  gpuLayers: z.number(),
  contextSize: z.number(),
  at: z.number(),
});
type Crash = z.infer<typeof crash>;

/** A driver may be new and memory free by then. */
const keptMilliseconds = 14 * 24 * 3_600_000;
const safeContext = 2048;

/** Opens what is remembered in a file; without one it is remembered as long as the process lives. */
export function createLoadAttempts(file?: string, now: () => number = Date.now): LoadAttempts {
  let crashes: readonly Crash[] = file === undefined ? [] : read(file);

  function keep(changed: readonly Crash[]): void {
    crashes = changed;
    if (file === undefined) return;
    void mkdir(dirname(file), { recursive: true })
      .then(() => writeFile(file, JSON.stringify(crashes)))
      // It costs one crash more the next time.
      .catch(() => {});
  }

  /** A file that was replaced, and settings that were changed, are something new. */
  function hasCrashed(path: string, options: RiskyOptions): boolean {
    const { size, modified } = identity(path);
    return crashes.some(
      (one) =>
        one.path === path &&
        one.size === size &&
        one.modified === modified &&
        one.gpu === options.gpu &&
        one.gpuLayers === options.gpuLayers &&
        one.contextSize === options.contextSize &&
        now() - one.at < keptMilliseconds,
    );
  }

  return {
    plan({ path, name }, wanted) {
      const onProcessor = { ...wanted, gpu: "off" as const };
      if (!hasCrashed(path, wanted)) return { options: wanted };
      if (wanted.gpu !== "off" && !hasCrashed(path, onProcessor))
        return { options: onProcessor, reason: "The process ended the last time it loaded this model on the graphics card." };
      const small = { ...onProcessor, contextSize: Math.min(wanted.contextSize, safeContext) };
      if (!hasCrashed(path, small))
        return { options: small, reason: "The process ended the last time it loaded this model with a larger context." };
      throw new UserError(
        "MODEL_LOAD_FAILED",
        `The model process ended each time it loaded ${name}, so it is not tried again by itself.`,
        "Choose another model, or choose this one anew to try once more.",
      );
    },
    crashed(path, { gpu, gpuLayers, contextSize }) {
      keep([
        ...crashes.filter(({ at }) => now() - at < keptMilliseconds),
        { path, ...identity(path), gpu, gpuLayers, contextSize, at: now() },
      ]);
    },
    forgive(path) {
      if (crashes.some((one) => one.path === path)) keep(crashes.filter((one) => one.path !== path));
    },
  };
}

function read(file: string): readonly Crash[] {
  try {
    return z.array(crash).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return [];
  }
}

function identity(path: string): { size: number; modified: number } {
  const found = statSync(path, { throwIfNoEntry: false });
  return { size: found?.size ?? 0, modified: found?.mtimeMs ?? 0 };
}
