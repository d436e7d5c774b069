import type { Backends } from "#core/contracts/inference";

/** What can compute here; false is the processor. */
type GpuType = "metal" | "cuda" | "vulkan" | false;

/** Why a back end was not even started. */
const missing: Readonly<Record<Exclude<GpuType, false>, string>> = {
  metal: "not on this machine",
  cuda: "no NVIDIA driver with CUDA was found",
  vulkan: "no Vulkan driver was found",
};

const failed = "found, but it did not start: the driver may be too old, or there is no card";
const withoutPart = "a driver was found, but LocalCoder's part for it is not installed";

/** The back ends in the order in which they are tried, and why a better one than the one in use was not taken. */
export function describeAttempts(
  valid: readonly GpuType[],
  supported: readonly GpuType[],
  taken: GpuType,
  isInstalled: (type: Exclude<GpuType, false>) => boolean,
): { name: string; result: string }[] {
  const attempts: Backends["tried"] = [];
  for (const type of valid) {
    if (type === taken || type === false) break;
    attempts.push({ name: type, result: supported.includes(type) ? (isInstalled(type) ? failed : withoutPart) : missing[type] });
  }
  return [...attempts, { name: taken === false ? "cpu" : taken, result: "in use" }];
}
