// `npm run screenshots [-- PICTURE...]`: makes the pictures in docs/images from the running program with the small real model. Nothing in
// them is made up but the little project they show. To be run again when what they show has changed.
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openModelHub } from "../e2e/hub.ts";
import { focusEditor, openFile, openWorkbench, ready, runCommand, smallModel } from "../e2e/launch.ts";
import { startDisplay } from "./display.mjs";
import { root } from "./prepare.mjs";
import { say } from "./progress.mjs";
import { bakery, linesOf } from "./screenshots/bakery.mjs";
import { encodeGif, record } from "./screenshots/recording.mjs";
import { typeAsAPerson } from "./screenshots/typing.mjs";

const folder = join(root, "docs", "images");
const settings = {
  "window.autoDetectColorScheme": false,
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.startupEditor": "none",
};
const ghost = ".ghost-text-decoration, .ghost-text";

const sessions = [
  { pictures: ["ghost-text", "explain", "seen", "improve", "history"], run: inWindow },
  { pictures: ["chat"], run: inChat },
  { pictures: ["typing"], run: recordTyping },
  { pictures: ["setup"], run: firstRun },
  { pictures: ["download", "models", "network"], run: withHub },
  { pictures: ["browser"], run: inBrowser },
];

const named = process.argv.slice(2);
const { environment, stop } = await startDisplay();
Object.assign(process.env, environment);
mkdirSync(folder, { recursive: true });
try {
  for (const { pictures, run } of sessions) if (named.length === 0 || pictures.some((name) => named.includes(name))) await run();
} finally {
  stop();
}

async function inWindow() {
  await withWorkbench("electron", { files: bakery, name: "bakery", models: "small", settings }, async (page) => {
    await typeInTotal(page);
    await picture(page, "ghost-text");
    await page.keyboard.press("Tab");
    await runCommand(page, "File: Save");

    await select(page, "src/orders.ts", "export function dearest", "}");
    await chord(page, "x");
    await page.locator('.localcoder-card [data-button="again"]').waitFor({ timeout: 120_000 });
    await picture(page, "explain");
    await page.locator(".localcoder-card .foot .localcoder-link").click();
    await page.locator(".localcoder-budget").waitFor();
    await picture(page, "seen");
    await runCommand(page, "View: Close Editor");
    await page.keyboard.press("Escape");

    await select(page, "src/orders.ts", "export function unpaidByCustomer", "}");
    await chord(page, "g");
    await page.locator(".quick-input-widget input").waitFor();
    await page.keyboard.type("use const and for...of");
    await page.keyboard.press("Enter");
    await page.locator('.localcoder-review [data-button="again"]').waitFor({ timeout: 120_000 });
    await picture(page, "improve");
    await chord(page, "Control+y");
    await runCommand(page, "File: Save");

    await runCommand(page, "LocalCoder: Open history");
    await page.locator(".localcoder-history [data-session]").first().click();
    await page.locator(".localcoder-page").waitFor();
    await page.locator(".localcoder-history input").fill("customer");
    await page.locator(".localcoder-history mark").first().waitFor();
    await picture(page, "history");
  });
}

/** A question about a function, and its answer with code that can be applied. */
async function inChat() {
  await withWorkbench("electron", { files: bakery, name: "bakery", models: "small", settings }, async (page) => {
    await select(page, "src/orders.ts", "export function dearest", "}");
    await runCommand(page, "LocalCoder: Open chat");
    const answers = page.locator(".localcoder-chat .turn.assistant:not(.running)");
    for (const [index, question] of ["/explain #selection", "Show it with a for...of loop instead."].entries()) {
      await page.locator(".localcoder-chat textarea").fill(question);
      await page.keyboard.press("Enter");
      await answers.nth(index).waitFor({ timeout: 300_000 });
    }
    await picture(page, "chat");
  });
}

/** A minute of typing, at the speed at which it happened. */
async function recordTyping() {
  const { first } = linesOf("src/cart.ts", "export function total", "");
  const cart = `${bakery["src/cart.ts"].split("\n").slice(0, first).join("\n")}\n`;
  const plain = {
    "editor.autoClosingBrackets": "never",
    "editor.autoClosingComments": "never",
    "editor.cursorBlinking": "solid",
    "editor.quickSuggestions": { other: "off" },
    "editor.minimap.enabled": false,
    "breadcrumbs.enabled": false,
  };
  const options = { files: { ...bakery, "src/cart.ts": cart }, name: "bakery", models: "small", settings: { ...settings, ...plain } };
  await withWorkbench("electron", options, async (page, { electron }) => {
    await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setContentSize(860, 620));
    await openFile(page, "cart.ts");
    await runCommand(page, "View: Toggle Primary Side Bar Visibility");
    await focusEditor(page);
    await page.keyboard.press("Control+End");
    // The model is loaded and the text read before anybody looks.
    await page.keyboard.type("  ret");
    await page.locator(ghost).first().waitFor({ timeout: 120_000 });
    for (let key = 0; key < 3; key++) await page.keyboard.press("Backspace");
    await page.mouse.move(0, 0);
    await page.waitForTimeout(5000);
    const stopRecording = await record(page);
    const taken = await typeAsAPerson(page);
    await page.waitForTimeout(1000);
    const { bytes, seconds } = encodeGif(await stopRecording());
    writeFileSync(join(folder, "typing.gif"), bytes);
    say(`typing.gif, ${Math.round(bytes.length / 1000)} kB, ${Math.round(seconds)} s, ${taken} suggestions taken`);
  });
}

async function firstRun() {
  await withWorkbench("electron", { files: bakery, name: "bakery", firstRun: true, settings }, async (page) => {
    const wizard = page.locator(".localcoder-page");
    await wizard.locator("dl").waitFor();
    await wizard.locator('[data-button="next"]').click();
    await wizard.locator("h2").first().waitFor();
    await picture(page, "setup");
  });
}

/** The hub is one on this machine, so that no picture needs a network. */
async function withHub() {
  const hub = await openModelHub(smallModel, 120_000_000);
  const options = { files: bakery, name: "bakery", settings: { ...settings, "localcoder.models.hub": hub.url } };
  await withWorkbench("electron", options, async (page) => {
    const here = page.locator(".localcoder-page:visible");
    await runCommand(page, "LocalCoder: Open models");
    const row = here.locator('[data-download="qwen2.5-coder-0.5b-instruct"]');
    await row.getByRole("button", { name: "Download" }).click();
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "Download" }).click();
    await row.getByText("120 MB of").waitFor();
    await picture(page, "download");
    await row.getByRole("button", { name: "Pause" }).click();
    hub.open();
    await row.getByRole("button", { name: "Resume" }).click();
    await row.getByRole("button", { name: "More actions" }).click({ timeout: 120_000 });
    await page.locator(".quick-input-widget input").waitFor();
    await page.keyboard.type("Measure speed");
    await page.keyboard.press("Enter");
    await row.getByText("Loaded in").waitFor({ timeout: 120_000 });
    await picture(page, "models");

    await runCommand(page, "LocalCoder: Open network");
    await here.getByRole("table", { name: "Decisions" }).waitFor();
    await picture(page, "network");
  });
  await hub.close();
}

async function inBrowser() {
  await withWorkbench("browser", { files: bakery, name: "bakery", models: "small", settings }, async (page) => {
    await runCommand(page, "Terminal: Create New Terminal");
    await page.locator(".terminal-wrapper .xterm-helper-textarea").first().waitFor({ state: "attached" });
    // A prompt that names nobody's machine.
    await page.keyboard.type("PS1='$ '; clear\n");
    await page.keyboard.type("ls src\n");
    await typeInTotal(page);
    await picture(page, "browser");
  });
}

/** Begins the function of the bakery that is not written yet, and waits for grey text. */
async function typeInTotal(page) {
  await openFile(page, "cart.ts");
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  for (let line = 1; line <= linesOf("src/cart.ts", "export function total", "").first; line++) await page.keyboard.press("ArrowDown");
  await page.keyboard.type("  return ");
  await page.locator(ghost).first().waitFor({ timeout: 120_000 });
}

async function select(page, file, from, to) {
  const { first, last } = linesOf(file, from, to);
  const name = file.split("/").at(-1);
  if ((await page.locator(".tab.active", { hasText: name }).count()) === 0) await openFile(page, name);
  // Not by a click: the first line may be scrolled away.
  await runCommand(page, "View: Focus Active Editor Group");
  await page.keyboard.press("Control+Home");
  for (let line = 1; line < first; line++) await page.keyboard.press("ArrowDown");
  for (let line = first; line < last; line++) await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+End");
}

async function chord(page, second) {
  await page.keyboard.press("Control+K");
  await page.keyboard.press(second);
}

async function withWorkbench(face, options, use) {
  const { workbench, remove } = await openWorkbench(face, options);
  try {
    await ready(workbench.page);
    await use(workbench.page, workbench);
  } catch (error) {
    writeFileSync(join(root, "out", "screenshot-failed.png"), await workbench.page.screenshot());
    throw error;
  } finally {
    await remove();
  }
}

async function picture(page, name) {
  if (named.length > 0 && !named.includes(name)) return;
  // Nothing under the mouse is to be highlighted, and what moves comes to rest.
  await page.mouse.move(0, 0);
  // Arrows pass for closing brackets until the whole file has its colours.
  await page.waitForFunction(() => document.querySelector(".unexpected-closing-bracket") === null);
  await page.waitForTimeout(800);
  const path = join(folder, `${name}.png`);
  writeFileSync(path, await page.screenshot());
  say(`${name}.png, ${Math.round(statSync(path).size / 1000)} kB`);
}
