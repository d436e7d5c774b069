import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, focusEditor, openFile, ready, runCommand, test } from "./launch.ts";

// TypeScript as in VS Code: the whole project is known, not the file that is open alone.

const files = {
  "tsconfig.json": '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler" }, "include": ["src"] }\n',
  "src/prices.ts": "export function priceOf(name: string): number {\n  return name.length;\n}\n",
  "src/cart.ts": 'import { priceOf } from "./prices";\n\nexport const total: string = priceOf("tea");\n',
};

/** Asks until the extension is there to answer, as a user does who is quicker. */
async function goToDefinition(page: Page, file: string): Promise<void> {
  await expect(async () => {
    await page.keyboard.press("F12");
    await expect(page.locator(".tab.active")).toContainText(file, { timeout: 3000 });
  }).toPass();
}

test("mistakes that only another file shows are shown, and go with their cause", async ({ open }, testInfo) => {
  const { page } = await open({ files });
  await ready(page);
  await openFile(page, "cart.ts");
  await runCommand(page, "View: Toggle Problems");
  const problems = page.locator(".markers-panel .monaco-list-row");
  await expect(problems.filter({ hasText: "Type 'number' is not assignable to type 'string'." })).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath("problems.png") });

  await openFile(page, "prices.ts");
  await focusEditor(page);
  await runCommand(page, "Select All");
  await page.keyboard.insertText("export function priceOf(name: string): string {\n  return name;\n}\n");
  await expect(problems.filter({ hasText: "is not assignable" })).toHaveCount(0);
});

test("a definition in another file is gone to, and a rename changes both", async ({ open }) => {
  const { page, workspace } = await open({ files: { ...files, "src/cart.ts": files["src/cart.ts"].replace(": string", "") } });
  await ready(page);
  await openFile(page, "cart.ts");
  await runCommand(page, "Go to Line/Column...");
  await page.keyboard.type("3:25");
  await page.keyboard.press("Enter");
  await expect(page.locator(".statusbar-item", { hasText: "Ln 3, Col 25" })).toBeVisible();
  await goToDefinition(page, "prices.ts");
  await expect(page.locator(".statusbar-item", { hasText: "Ln 1, Col 17" })).toBeVisible();
  await runCommand(page, "Rename Symbol");
  const box = page.locator(".rename-box input");
  await expect(box).toBeFocused();
  await box.fill("costOf");
  await page.keyboard.press("Enter");
  await expect(box).toBeHidden();
  await runCommand(page, "File: Save All");
  await expect.poll(() => readFileSync(join(workspace, "src/prices.ts"), "utf8")).toContain("function costOf(");
  await expect.poll(() => readFileSync(join(workspace, "src/cart.ts"), "utf8")).toContain('import { costOf } from "./prices";');
});

test("a name of another file is suggested and imported", async ({ open }) => {
  const { page } = await open({ files: { ...files, "src/cart.ts": "export const total = 1;\n" } });
  await ready(page);
  await openFile(page, "cart.ts");
  await focusEditor(page);
  await page.keyboard.press("Control+End");
  await page.keyboard.type("priceO");
  await page.keyboard.press("Control+Space");
  await page.locator(".suggest-widget .monaco-list-row", { hasText: "priceOf" }).first().click();
  await expect(page.locator(".editor-group-container.active .view-lines").first()).toContainText("import { priceOf }");
});

test("the declaration of JavaScript's own library is shown, and cannot be changed", async ({ open }) => {
  const { page } = await open({ files: { "cart.ts": "parseInt(1);\n" } });
  await ready(page);
  await openFile(page, "cart.ts");
  await focusEditor(page);
  await goToDefinition(page, "lib.es5.d.ts");
  await expect(page.locator(".editor-group-container.active .view-lines").first()).toContainText("parseInt");
  await page.keyboard.type("x");
  await expect(page.locator(".monaco-editor-overlaymessage")).toContainText("read-only");
});
