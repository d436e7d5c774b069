import { ollama, openServer } from "../src-engine/servers/server.fixture.ts";
import { expect, focusEditor, openFile, ready, runCommand, test } from "./launch.ts";

test("a model of Ollama is found, chosen in the wizard and writes ghost text and answers", async ({ open }) => {
  const server = await openServer(ollama({ fill: ["one + ", "other;"], chat: ["It adds ", "two numbers."] }));
  const files = { "add.ts": "function add(one: number, other: number): number {\n  return \n}\n" };
  const { page } = await open({ files, firstRun: true, settings: { "localcoder.models.servers": [server.url] } });
  await ready(page);
  const wizard = page.locator(".localcoder-page");
  await wizard.locator('[data-button="next"]').click();
  const choice = wizard.locator(".localcoder-choice", { hasText: "qwen2.5-coder:1.5b" });
  await expect(choice).toContainText("on Ollama 0.9.9");
  await expect(choice).toContainText("In use");
  await page.screenshot({ path: test.info().outputPath("wizard.png") });
  await wizard.locator('[data-button="next"]').click();
  await expect(wizard).toContainText("qwen2.5-coder:1.5b is ready.");
  await wizard.locator('[data-button="next"]').click();

  await openFile(page, "add.ts");
  await focusEditor(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await runCommand(page, "Trigger Inline Suggestion");
  const ghostText = async () => (await page.locator(".ghost-text-decoration").allTextContents()).join("").replaceAll("\u00a0", " ");
  await expect.poll(ghostText).toBe("one + other;");

  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+A");
  await runCommand(page, "LocalCoder: Explain selection");
  await expect(page.locator(".localcoder-card")).toContainText("It adds two numbers.");
  await expect(page.locator(".localcoder-card")).toContainText("through Ollama on this machine");
  await page.screenshot({ path: test.info().outputPath("answer.png") });
  await runCommand(page, "LocalCoder: Use a model server");
  await expect(page.locator(".quick-input-list")).toContainText("Ollama 0.9.9");
  await page.screenshot({ path: test.info().outputPath("servers.png") });
  await server.close();
});

test("a server of another machine is asked for only after its host was permitted", async ({ open }) => {
  const { page } = await open({ settings: { "localcoder.network.offline": true } });
  await ready(page);
  await runCommand(page, "LocalCoder: Use a model server");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Add the address of a server" }).click();
  await page.keyboard.type("http://gpu.example:11434");
  await page.keyboard.press("Enter");
  const question = page.locator(".monaco-dialog-box");
  await expect(question).toContainText("gpu.example is another machine");
  await expect(question).toContainText("unencrypted");
  await page.screenshot({ path: test.info().outputPath("permit.png") });
  await question.getByRole("button", { name: "Permit" }).click();
  await expect(page.locator(".notifications-toasts")).toContainText("Offline is switched on");
  await runCommand(page, "LocalCoder: Open network");
  await expect(page.locator(".localcoder-page:visible")).toContainText("gpu.example");
});
