// The runtime of tools/electron-runtime.mjs comes without Electron's own default app. This one does the same as far as we need it:
// the first argument names a folder with a package.json, and what its "main" names is run.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { app } from "electron";

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith("-")) ?? process.cwd());
const { name, productName, version, main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
process.defaultApp = true;
app.setAppPath(folder);
app.setName(productName ?? name);
app.setVersion?.(version);
await import(pathToFileURL(join(folder, main)).href);
