import { cart, chord, selectLines } from "./assist.ts";
import { expect, test } from "./scripted.ts";

const files = { "cart.ts": cart };
const card = ".localcoder-card";
const answer =
  "It adds up the prices of a cart.\n\n- `prices` is a list of numbers.\n- The loop adds each of them.\n\n<img src=x onerror=alert(1)>";

test("an explanation streams into a card under the selection", async ({ openScripted }) => {
  const { page } = await openScripted({ answer }, { files });
  await selectLines(page, "cart.ts", 3, 9);
  await chord(page, "x");
  await expect(page.locator(`${card} li`)).toHaveCount(2);
  await expect(page.locator(`${card} code`).first()).toHaveText("prices");
  await expect(page.locator(`${card} .foot`)).toContainText("on this machine");
  // What a model writes is never taken for HTML.
  await expect(page.locator(`${card} img`)).toHaveCount(0);

  const place = await page.locator(card).boundingBox();
  const last = await page.locator(".view-line", { hasText: /^}$/ }).first().boundingBox();
  expect(place?.y).toBeGreaterThanOrEqual((last?.y ?? 0) + (last?.height ?? 0) - 1);

  await page.locator(`${card} [data-button="copy"]`).click();
  await expect(page.locator(card)).toContainText("Copied.");

  await page.locator(`${card} [data-button="again"]`).click();
  await expect(page.locator(`${card} [data-button="again"]`)).toBeVisible();
  await expect(page.locator(`${card} li`)).toHaveCount(2);

  await page.locator(`${card} [data-button="history"]`).click();
  await expect(page.locator(".tab.active")).toContainText("Explain");
  await expect(page.locator(".localcoder-page")).toContainText("It adds up the prices of a cart.");
});

test("Escape stops an explanation, then closes it", async ({ openScripted }) => {
  const { page } = await openScripted({ answer, millisecondsPerToken: 150 }, { files });
  await selectLines(page, "cart.ts", 3, 9);
  await chord(page, "x");
  await expect(page.locator(card)).toContainText("Stop");
  await page.keyboard.press("Escape");
  await expect(page.locator(card)).toContainText("Stopped.");
  await page.keyboard.press("Escape");
  await expect(page.locator(card)).toHaveCount(0);
});
