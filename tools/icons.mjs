// Draws resources/icon.svg as PNG in a headless browser: `node tools/icons.mjs`. To be run when the drawing changes.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { root } from "./prepare.mjs";

const size = 1024;
const executablePath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const page = await browser.newPage({ viewport: { width: size, height: size } });
await page.setContent(`<body style="margin:0">${readFileSync(join(root, "resources", "icon.svg"), "utf8")}</body>`);
writeFileSync(join(root, "resources", "icon.png"), await page.screenshot({ omitBackground: true }));
await browser.close();
