import { expect, runCommand, test } from "./scripted.ts";

const page_ = ".localcoder-page:visible";

test("the table of models never scrolls sideways, also at 200 % in a small window", async ({ openScripted }) => {
  const { page, electron } = await openScripted({});
  await runCommand(page, "LocalCoder: Open models");
  await expect(page.locator(`${page_} tbody tr`).first()).toBeVisible();
  for (const title of ["How models run", "Compare two models"]) await page.getByRole("heading", { name: title }).click();
  const tooWide = () =>
    page.locator(page_).evaluate((body) => {
      const right = body.getBoundingClientRect().right;
      const outside = [...body.querySelectorAll<HTMLElement>("td *, button, select, input, textarea")].filter(
        (one) => one.offsetParent !== null && one.getBoundingClientRect().right > right + 1,
      );
      return [body.scrollWidth > body.clientWidth, ...outside.map((one) => one.outerHTML.slice(0, 80))];
    });
  if (electron) {
    for (const zoom of [1, 1.5, 2]) {
      await electron.evaluate(({ BrowserWindow }, factor) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.setBounds({ width: 900, height: 600 });
        window?.webContents.setZoomFactor(factor);
      }, zoom);
      await expect.poll(tooWide).toEqual([false]);
    }
  } else {
    for (const size of [
      { width: 900, height: 600 },
      { width: 450, height: 300 },
    ]) {
      await page.setViewportSize(size);
      await expect.poll(tooWide).toEqual([false]);
    }
  }
});

test("a model is inspected, loaded, used for one role and taken out of memory by keyboard", async ({ openScripted }) => {
  const { page } = await openScripted({ memory: 2 ** 30 });
  await runCommand(page, "LocalCoder: Open models");
  const row = page.locator(`${page_} tbody tr`, { hasText: "in use" });
  await row.getByRole("button", { name: "Details" }).press("Enter");
  await expect(row.getByRole("button", { name: "Details" })).toHaveAttribute("aria-expanded", "true");
  await expect(page.locator(page_)).toContainText("It can fill in, with the tokens of qwen-coder.");
  await expect(page.locator(page_)).toContainText(/All \d+ values of the head/);

  const choose = async (action: string) => {
    await row.getByRole("button", { name: "More actions" }).press("Enter");
    await page.locator(".quick-input-widget input").waitFor();
    await page.keyboard.type(action);
    await page.keyboard.press("Enter");
  };
  await choose("Load into memory");
  await expect(row).toContainText("in memory: 1 GB");
  await choose("Take out of memory");
  await expect(row).not.toContainText("in memory");
  await choose("Measure speed");
  // Its row is made anew when the model is in memory, and says it all the same.
  await expect(row).toContainText("Loaded in");
  await choose("Check the file");
  await expect(row).toContainText("SHA-256:");
});

test("what another context costs is shown before it is applied", async ({ openScripted }) => {
  const { page } = await openScripted({});
  await runCommand(page, "LocalCoder: Open models");
  const body = page.locator(page_);
  await body.getByRole("heading", { name: "How models run" }).click();
  await expect(body).toContainText("These settings are in use.");
  await body.getByLabel("Context is kept as").selectOption("q4_0");
  await body.getByLabel("Context", { exact: true }).selectOption("4096");
  await expect(body).toContainText(/would take about .*, now/);
  await body.getByRole("button", { name: "Apply" }).click();
  await expect(body).toContainText("These settings are in use.");
  await expect(body.getByRole("columnheader", { name: "Memory" })).toContainText("4,096");
});

test("a role gets a model of its own from the status bar, or shares one", async ({ openScripted }) => {
  const { page } = await openScripted({}, { settings: { "localcoder.models.code": "" } });
  const pick = async (text: string, placeholder: string) => {
    await expect(page.locator(".quick-input-widget input")).toHaveAttribute("placeholder", placeholder);
    await page.keyboard.type(text);
    await expect(page.locator(".quick-input-list .monaco-list-row")).toHaveCount(1);
    await page.keyboard.press("Enter");
  };
  await page.locator('[id="localcoder.localcoder.localcoder.status"]').click();
  await pick("Choose model", "Model and suggestions");
  await pick("Choose for one role", "Choose the model for ghost text and actions");
  await pick("explanations", "For what?");
  await pick("The same as for ghost text", "Choose the model for explanations");
  await expect(page.locator(".statusbar")).toContainText("is in use now.");
});
