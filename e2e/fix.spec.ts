import { cart, chord, shownText } from "./assist.ts";
import { focusEditor, openFile } from "./launch.ts";
import { expect, test } from "./scripted.ts";

const review = ".localcoder-review";
/** It is there once the answer is whole and was checked. */
const keepAll = `${review} [data-button="keep-all"]`;

test("Document, with the cursor in a function, writes its comment and leaves the code", async ({ openScripted }) => {
  const { page } = await openScripted(
    { answer: "Adds the prices.\n *\n * @param prices of the cart\n */" },
    { files: { "cart.ts": cart } },
  );
  await openFile(page, "cart.ts");
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  for (let line = 1; line < 5; line++) await page.keyboard.press("ArrowDown");
  await chord(page, "Shift+D");
  await expect(page.locator(review)).toBeVisible();
  await expect(page.locator(".localcoder-proposed")).toContainText("Adds the prices.");
  await expect(page.locator(keepAll)).toBeVisible();
  await chord(page, "Control+y");
  await expect(page.locator(review)).toHaveCount(0);
  const text = await shownText(page);
  expect(text).toContain("/**\n * Adds the prices.\n *\n * @param prices of the cart\n */\nexport function total");
  expect(text).toContain("sum = sum + prices[i];");
});

test("Fix stands among the quick fixes of a problem and takes it along", async ({ openScripted }) => {
  const broken = cart.replace("sum + prices[i];", "sum + prices[i;");
  const { page } = await openScripted({ answer: cart.split("\n").slice(2, 9).join("\n") }, { files: { "cart.ts": broken } });
  await openFile(page, "cart.ts");
  await focusEditor(page);
  await expect(page.locator(".squiggly-error").first()).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press("Control+Home");
  for (let line = 1; line < 6; line++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Control+.");
  await expect(page.locator(".action-widget .action.focused")).toContainText("Fix with the local model");
  await page.keyboard.press("Enter");
  // The problem is known, so nothing is asked; nothing is selected, so the function is meant.
  await expect(page.locator(review)).toBeVisible();
  await expect(page.locator(".localcoder-proposed")).toContainText("prices[i];");
  await expect(page.locator(keepAll)).toBeVisible();
  await chord(page, "Control+y");
  await expect(page.locator(review)).toHaveCount(0);
  await expect.poll(() => shownText(page)).toContain("sum = sum + prices[i];");
});
