import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { tinyGguf } from "../src-engine/models/tiny-gguf.ts";
import { focusEditor, openFile } from "./launch.ts";

/** A file with a function that can be improved; the lines of the function are 3 to 9. */
export const cart = `// Carts.

export function total(prices: number[]): number {
  var sum = 0;
  for (var i = 0; i < prices.length; i++) {
    sum = sum + prices[i];
  }
  return sum;
}

export const none: number[] = [];
`;

/** A better function with two changes that lie apart. */
export const better = `export function total(prices: number[]): number {
  let sum = 0;
  for (var i = 0; i < prices.length; i++) {
    sum += prices[i];
  }
  return sum;
}`;

/** The file with both changes. */
export const improved = cart.replace("var sum", "let sum").replace("sum = sum + prices[i]", "sum += prices[i]");

/** Selects whole lines of a file, counted from 1, as a user does with the keyboard. */
export async function selectLines(page: Page, file: string, from: number, to: number): Promise<void> {
  if ((await page.locator(".tab.active", { hasText: file }).count()) === 0) await openFile(page, file);
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  for (let line = 1; line < from; line++) await page.keyboard.press("ArrowDown");
  for (let line = from; line <= to; line++) await page.keyboard.press("Shift+ArrowDown");
}

/** Presses a chord under Ctrl+K. */
export async function chord(page: Page, second: string): Promise<void> {
  await page.keyboard.press("Control+K");
  await page.keyboard.press(second);
}

/** Gives up what is proposed; for a moment after it came Escape leaves it. */
export async function giveUp(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press("Escape");
    await expect(page.locator(".localcoder-review")).toHaveCount(0, { timeout: 500 });
  }).toPass();
}

/** The text of the active editor, as it is drawn. */
export async function shownText(page: Page): Promise<string> {
  const lines = page.locator(".editor-group-container.active .monaco-editor .lines-content > .view-lines > .view-line");
  const all = await lines.evaluateAll((nodes) =>
    nodes
      .map((node) => ({ top: Number.parseFloat((node as HTMLElement).style.top), text: node.textContent ?? "" }))
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text.replaceAll("\u00a0", " ").replaceAll("·", " ")),
  );
  return all.join("\n");
}

/** Puts a second model beside the scripted one. */
export function addSecondModel(home: string): void {
  writeFileSync(join(home, "models-of-the-test", "second.gguf"), tinyGguf({ name: "Second", chatTemplate: "{{ messages }}" }));
}
