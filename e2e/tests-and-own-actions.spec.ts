import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addSecondModel, better, cart, chord, giveUp, improved, selectLines, shownText } from "./assist.ts";
import { expect, openFile, runCommand, test } from "./scripted.ts";

const review = ".localcoder-review";
const python = "def total(prices):\n    return sum(prices)\n";
const tests = "none():\n    assert total([]) == 0\n\n\ndef test_cut():\n    assert total([1";

test("Write tests opens a new file that is on no disk before it is kept", async ({ openScripted }) => {
  const files = { "cart.py": python, "requirements.txt": "pytest\n", "tests/test_other.py": "" };
  const { page, workspace } = await openScripted({ answer: tests }, { files });
  await selectLines(page, "cart.py", 1, 2);
  await chord(page, "Shift+T");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.press("Enter");
  await expect(page.locator(review)).toBeVisible();
  await expect(page.locator(".tab.active", { hasText: "test_cart.py" })).toHaveCount(1);
  await expect(page.locator(".localcoder-proposed")).toContainText("from cart import total");
  await expect(page.locator(".localcoder-proposed")).toContainText("def test_none():");
  const file = join(workspace, "tests", "test_cart.py");
  expect(existsSync(file)).toBe(false);

  await page.locator(`${review} [data-button="keep-all"]`).click();
  await expect(page.locator(review)).toHaveCount(0);
  await expect
    .poll(() => existsSync(file) && readFileSync(file, "utf8"))
    .toBe("import pytest\n\nfrom cart import total\n\n\ndef test_none():\n    assert total([]) == 0\n");
  // The file stays open, saved.
  await expect(page.locator(".tab.active:not(.dirty)", { hasText: "test_cart.py" })).toHaveCount(1);
});

test("a file of tests that nobody keeps leaves nothing behind", async ({ openScripted }) => {
  const { page, workspace } = await openScripted({ answer: tests }, { files: { "cart.py": python, "pytest.ini": "" } });
  await selectLines(page, "cart.py", 1, 2);
  await chord(page, "Shift+T");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.press("Enter");
  await expect(page.locator(`${review} [data-button="keep-all"]`)).toBeVisible();
  await giveUp(page);
  await expect(page.locator(".tab", { hasText: "test_cart.py" })).toHaveCount(0);
  expect(existsSync(join(workspace, "test_cart.py"))).toBe(false);
});

test("tests in TypeScript are run where that is allowed, and say what the code gives", async ({ openScripted }) => {
  const code = "export function total(prices: readonly number[]): number {\n  return prices.reduce((sum, each) => sum + each, 0);\n}\n";
  const answer = 'of one", () => {\n  expect(total([0])).toBe(1);\n});\n\ntest("of words", () => {\n  expect(total).toBe("x");\n});\n';
  const files = { "src/total.ts": code, "package.json": '{ "devDependencies": { "vitest": "4.0.0" } }' };
  const { page, workspace } = await openScripted({ answer }, { files, settings: { "localcoder.actions.runTests": true } });
  await selectLines(page, "total.ts", 1, 3);
  await chord(page, "Shift+T");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.press("Enter");
  await expect(page.locator(`${review} [data-button="keep-all"]`)).toBeVisible();
  await expect(page.locator(review)).toContainText("added at which small mistakes show");
  await expect(page.locator(review)).toContainText("see whether that is meant");
  const file = join(workspace, "src", "total.test.ts");
  await page.locator(`${review} [data-button="keep-all"]`).click();
  const kept = () => (existsSync(file) ? readFileSync(file, "utf8") : "");
  await expect.poll(kept).toContain("expect(total([0])).toBe(0);");
  expect(kept()).toContain('test("total: further results", () => {');
  expect(kept()).not.toContain("of words");
});

const own = "---\ntitle: Use a sum\n---\nUse a sum in {{path}}.\n";

test("an own action of the folder is asked about once, and read again as its file changes", async ({ openScripted }) => {
  const files = { "cart.ts": cart, ".localcoder/actions/sum.md": own };
  const { page, workspace } = await openScripted({ answer: better }, { files, settings: { "localcoder.trust.folders": [] } });
  await selectLines(page, "cart.ts", 3, 9);
  await runCommand(page, "LocalCoder: Use a sum");
  const dialog = page.locator(".monaco-dialog-box");
  await expect(dialog).toContainText("Do you trust the folder?");
  await dialog.getByRole("button", { name: "Trust this folder" }).click();
  await expect(page.locator(".statusbar-item", { hasText: "Restricted Mode" })).toHaveCount(0);
  await expect(page.locator(".localcoder-proposed").first()).toContainText("let sum = 0;");
  // Nothing can be kept before the answer has ended.
  await expect(page.locator(".localcoder-change-buttons")).toHaveCount(2);
  await chord(page, "Control+y");
  await expect(page.locator(review)).toHaveCount(0);
  await expect.poll(() => shownText(page)).toContain("sum += prices[i];");

  writeFileSync(join(workspace, ".localcoder/actions/sum.md"), own.replace("Use a sum", "Add it up"));
  await selectLines(page, "cart.ts", 3, 9);
  await runCommand(page, "LocalCoder: Add it up");
  await expect(page.locator(review)).toBeVisible();
});

test("mistakes of an own action stand in its file", async ({ openScripted }) => {
  const files = { ".localcoder/actions/sum.md": own.replace("title: Use a sum", "title: Sum\nshows: popup") };
  const { page } = await openScripted({ answer: "" }, { files });
  await openFile(page, "sum.md");
  await expect(page.locator(".squiggly-error")).toHaveCount(1);
  await runCommand(page, "LocalCoder: Run one of your own actions");
  await expect(page.locator(".quick-input-list")).toContainText("Line 3: shows takes card or diff, not “popup”.");
});

test("a stack trace names the suspect lines and leads to the fix", async ({ openScripted }) => {
  const { page } = await openScripted({ answer: better }, { files: { "cart.ts": cart } });
  await page.evaluate(() =>
    navigator.clipboard.writeText("TypeError: no\n    at total (/srv/app/cart.ts:6:11)\n    at main (/srv/app/main.ts:1:1)"),
  );
  await runCommand(page, "LocalCoder: Fix from a stack trace");
  await expect(page.locator(".localcoder-proposed").first()).toContainText("let sum = 0;");
  await expect(page.locator(`${review} [data-button="keep-all"]`)).toBeVisible();
  await chord(page, "Control+y");
  await expect.poll(() => shownText(page)).toBe(improved);
});

test("lines can be edited while they are reviewed, and a hint or another model asks for another answer", async ({ openScripted }) => {
  const { page } = await openScripted({ answer: better }, { files: { "cart.ts": cart }, prepare: addSecondModel });
  await selectLines(page, "cart.ts", 3, 9);
  await chord(page, "g");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.press("Enter");
  await expect(page.locator(".localcoder-change-buttons")).toHaveCount(2);
  await page.keyboard.press("End");
  await page.keyboard.type(" // mine");
  await expect(page.locator(".localcoder-change-buttons")).toHaveCount(1);
  await expect(page.locator(review)).toContainText("gave way to your own edit");

  await page.locator(`${review} [data-button="other"]`).click();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Say it in a few words" }).click();
  await page.keyboard.type("keep the comment");
  await page.keyboard.press("Enter");
  await expect(page.locator(`${review} [data-button="keep-all"]`)).toBeVisible();
  await page.locator(`${review} [data-button="keep-all"]`).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.locator(`${review} [data-button="keep-all"]`)).toBeFocused();

  await page.locator(`${review} [data-button="other"]`).click();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "asked once" }).click();
  await expect(page.locator(`${review} [data-button="keep-all"]`)).toBeVisible();

  await page.locator(`${review} [data-button="other"]`).click();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Second" }).click();
  await expect(page.locator(`${review} .foot`)).toContainText("Second");
  await expect(page.locator(`${review} [data-button="keep-all"]`)).toBeVisible();
});
