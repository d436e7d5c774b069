import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ollama, openAi, openServer } from "../src-engine/servers/server.fixture.ts";
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

test("a server that wants a key is asked with the one that was given, and with no other", async ({ open }) => {
  const answers = openAi("plain", "some-chat-model", ["It adds ", "two numbers."]);
  const server = await openServer((asked, response, request) => {
    if (asked.key === "Bearer sk-secret") return answers(asked, response, request);
    response.writeHead(401, { "content-type": "application/json" }).end("{}");
    return undefined;
  });
  const files = { "add.ts": "function add(one: number, other: number): number {\n  return one + other;\n}\n" };
  const { page, home } = await open({ files });
  await ready(page);
  await runCommand(page, "LocalCoder: Use a model server");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Add the address of a server" }).click();
  await page.keyboard.type(server.url);
  await page.keyboard.press("Enter");
  const box = page.locator(".quick-input-widget");
  await expect(box).toContainText("wants a key");
  await page.keyboard.type("sk-wrong");
  await page.keyboard.press("Enter");
  await expect(box).toContainText("does not take the key");
  await page.keyboard.type("sk-secret");
  await expect(box.locator("input")).toHaveAttribute("type", "password");
  await page.screenshot({ path: test.info().outputPath("key.png") });
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "some-chat-model" }).click();
  await expect(page.locator(".statusbar")).toContainText("is in use now.");
  await openFile(page, "add.ts");
  await focusEditor(page);
  await page.keyboard.press("ControlOrMeta+A");
  await runCommand(page, "LocalCoder: Explain selection");
  await expect(page.locator(".localcoder-card")).toContainText("It adds two numbers.");
  await runCommand(page, "LocalCoder: Use a model server");
  await expect(page.locator(".quick-input-list")).toContainText(`Give another key for ${server.url}`);
  await page.screenshot({ path: test.info().outputPath("servers-with-key.png") });
  for (const path of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (!path.isFile() || path.name === "server-keys.json") continue;
    expect(readFileSync(join(path.parentPath, path.name)).includes("sk-secret"), join(path.parentPath, path.name)).toBe(false);
  }
  await server.close();
});
