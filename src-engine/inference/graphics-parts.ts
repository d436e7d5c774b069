import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const systems: Readonly<Record<string, string>> = { darwin: "mac", win32: "win" };

/** True when the libraries for a kind of graphics card are here: on Linux and Windows they are packages of their own. */
export function isPartInstalled(type: "metal" | "cuda" | "vulkan"): boolean {
  try {
    require.resolve(`@node-llama-cpp/${systems[process.platform] ?? process.platform}-${process.arch}-${type}`);
    return true;
  } catch {
    return false;
  }
}
