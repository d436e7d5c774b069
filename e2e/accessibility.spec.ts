import { better, cart, chord, selectLines } from "./assist.ts";
import { findings } from "./axe.ts";
import { expect, runCommand, test } from "./scripted.ts";

// Every view of ours, looked at with axe in each kind of theme: names, roles, states, contrast.

const files = { "cart.ts": cart };
const themes = ["Default Dark Modern", "Default Light Modern", "Default High Contrast", "Default High Contrast Light"];

for (const [index, theme] of themes.entries()) {
  // A dark one and one of high contrast differ most; the others are looked at in long runs.
  const tag = index % 2 === 0 ? "" : " @long";
  test(`our views have names, states and contrast: ${theme}${tag}`, async ({ openScripted }) => {
    const settings = { "window.autoDetectColorScheme": false, "workbench.colorTheme": theme };
    const { page } = await openScripted({ answer: better }, { files, settings });

    await selectLines(page, "cart.ts", 3, 9);
    await chord(page, "x");
    await expect(page.locator('.localcoder-card [data-button="again"]')).toBeVisible();
    expect.soft(await findings(page, ".localcoder-card")).toEqual([]);
    await page.locator(".localcoder-card .foot .localcoder-link").click();
    await expect(page.locator(".localcoder-budget")).toBeVisible();
    expect.soft(await findings(page, ".localcoder-page")).toEqual([]);
    await runCommand(page, "View: Close Editor");

    await page.keyboard.press("Escape");
    await selectLines(page, "cart.ts", 3, 9);
    await chord(page, "g");
    await page.locator(".quick-input-widget input").waitFor();
    await page.keyboard.press("Enter");
    await expect(page.locator('.localcoder-review [data-button="keep-all"]')).toBeVisible();
    expect.soft(await findings(page, ".localcoder-review")).toEqual([]);
    await page.keyboard.press("Escape");

    await runCommand(page, "LocalCoder: Open history");
    await page.locator(".localcoder-history [data-session]").first().click();
    await expect(page.locator(".localcoder-turn").first()).toBeVisible();
    expect.soft(await findings(page, ".localcoder-history")).toEqual([]);
    expect.soft(await findings(page, ".localcoder-page")).toEqual([]);

    await runCommand(page, "LocalCoder: Open chat");
    await page.locator(".localcoder-chat textarea").fill("What does total do? #file:cart.ts");
    await page.keyboard.press("Enter");
    await expect(page.locator(".localcoder-chat .turn.assistant:not(.running)")).toBeVisible();
    expect.soft(await findings(page, ".localcoder-chat")).toEqual([]);

    for (const command of [
      "LocalCoder: Open models",
      "LocalCoder: Open network",
      "LocalCoder: Set up",
      "LocalCoder: Show the last requests for ghost text",
      "LocalCoder: Show statistics of ghost text",
    ]) {
      await runCommand(page, command);
      await expect(page.locator(".localcoder-page:visible h1")).toBeVisible();
      expect.soft([command, await findings(page, ".localcoder-page")]).toEqual([command, []]);
      if (command !== "LocalCoder: Open models") continue;
      await page.locator(".localcoder-page:visible tbody tr").first().click();
      await expect(page.locator(".localcoder-page:visible h2").first()).toBeVisible();
      expect.soft(["a model", await findings(page, ".localcoder-page")]).toEqual(["a model", []]);
    }

    await runCommand(page, "Help: Welcome");
    await expect(page.locator(".localcoder-welcome-list").first()).toBeVisible();
    expect.soft(await findings(page, ".editor-group-container.active .editor-container")).toEqual([]);
  });
}
