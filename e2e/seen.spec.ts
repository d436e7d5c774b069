import { cart, chord, selectLines } from "./assist.ts";
import { expect, test } from "./scripted.ts";

const card = ".localcoder-card";
const answer = "It adds up the prices of a cart.";

test("what the model saw is shown, changed, and asked again", async ({ openScripted }) => {
  const files = { "cart.ts": cart, "notes.md": "Prices are in cents.\n" };
  const { page } = await openScripted({ answer }, { files });
  await selectLines(page, "cart.ts", 3, 9);
  await chord(page, "x");
  await page.locator(`${card} .foot .localcoder-link`).click();

  const seen = page.locator(".localcoder-page");
  await expect(page.locator(".tab.active")).toContainText("What the model saw");
  await expect(seen.locator(".localcoder-budget")).toBeVisible();
  const taken = seen.getByRole("table", { name: "Given to the model" });
  await expect(taken.getByRole("row")).toHaveCount(5);
  await expect(taken).toContainText("cart.ts:3-9");
  await seen.getByText("The exact prompt").click();
  await expect(seen.locator("details pre").last()).toContainText("Explain this code from cart.ts");

  const after = taken.getByRole("row", { name: /after the selection/ });
  await after.getByRole("button", { name: "Leave out" }).click();
  await expect(after).toContainText("will be left out");
  await seen.locator('[data-button="pin"]').click();
  await page.locator(".quick-input-widget input").fill("notes");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "notes.md" }).first().click();
  await expect(seen.getByRole("button", { name: "Without notes.md" })).toBeVisible();
  await seen.locator('[data-button="again"]').click();

  await expect(page.locator(".tab.active")).toContainText("cart.ts");
  await page.locator(`${card} .foot .localcoder-link`).click();
  await expect(taken).toContainText("notes.md:1-1");
  await expect(taken).not.toContainText("after the selection");
  await expect(seen.getByRole("table", { name: "Left out" })).toContainText("you left it out");
  await seen.getByText("The exact prompt").click();
  await expect(seen.locator("details pre").last()).toContainText("Prices are in cents.");
  await seen.getByRole("table", { name: "Left out" }).getByRole("button", { name: "Take in" }).click();
  await expect(seen.getByRole("button", { name: "Without cart.ts:10-11" })).toBeVisible();
  await seen.getByRole("button", { name: "cart.ts:1-2" }).click();
  await expect(page.locator(".tab.active")).toContainText("cart.ts");
});
