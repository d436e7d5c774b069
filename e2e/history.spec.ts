import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tinyGguf } from "../src-engine/models/tiny-gguf.ts";
import { addSecondModel, better, cart, chord, giveUp, selectLines, shownText } from "./assist.ts";
import { installedIn } from "./installed.ts";
import { modelTime, ready, smallModel } from "./launch.ts";
import { expect, runCommand, test } from "./scripted.ts";

const files = { "cart.ts": cart };

test("what was asked is listed, searched, opened, and deleted with undo", async ({ openScripted }) => {
  const settings = { "window.autoDetectColorScheme": false, "workbench.colorTheme": "Default Dark Modern" };
  const { page } = await openScripted({ answer: better }, { files, settings });
  await selectLines(page, "cart.ts", 3, 9);
  await chord(page, "g");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.type("declare it with let");
  await page.keyboard.press("Enter");
  await expect(page.locator(".localcoder-change-buttons")).toHaveCount(2);
  await page.keyboard.press("Escape");

  await runCommand(page, "LocalCoder: Open history");
  const rows = page.locator(".localcoder-history [data-session]");
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("Improve");
  await expect(rows.first()).toContainText("lines 3–9");

  const search = page.locator(".localcoder-history input");
  await expect(search).toBeFocused();
  await page.keyboard.type("zebra");
  await expect(rows).toHaveCount(0);
  await expect(page.locator(".localcoder-history .empty")).toHaveText("Nothing found.");
  await search.fill("prices");
  await expect(rows).toHaveCount(1);

  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const transcript = page.locator(".localcoder-page");
  await expect(transcript).toContainText("declare it with let");
  await expect(transcript).toContainText("sum += prices[i];");
  // The answer has the colours of its language, and scroll bars those of the theme.
  const answer = transcript.locator(".localcoder-markdown").filter({ has: page.locator("h2", { hasText: "Answer" }) });
  const keyword = answer.getByText("let", { exact: true });
  await expect(keyword).toHaveCSS("color", "rgb(86, 156, 214)");
  await expect(transcript).toHaveCSS("color-scheme", "dark");
  await runCommand(page, "Preferences: Color Theme");
  await page.locator(".quick-input-widget input").fill("Light Modern");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Light Modern" }).first().click();
  await expect(keyword).toHaveCSS("color", "rgb(0, 0, 255)");
  await expect(transcript).toHaveCSS("color-scheme", "light");
  await transcript.locator(".localcoder-link", { hasText: /^cart.ts, lines 3–9$/ }).click();
  await expect(page.locator(".tab.active", { hasText: "cart.ts" })).toBeVisible();

  await rows.first().hover();
  await rows.first().locator(".delete").click();
  await expect(rows).toHaveCount(0);
  await page.locator(".notifications-toasts .monaco-button", { hasText: "Undo" }).click();
  await expect(rows).toHaveCount(1);
});

test("sessions are named, labelled, filtered, archived, exported and imported", async ({ openScripted }) => {
  const { page, workspace } = await openScripted({ answer: better }, { files });
  for (const end of ["Control+y", "Escape"]) {
    await selectLines(page, "cart.ts", 3, 9);
    await chord(page, "g");
    await page.locator(".quick-input-widget input").waitFor();
    await page.keyboard.press("Enter");
    await expect(page.locator(".localcoder-change-buttons")).toHaveCount(2);
    if (end === "Escape") await giveUp(page);
    else await chord(page, end);
    await expect(page.locator(".localcoder-review")).toHaveCount(0);
    // The lines are as they were, for the second time.
    if (end !== "Escape") await page.keyboard.press("Control+z");
  }

  await runCommand(page, "LocalCoder: Open history");
  const rows = page.locator(".localcoder-history [data-session]");
  await expect(rows).toHaveCount(2);
  // What became of the proposals: the newest first.
  await expect(rows.nth(0)).toContainText("undone");
  await expect(rows.nth(1)).toContainText("kept");

  const quick = page.locator(".quick-input-widget");
  await rows.nth(1).click();
  await rows.nth(1).focus();
  await page.keyboard.press("F2");
  await expect(quick.locator("input")).toHaveValue(/Improve/);
  await quick.locator("input").fill("The zebra in the cart");
  await page.keyboard.press("Enter");
  const zebra = rows.filter({ hasText: "The zebra in the cart" });
  await expect(zebra).toHaveCount(1);

  const choose = async (text: string) => {
    await zebra.focus();
    await page.keyboard.press("Shift+F10");
    await quick.locator(".monaco-list-row", { hasText: text }).click();
  };
  await choose("Labels");
  await quick.locator("input").fill("shop, #later");
  await page.keyboard.press("Enter");
  await expect(zebra).toContainText("#later · #shop");

  await runCommand(page, "LocalCoder: Filter the history");
  await quick.locator(".monaco-list-row", { hasText: "#shop" }).click();
  const chips = page.locator(".localcoder-history .localcoder-chip");
  await expect(rows).toHaveCount(1);
  await expect(chips.filter({ hasText: "#shop" })).toHaveAttribute("aria-pressed", "true");
  await chips.filter({ hasText: "#shop" }).click();
  await expect(rows).toHaveCount(2);

  // A row that is deleted by its key hands the focus to the next one.
  await rows.filter({ hasNotText: "zebra" }).focus();
  await page.keyboard.press("Delete");
  await expect(rows).toHaveCount(1);
  await expect(zebra).toBeFocused();
  await page.locator(".notifications-toasts .monaco-button", { hasText: "Undo" }).click();
  await expect(rows).toHaveCount(2);

  await choose("Archive");
  await expect(rows).toHaveCount(1);
  await runCommand(page, "LocalCoder: Filter the history");
  await quick.locator(".monaco-list-row", { hasText: "Archived" }).click();
  await expect(zebra).toHaveCount(1);
  await expect(zebra).toContainText("archived");

  await choose("Export");
  await quick.locator(".monaco-list-row", { hasText: "JSON" }).click();
  await expect(page.locator(".tab.active.dirty")).toHaveCount(1);
  await expect(page.locator(".notification-toast").first()).toContainText("Read it before you pass it on.");
  expect(await shownText(page)).toContain('"format": "localcoder-sessions"');

  // The page has what can be done as well, and the change that was kept.
  await zebra.click();
  const transcript = page.locator(".localcoder-page");
  await expect(transcript.locator("h2", { hasText: "Change" })).toBeVisible();
  await expect(transcript).toContainText("+++ b/cart.ts");
  await transcript.locator(".localcoder-button", { hasText: "Take out of the archive" }).click();
  await expect(zebra).toHaveCount(0);
  // It goes on as a thread, with what was asked and answered.
  await transcript.locator(".localcoder-button", { hasText: "Continue in chat" }).click();
  await expect(page.locator(".localcoder-chat")).toContainText("sum += prices[i];");
  expect(readFileSync(join(workspace, "cart.ts"), "utf8")).toBe(cart);
});

test("what was asked is asked again and compared, and the history is copied", async ({ openScripted }) => {
  const prepare = (home: string) => {
    addSecondModel(home);
    writeFileSync(join(home, "models-of-the-test", "base.gguf"), tinyGguf({ name: "Base" }));
  };
  const workbench = await openScripted({ answer: "It adds the prices." }, { files, prepare });
  const { page } = workbench;
  await selectLines(page, "cart.ts", 3, 9);
  await chord(page, "x");
  await expect(page.locator(".localcoder-card .body")).toContainText("It adds the prices.");
  await page.keyboard.press("Escape");
  await runCommand(page, "LocalCoder: Open history");
  const rows = page.locator(".localcoder-history [data-session]");
  await expect(rows).toHaveCount(1);
  // Nobody chose a row yet: it is the first one.
  await expect(rows.first()).toHaveAttribute("aria-selected", "true");
  await rows.first().focus();
  await page.keyboard.press("Shift+F10");
  const choices = page.locator(".quick-input-list .monaco-list-row");
  await choices.filter({ hasText: "Ask again and compare" }).click();
  // One that only goes on with a text gives no answer.
  await expect(choices.filter({ hasText: "Second" })).toBeVisible();
  await expect(choices.filter({ hasText: "Base" })).toHaveCount(0);
  await choices.filter({ hasText: "With the same model" }).click();
  await expect(page.locator(".notification-toast", { hasText: "It is the same answer to the letter." })).toBeVisible();
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("(asked again)");
  await expect(rows.first()).not.toContainText("stopped");
  await expect(rows.first()).toHaveAttribute("aria-selected", "true");

  // Only Electron lets a test answer its dialog.
  if (workbench.electron === undefined) return;
  const copy = join(workbench.home, "copy.db");
  await workbench.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, copy);
  await runCommand(page, "LocalCoder: Back up the history");
  await expect(page.locator(".notification-toast", { hasText: "copy.db" })).toBeVisible();
  expect(existsSync(copy)).toBe(true);
});

test("a review of what is not committed is read, and asks nothing when it is closed", async ({ openScripted }) => {
  test.skip(installedIn !== undefined, "A clean system has no Git.");
  const { page, workspace } = await openScripted({ answer: "- The sum begins at one." }, { files });
  // Git trusts a repository only for whom it belongs to.
  for (const parameters of [
    ["init", "-q"],
    ["add", "."],
    ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm", "First"],
  ])
    execFileSync("git", parameters, { cwd: workspace, ...(installedIn && { uid: installedIn.user, gid: installedIn.user }) });
  writeFileSync(join(workspace, "cart.ts"), cart.replace("sum = 0", "sum = 1"));
  await runCommand(page, "LocalCoder: Review changes");
  const tab = page.locator(".tab.active", { hasText: "Review change" });
  await expect(tab).toBeVisible();
  await expect.poll(() => shownText(page)).toContain("The sum begins at one.");
  await expect(page.locator(".tab.dirty")).toHaveCount(0);
  await runCommand(page, "View: Close Editor");
  await expect(tab).toHaveCount(0);
  await expect(page.locator(".monaco-dialog-box")).toHaveCount(0);
});

test("an answer that a crash cut off is there afterwards, and said to be interrupted @electron", async ({ open }) => {
  test.skip(!existsSync(smallModel), "The small model has not been fetched.");
  test.slow();
  const workbench = await open({ files, models: "small" });
  await ready(workbench.page);
  await selectLines(workbench.page, "cart.ts", 3, 9);
  await chord(workbench.page, "x");
  const body = workbench.page.locator(".localcoder-card .body");
  await expect(body).toContainText(/\w+ \w+/, modelTime);
  const shown = ((await body.textContent()) ?? "").trim().split(/\s+/).slice(0, 2).join(" ");
  await workbench.kill("program");
  await workbench.reopen();
  const { page } = workbench;
  await ready(page);
  await runCommand(page, "LocalCoder: Open history");
  const row = page.locator(".localcoder-history [data-session]").first();
  await expect(row).toContainText("interrupted");
  await row.click();
  await expect(page.locator(".localcoder-page")).toContainText(shown);
});

test("a damaged history is put aside and the user is told", async ({ open }) => {
  const workbench = await open();
  await ready(workbench.page);
  await workbench.close();
  const data = join(workbench.home, "data");
  writeFileSync(join(data, "localcoder.db"), "this is not a database, but it is long enough to be read as one ".repeat(50));
  for (const companion of ["-wal", "-shm"]) rmSync(join(data, `localcoder.db${companion}`), { force: true });
  await workbench.reopen();
  await ready(workbench.page);
  const toast = workbench.page.locator(".notification-toast", { hasText: "The history was damaged" });
  await expect(toast).toContainText(".damaged-");
  expect(readdirSync(data).some((name) => name.includes(".damaged-"))).toBe(true);
});
