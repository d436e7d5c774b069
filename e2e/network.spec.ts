import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { openHub, serve } from "../src-engine/models/hub.fixture.ts";
import { tinyGguf } from "../src-engine/models/tiny-gguf.ts";
import { findings } from "./axe.ts";
import { root } from "./launch.ts";
import { expect, runCommand, test } from "./scripted.ts";

const page_ = ".localcoder-page:visible";
const coder = { tokens: ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"], chatTemplate: "{{ messages }}" };

test("a host that nobody decided about is asked about, listed, exported and never again asked about", async ({ openScripted }) => {
  const bytes = tinyGguf({ ...coder, name: "Coder of the hub" });
  const repository = "someone/Coder-GGUF";
  const hub = await openHub(bytes, [
    (request, response, hub) => {
      const path = request.url ?? "";
      const json = (value: unknown) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
      const file = { rfilename: "coder-q8_0.gguf", lfs: { sha256: hub.sha256, size: bytes.length } };
      if (path.startsWith("/api/models/")) json({ id: repository, sha: "0123456789abcdef", tags: ["license:mit"], siblings: [file] });
      else if (path.includes("/resolve/")) response.writeHead(302, { location: "https://files.elsewhere.example/coder.gguf" }).end();
      else serve(request, response, hub);
    },
  ]);
  const { page } = await openScripted({}, { settings: { "localcoder.models.hub": hub.url } });
  const question = page.locator(".monaco-dialog-box");
  await runCommand(page, "LocalCoder: Open models");
  await page.locator(page_).locator('[data-button="find-at-hub"]').press("Enter");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.type(repository);
  await page.keyboard.press("Enter");
  await page.screenshot({ path: test.info().outputPath("permit.png") });
  await question.getByRole("button", { name: "Only this time" }).click();
  const list = page.locator(".quick-input-list");
  await expect(list).toContainText("coder-q8_0");
  await page.keyboard.press("Enter");
  await question.getByRole("button", { name: "Download" }).click();
  // The hub sends the download on to a host that was not named before.
  await expect(question).toContainText("LocalCoder wants to connect to files.elsewhere.example for a model download");
  await page.screenshot({ path: test.info().outputPath("question.png") });
  await question.getByRole("button", { name: "Never" }).click();
  await runCommand(page, "LocalCoder: Open network");
  const body = page.locator(page_);
  const refused = body.locator("tbody tr", { hasText: "files.elsewhere.example:443" });
  await expect(refused.filter({ hasText: "You said never for files.elsewhere.example" })).toBeVisible();
  // What the hub itself sent, with how much it was.
  await expect(
    body
      .getByRole("table", { name: "Attempts" })
      .locator("tbody tr", { hasText: /\d bytes out/ })
      .first(),
  ).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("network.png") });
  const decided = body.getByRole("table", { name: "Decisions" }).locator("tr", { hasText: "files.elsewhere.example" });
  await expect(decided).toContainText("never");
  // With attempts and decisions in it, which accessibility.spec.ts does not have.
  expect(await findings(page, ".localcoder-page")).toEqual([]);
  await body.locator('[data-button="export-CSV"]').press("Enter");
  await expect(page.locator(".tab.active")).toContainText("Untitled");
  await expect(page.locator(".editor-group-container.active .view-lines")).toContainText("time,process,host,port,purpose");
  await runCommand(page, "LocalCoder: Open network");
  await decided.getByRole("button", { name: "Revoke" }).press("Enter");
  await expect(decided).toHaveCount(0);
  await hub.close();
});

test("one click proves that nothing leaves, shows how, and can be stopped", async ({ openScripted }) => {
  const environment = {
    LOCALCODER_INFERENCE_PROCESS: join(root, "src-engine", "inference", "scripted.process.ts"),
    LOCALCODER_SCRIPT: JSON.stringify({ answer: "It adds the prices.", millisecondsPerToken: 20 }),
  };
  const { page } = await openScripted({}, { environment });
  await runCommand(page, "LocalCoder: Open network");
  const body = page.locator(page_);
  const prove = body.locator('[data-button="prove"]');
  await prove.press("Enter");
  await expect(prove).toHaveText("Stop");
  await expect(body).toContainText("look at the machine: done");
  await prove.press("Enter");
  await expect(body).toContainText("Stopped. Nothing was left behind.");
  await prove.press("Enter");
  await expect(body).toContainText(/\d+ of \d+: /);
  await expect(body).toContainText("chat: done", { timeout: 60_000 });
  await expect(body).toContainText("Nothing tried to leave this machine, and an attempt would have been noticed.", { timeout: 60_000 });
  await expect(body).toContainText("it was refused and recorded");
  expect(await findings(page, ".localcoder-page")).toEqual([]);
  await body.getByText("How to do it without us").scrollIntoViewIfNeeded();
  await page.screenshot({ path: test.info().outputPath("proof.png") });
});

test("a newer version is looked for when it is switched on, asked for and permitted, and nothing is sent but a request @long", async ({
  openScripted,
}) => {
  const asked: IncomingHttpHeaders[] = [];
  const releases = createServer((request, response) => {
    asked.push(request.headers);
    response.end(JSON.stringify({ version: "99.0.0", notes: "Quicker." }));
  });
  await new Promise<void>((resolve) => releases.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(releases.address() as AddressInfo).port}/release.json`;
  const { page, home, environment } = await openScripted({});
  const told = page.locator(".notifications-toasts");
  const look = () => runCommand(page, "LocalCoder: Look for a newer version");
  await look();
  await expect(told).toContainText("Looking for newer versions is off.");
  // Not before it stands still: a button that is still on its way from below the window would have the window scrolled.
  await page.waitForTimeout(500);
  await page.screenshot({ path: test.info().outputPath("off.png") });
  await told.getByRole("button", { name: "Open settings" }).click();
  await expect(page.locator(".settings-editor")).toContainText("Whether you can look for a newer version");
  const file = join(environment.LOCALCODER_HOME ?? home, "user", "settings.json");
  const settings = { ...JSON.parse(readFileSync(file, "utf8")), "localcoder.updates.mode": "ask", "localcoder.updates.address": address };
  writeFileSync(file, JSON.stringify(settings));

  const question = page.locator(".monaco-dialog-box");
  await expect(async () => {
    await look();
    await expect(question).toContainText(`${address} would be asked for the newest version.`, { timeout: 2000 });
  }).toPass();
  await expect(question).toContainText("Nothing is sent but this request: no version, no identifier.");
  await page.waitForTimeout(500);
  await page.screenshot({ path: test.info().outputPath("question.png") });
  expect(asked).toEqual([]);
  await question.getByRole("button", { name: "Only this time" }).click();
  await expect(question).toContainText("LocalCoder 99.0.0 is there. Get it from where you got this one; your data stays.");
  await expect(question).toContainText("Quicker.");
  await page.waitForTimeout(500);
  await page.screenshot({ path: test.info().outputPath("newer.png") });
  await question.getByRole("button", { name: "OK" }).click();
  expect(asked.map((headers) => Object.keys(headers).sort())).toEqual([["accept", "connection", "host"]]);
  // Once was once: the next time it is asked again, and with no nobody is.
  await look();
  await question.getByRole("button", { name: "Cancel" }).click();
  expect(asked).toHaveLength(1);
  releases.close();
});
