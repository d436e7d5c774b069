import { rmSync } from "node:fs";
import { join } from "node:path";

// What the runtime of tools/electron-runtime.mjs carries beside Electron itself: the application for development, and the snapshot of
// another program, a hundred megabytes that its fuse keeps from being read.
const carried = [join("resources", "app"), "browser_v8_context_snapshot.bin"];

/** Takes away what a package has no use for. */
// biome-ignore lint/style/noDefaultExport: electron-builder calls the default export of a hook.
export default function afterPack({ appOutDir, electronPlatformName }) {
  if (electronPlatformName === "linux") for (const name of carried) rmSync(join(appOutDir, name), { recursive: true, force: true });
}
