// Draws resources/icon.svg in a headless browser as what each system wants: `node tools/icons.mjs`. To be run when the drawing changes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { iconTypes } from "./mac-bundle.mjs";
import { root } from "./prepare.mjs";

const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512];
const windowsSizes = [16, 24, 32, 48, 64, 128, 256];

const resources = join(root, "resources");
const drawing = readFileSync(join(resources, "icon.svg"), "utf8");
const executablePath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const drawn = new Map();
for (const size of new Set([...linuxSizes, ...windowsSizes, ...Object.values(iconTypes)])) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const sized = drawing.replace(/width="\d+" height="\d+"/, `width="${size}" height="${size}"`);
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${sized}`);
  drawn.set(size, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();

writeFileSync(join(resources, "icon.png"), drawn.get(1024));
writeFileSync(join(resources, "icon.icns"), macIcon());
writeFileSync(join(resources, "icon.ico"), windowsIcon());
mkdirSync(join(resources, "icons"), { recursive: true });
for (const size of linuxSizes) writeFileSync(join(resources, "icons", `${size}x${size}.png`), drawn.get(size));

/** Entries of a type, a length and a picture, in a file of the same form. */
function macIcon() {
  const entry = (type, content) => {
    const head = Buffer.alloc(8);
    head.write(type, "latin1");
    head.writeUInt32BE(content.length + 8, 4);
    return Buffer.concat([head, content]);
  };
  return entry("icns", Buffer.concat(Object.entries(iconTypes).map(([type, size]) => entry(type, drawn.get(size)))));
}

/** A list of pictures, and then the pictures. */
function windowsIcon() {
  const head = Buffer.alloc(6 + 16 * windowsSizes.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(windowsSizes.length, 4);
  let offset = head.length;
  windowsSizes.forEach((size, index) => {
    const at = 6 + 16 * index;
    // 256 is written as 0.
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(drawn.get(size).length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += drawn.get(size).length;
  });
  return Buffer.concat([head, ...windowsSizes.map((size) => drawn.get(size))]);
}
