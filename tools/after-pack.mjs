import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Takes away the development application that the runtime of tools/electron-runtime.mjs carries: a package has its own. */
// biome-ignore lint/style/noDefaultExport: electron-builder calls the default export of a hook.
export default function afterPack({ appOutDir, electronPlatformName }) {
  const folder = electronPlatformName === "linux" ? join(appOutDir, "resources", "app") : undefined;
  if (folder && existsSync(folder)) rmSync(folder, { recursive: true });
}
