import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { better, cart, chord, improved, selectLines, shownText } from "./assist.ts";
import { expect, focusEditor, openFile, runCommand, test } from "./scripted.ts";

const files = { "cart.ts": cart };
/** The same, with nothing that rules would write shorter where no answer can be trusted. */
const plain = cart.replace("sum = sum + prices[i];", "sum = prices[i] + sum;");
const review = ".localcoder-review";
const changeButtons = ".localcoder-change-buttons";

async function improve(page: import("@playwright/test").Page): Promise<void> {
  await selectLines(page, "cart.ts", 3, 9);
  await chord(page, "g");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.press("Enter");
  await expect(page.locator(review)).toBeVisible();
}

test("a proposal stands in place and nothing reaches the document or the disk before it is kept", async ({ openScripted }) => {
  const { page, workspace } = await openScripted({ answer: better }, { files });
  await improve(page);
  await expect(page.locator(changeButtons)).toHaveCount(2);
  await expect(page.locator(".localcoder-proposed").first()).toContainText("let sum = 0;");
  await expect(page.locator(".tab.active.dirty")).toHaveCount(0);
  expect(await shownText(page)).toContain("var sum = 0;");

  await chord(page, "Control+y");
  await expect(page.locator(review)).toHaveCount(0);
  await expect(page.locator(".tab.active.dirty")).toHaveCount(1);
  expect(await shownText(page)).toContain("sum += prices[i];");
  expect(readFileSync(join(workspace, "cart.ts"), "utf8")).toBe(cart);

  // Both changes are one step.
  await page.keyboard.press("Control+z");
  await expect.poll(() => shownText(page)).toContain("var sum = 0;");
  expect(await shownText(page)).toContain("sum = sum + prices[i];");

  await page.keyboard.press("Control+Shift+z");
  await runCommand(page, "File: Save");
  await expect.poll(() => readFileSync(join(workspace, "cart.ts"), "utf8")).toBe(improved);

  // The same answer changes nothing any more, which is said once.
  await improve(page);
  await expect(page.locator(`${review} .head .text`)).toHaveText("The model proposes no change.");
  await expect(page.locator(`${review} .doubts`)).toBeEmpty();
  await page.locator(`${review} [data-button="close"]`).click();
  await expect(page.locator(review)).toHaveCount(0);
});

test("changes are kept and undone one by one", async ({ openScripted }) => {
  const { page } = await openScripted({ answer: better }, { files });
  await improve(page);
  await expect(page.locator(changeButtons)).toHaveCount(2);
  await page.locator(`${changeButtons} [data-button="undo"]`).first().click();
  await expect(page.locator(changeButtons)).toHaveCount(1);
  await page.locator(`${changeButtons} [data-button="keep"]`).click();
  await expect(page.locator(review)).toHaveCount(0);
  const text = await shownText(page);
  expect(text).toContain("var sum = 0;");
  expect(text).toContain("sum += prices[i];");
});

test("an answer that is not code is shown with the reason and cannot be kept", async ({ openScripted }) => {
  const prose = "This function adds up all the prices of the cart and it is already good, so nothing has to be changed at all.";
  const { page } = await openScripted({ answer: prose }, { files: { "cart.ts": plain } });
  await improve(page);
  await expect(page.locator(review)).toContainText("cannot be kept");
  await expect(page.locator(`${review} pre`)).toContainText("already good");
  await expect(page.locator(`${review} [data-button="keep-all"]`)).toHaveCount(0);
  await expect(page.locator(changeButtons)).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.locator(review)).toHaveCount(0);
  await expect(page.locator(".tab.active.dirty")).toHaveCount(0);
});

test("what may do something else is compared by running it, where the user wants that", async ({ openScripted }) => {
  test.skip(process.platform === "win32", "There no limits are set to a program.");
  const python =
    "# Carts.\n\ndef join(first, rest):\n    result = [first]\n    for one in rest:\n        result = result + [one]\n    return result\n";
  const answer = "def join(first, rest):\n    result = [first, first]\n    for one in rest:\n        result.append(one)\n    return result";
  const { page } = await openScripted({ answer }, { files: { "cart.py": python } });
  await selectLines(page, "cart.py", 3, 7);
  await chord(page, "g");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.press("Enter");
  await expect(page.locator(review)).toContainText("than before");
  await expect(page.locator(changeButtons)).toHaveCount(2);

  await page.locator(`${review} [data-button="compare"]`).click();
  // Of the two changes the one is left that does the same.
  await expect(page.locator(changeButtons)).toHaveCount(1);
  await expect(page.locator(".localcoder-proposed")).toContainText("result.append(one)");
  await expect(page.locator(`${review} li`)).toHaveCount(0);
  await expect(page.locator(review)).toContainText("it did the same for");
  await expect(page.locator(`${review} [data-button="compare"]`)).toHaveCount(0);
});

test("what is kept is laid out only where the file was laid out before", async ({ openScripted }, testInfo) => {
  // A mistake at the end of both files shows when the language server is there.
  const wrong = "export const name: string = 1;\n";
  const untidy = cart.replace("number[] = []", "number[]=[]");
  const { page } = await openScripted(
    { answer: better.replace("let sum = 0", "let sum=0") },
    { files: { "tidy.ts": cart + wrong, "untidy.ts": untidy + wrong } },
  );
  for (const [file, line] of [
    ["tidy.ts", "let sum = 0;"],
    ["untidy.ts", "let sum=0;"],
  ] as const) {
    await selectLines(page, file, 3, 9);
    await expect(page.locator(".editor-group-container.active .squiggly-error")).not.toHaveCount(0);
    await chord(page, "g");
    await page.locator(".quick-input-widget input").waitFor();
    await page.keyboard.press("Enter");
    await expect(page.locator(".localcoder-proposed").first()).toContainText("let sum=0;");
    await chord(page, "Control+y");
    await expect(page.locator(review)).toHaveCount(0);
    await expect.poll(() => shownText(page)).toContain(line);
    await page.screenshot({ path: testInfo.outputPath(`${file}.png`) });
  }
  expect(await shownText(page)).toContain("number[]=[]");
  // Its layout is part of the one step.
  await openFile(page, "tidy.ts");
  await focusEditor(page);
  await page.keyboard.press("Control+z");
  await expect.poll(() => shownText(page)).toContain("var sum = 0;");
  expect(await shownText(page)).toContain("sum = sum + prices[i];");
});

test("what the compiler says of an answer in TypeScript is named", async ({ openScripted }) => {
  const answer = better.replace("sum += prices[i];", "sum += prices.at(i).amount;");
  const configuration = { compilerOptions: { target: "es2022", lib: ["es2022", "dom"], types: [] } };
  const { page } = await openScripted({ answer }, { files: { "cart.ts": plain, "tsconfig.json": JSON.stringify(configuration) } });
  await improve(page);
  await expect(page.locator(`${review} li`)).toContainText(["Line 4 of the answer: Property 'amount' does not exist on type 'number'."]);
  await expect(page.locator(`${review} [data-button="keep-all"]`)).toBeVisible();
});

test("several selections are proposed one after the other, gone through by key, and seen side by side", async ({ openScripted }) => {
  const twice = `${cart}\n${cart.split("\n").slice(2, 9).join("\n")}\n`;
  const { page } = await openScripted({ answer: better }, { files: { "cart.ts": twice } });
  await selectLines(page, "cart.ts", 3, 9);
  await page.keyboard.press("Control+d");
  await chord(page, "g");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.press("Enter");
  await expect(page.locator(changeButtons)).toHaveCount(2);
  const line = page.locator(".statusbar-item", { hasText: /^Ln \d/ });
  await chord(page, "j");
  await expect(line).toContainText("Ln 4,");
  await chord(page, "j");
  await expect(line).toContainText("Ln 6,");

  await page.locator(`${review} [data-button="beside"]`).click();
  await expect(page.locator(".monaco-diff-editor")).toBeVisible();
  await expect(page.locator(".tab.active")).toContainText("now and proposed");
  await expect(page.locator(".monaco-diff-editor .modified .view-lines")).toContainText("let");
  // There the bar alone is shown; the changes have their buttons in the file.
  await expect(page.locator(changeButtons)).toHaveCount(0);
  await runCommand(page, "View: Close Editor");
  await expect(page.locator(".monaco-diff-editor")).toHaveCount(0);

  await expect(page.locator(changeButtons)).toHaveCount(2);
  await page.locator(`${review} [data-button="keep-all"]`).click();
  // The second selection has its turn, where it is now.
  await expect(page.locator(changeButtons)).toHaveCount(2);
  // Kept there, it leaves no comparison behind.
  await page.locator(`${review} [data-button="beside"]`).click();
  await expect(page.locator(".monaco-diff-editor")).toBeVisible();
  await page.locator(`${review} [data-button="keep-all"]`).click();
  await expect(page.locator(review)).toHaveCount(0);
  await expect(page.locator(".tab", { hasText: "now and proposed" })).toHaveCount(0);
  await expect(page.locator(".tab.active")).toContainText("cart.ts");
  const text = await shownText(page);
  expect(text.match(/let sum = 0;/g)).toHaveLength(2);
  expect(text).not.toContain("var sum");
});

test("what cannot be changed is said, and what changes on the disk meanwhile stays", async ({ openScripted }) => {
  const big = Array.from({ length: 50_000 }, (_, index) => `export const line${index} = ${index};`).join("\n");
  const odd = { "small.min.js": `var a=1;${"a=a+1;".repeat(6000)}`, "picture.bin": new Uint8Array([0, 1, 2, 0, 255, 0, 7]) };
  const { page, workspace } = await openScripted(
    { answer: better, millisecondsPerToken: 40 },
    {
      files: { "cart.ts": cart, "locked.ts": cart, "gone.ts": cart, "big.ts": big, ...odd },
      settings: { "files.readonlyInclude": { "**/locked.ts": true } },
    },
  );
  await selectLines(page, "locked.ts", 3, 9);
  await chord(page, "g");
  await expect(page.locator(".statusbar")).toContainText("This editor is read-only.");

  await selectLines(page, "big.ts", 1, 1);
  await page.keyboard.press("Control+a");
  await chord(page, "g");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.press("Enter");
  await expect(page.locator(review)).toContainText(/The selection has \d+ tokens.*Select about \d+ of the 50000 lines/, {
    timeout: 60_000,
  });
  await page.keyboard.press("Escape");

  await openFile(page, "small.min.js");
  await focusEditor(page);
  await page.keyboard.press("Control+a");
  await chord(page, "g");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.press("Enter");
  await expect(page.locator(review)).toContainText(/The selection has \d+ tokens/);
  await page.keyboard.press("Escape");

  await openFile(page, "picture.bin");
  await expect(page.getByText("The file is not displayed in the text editor")).toBeVisible();
  await runCommand(page, "LocalCoder: Improve selection");
  await expect(page.locator(".statusbar")).toContainText("Select the code first");

  // What was deleted is still in its editor, and is changed there alone.
  await selectLines(page, "gone.ts", 3, 9);
  rmSync(join(workspace, "gone.ts"));
  await expect(page.locator(".tab.active .label-name.strikethrough, .tab.active .strikethrough")).not.toHaveCount(0);
  await chord(page, "g");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.press("Enter");
  await expect(page.locator(changeButtons)).toHaveCount(2);
  await page.locator(`${review} [data-button="keep-all"]`).click();
  await expect.poll(() => shownText(page)).toContain("let sum = 0;");
  expect(existsSync(join(workspace, "gone.ts"))).toBe(false);

  await improve(page);
  writeFileSync(join(workspace, "cart.ts"), `// Written by somebody else.\n${cart}`);
  await expect(page.locator(changeButtons)).toHaveCount(2);
  await expect.poll(() => shownText(page)).toContain("// Written by somebody else.");
  await page.locator(`${review} [data-button="keep-all"]`).click();
  await expect.poll(() => shownText(page)).toContain("let sum = 0;");
  expect(await shownText(page)).toContain("// Written by somebody else.");
});

test("Escape stops an answer, and an edit in its lines does not", async ({ openScripted }) => {
  // So slow that it is not over before a busy machine has pressed the key: then Escape would undo what is proposed.
  const { page } = await openScripted({ answer: better, millisecondsPerToken: 700 }, { files });
  await improve(page);
  await expect(page.locator(review)).toContainText("Stop");
  await page.keyboard.press("Escape");
  await expect(page.locator(review)).toContainText("Stopped.");
  await page.keyboard.press("Escape");
  await expect(page.locator(review)).toHaveCount(0);

  await improve(page);
  // The selection ends at the beginning of the line after the function.
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("End");
  await page.keyboard.type(" // mine");
  await expect(page.locator(review)).toContainText("Stop");
  await page.keyboard.press("Escape");
  await expect(page.locator(review)).toContainText("Stopped.");
  await page.keyboard.press("Escape");
  await expect(page.locator(review)).toHaveCount(0);
  expect(await shownText(page)).toContain("// mine");
});

test("Keep waits for an answer that is still being written", async ({ openScripted }) => {
  const { page } = await openScripted({ answer: better, millisecondsPerToken: 60 }, { files });
  await improve(page);
  await expect(page.locator(review)).toContainText("Stop");
  await chord(page, "Control+y");
  await expect(page.locator(review)).toContainText("Kept as soon as it is whole");
  await expect(page.locator(review)).toHaveCount(0);
  expect(await shownText(page)).toContain("sum += prices[i];");
});

test("a proposal has the colours of the theme, of a new one too @long", async ({ openScripted }) => {
  const { page } = await openScripted({ answer: better }, { files });
  await improve(page);
  await expect(page.locator(changeButtons)).toHaveCount(2);
  const colourOf = (place: string, word: string) =>
    page
      .locator(place)
      .getByText(word, { exact: true })
      .first()
      .evaluate((node) => getComputedStyle(node).color);
  const before = await colourOf(".localcoder-proposed", "let");
  expect(before).toBe(await colourOf(".lines-content > .view-lines", "var"));
  await runCommand(page, "Preferences: Color Theme");
  await page.keyboard.type("Dark High Contrast");
  await page.keyboard.press("Enter");
  await expect(page.locator(".monaco-workbench.hc-black")).toBeVisible();
  await expect.poll(() => colourOf(".localcoder-proposed", "let")).not.toBe(before);
  expect(await colourOf(".localcoder-proposed", "let")).toBe(await colourOf(".lines-content > .view-lines", "var"));
});

test("a proposal is still there after a look at another tab", async ({ openScripted }) => {
  const { page } = await openScripted({ answer: better }, { files: { ...files, "other.ts": "export {};\n" } });
  await improve(page);
  await expect(page.locator(changeButtons)).toHaveCount(2);
  await selectLines(page, "other.ts", 1, 1);
  await expect(page.locator(review)).toHaveCount(0);
  await page.locator(".tab", { hasText: "cart.ts" }).click();
  await expect(page.locator(changeButtons)).toHaveCount(2);
});

test("the actions are in the context menu, at the light bulb and in the palette", async ({ openScripted }) => {
  const { page } = await openScripted({ answer: better }, { files });
  await selectLines(page, "cart.ts", 3, 9);
  await page
    .locator(".view-line", { hasText: "var sum" })
    .first()
    .click({ button: "right", position: { x: 40, y: 8 } });
  const menu = page.locator(".context-view .monaco-menu");
  await expect(menu).toContainText("Improve selection");
  await expect(menu).toContainText("Explain selection");
  await page.keyboard.press("Escape");

  await selectLines(page, "cart.ts", 3, 9);
  // While the language's own actions are still being registered the workbench takes its question back.
  await expect(async () => {
    await page.keyboard.press("Control+.");
    await expect(page.locator(".action-widget").first()).toContainText("Improve selection", { timeout: 3000 });
  }).toPass();
  await page.keyboard.press("Escape");

  await selectLines(page, "cart.ts", 3, 9);
  await runCommand(page, "LocalCoder: Explain selection");
  await expect(page.locator(".localcoder-card")).toBeVisible();
});

test("at an empty line, inline chat writes what is said there", async ({ openScripted }) => {
  // What is kept may be laid out by the language service, with the indentation of the file.
  const text = "const rate = 2;\n\nexport function all(): number {\n  return double(rate);\n}\n";
  const double = "function double(number: number): number {\n  return 2 * number;\n}";
  const { page } = await openScripted(
    { knows: [text.replace("\n\n", `\n// doubles a number\n${double}\n`)] },
    { files: { "rate.ts": text } },
  );
  await openFile(page, "rate.ts");
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+I");
  await expect(page.locator(".localcoder-inline-chat textarea")).toBeFocused();
  await page.keyboard.type("doubles a number");
  await page.keyboard.press("Enter");
  await expect(page.locator(".localcoder-proposed").first()).toContainText("return 2 * number;");
  await page.locator(`${review} [data-button="keep-all"]`).click();
  await expect.poll(() => shownText(page)).toContain(text.replace("\n\n", `\n${double}\n`).trim());
});
