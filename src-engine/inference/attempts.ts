import type { Backends } from "#core/contracts/inference";

/** What can compute here; false is the processor. */
type GpuType = "metal" | "cuda" | "vulkan" | false;

/** Why a back end was not even started. */
const missing: Readonly<Record<Exclude<GpuType, false>, string>> = {
  metal: "not on this machine",
  cuda: "no NVIDIA driver with CUDA was found",
  vulkan: "no Vulkan driver was found",
};

/** The back ends in the order in which they are tried, and why a better one than the one in use was not taken. */
export function describeAttempts(
  valid: readonly GpuType[],
  supported: readonly GpuType[],
  taken: GpuType,
): { name: string; result: string }[] {
  const attempts: Backends["tried"] = [];
  for (const type of valid) {
    if (type === taken || type === false) break;
    const result = supported.includes(type) ? "found, but it did not start: the driver may be too old, or there is no card" : missing[type];
    attempts.push({ name: type, result });
  }
  return [...attempts, { name: taken === false ? "cpu" : taken, result: "in use" }];
}
