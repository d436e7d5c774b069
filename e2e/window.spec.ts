import { spawn } from "node:child_process";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ElectronApplication, Page } from "@playwright/test";
import type { desktopContract } from "../src-core/contracts/desktop.ts";
import { createRandom, mutate, recordMessages } from "../src-headless/serve/broken-messages.ts";
import { resolveElectron } from "../tools/electron-runtime.mjs";
import { expect, focusEditor, openFile, ready, root, runCommand, test, type Workbench } from "./launch.ts";

const files = { "one.ts": "export const one = 1;\n", "two.ts": "export const two = 2;\n" };

/** Starts the program once more with the same data folder and waits until it has handed over and ended. */
async function startAgain({ home }: Workbench, ...parameters: string[]): Promise<number | null> {
  const { executable } = await resolveElectron();
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const child = spawn(executable, [root, ...sandbox, ...parameters], { env: { ...process.env, LOCALCODER_HOME: home }, stdio: "ignore" });
  return new Promise((resolve) => child.once("exit", resolve));
}

function windowsOf({ electron }: Workbench): readonly Page[] {
  return electron?.windows() ?? [];
}

/** Answers the next message box with a button. */
async function answerDialog(electron: ElectronApplication | undefined, response: number): Promise<void> {
  await electron?.evaluate(({ dialog }, answer) => {
    dialog.showMessageBox = () => Promise.resolve({ response: answer, checkboxChecked: false });
  }, response);
}

/** Answers the system's next dialog for files or folders. */
async function chooseInDialog(electron: ElectronApplication | undefined, filePaths: readonly string[]): Promise<void> {
  await electron?.evaluate(({ dialog }, paths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...paths] });
  }, filePaths);
}

/** Drops a file of the disk on the editors, as from a file manager. */
async function dropOn(page: Page, path: string): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", id: "dropped" });
    document.body.append(input);
  });
  await page.locator("#dropped").setInputFiles(path);
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>("#dropped");
    const data = new DataTransfer();
    const file = input?.files?.[0];
    if (file) data.items.add(file);
    document.querySelector(".editor-group-container")?.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
    input?.remove();
  });
}

test("a second start opens files in the first window and folders in a new one @electron", async ({ open }) => {
  const workbench = await open({ files });
  await ready(workbench.page);
  expect(await startAgain(workbench, join(workbench.workspace, "two.ts"))).toBe(0);
  await expect(workbench.page.locator(".tab.active", { hasText: "two.ts" })).toBeVisible();
  expect(windowsOf(workbench)).toHaveLength(1);

  expect(await startAgain(workbench, workbench.workspace)).toBe(0);
  expect(windowsOf(workbench)).toHaveLength(1);

  const other = join(workbench.workspace, "..", "other");
  mkdirSync(other);
  writeFileSync(join(other, "three.ts"), "export const three = 3;\n");
  expect(await startAgain(workbench, other)).toBe(0);
  await expect.poll(() => windowsOf(workbench).length).toBe(2);
  const second = windowsOf(workbench)[1] as Page;
  await ready(second);
  await expect(second.locator(".explorer-folders-view .monaco-list-row", { hasText: "three.ts" })).toBeVisible();
});

test("files and folders open by dialog, by drop and from the recent list @electron", async ({ open }) => {
  const workbench = await open({ files });
  const { page, electron, workspace } = workbench;
  await ready(page);
  await chooseInDialog(electron, [join(workspace, "one.ts")]);
  await runCommand(page, "File: Open File...");
  await expect(page.locator(".tab.active", { hasText: "one.ts" })).toBeVisible();

  await dropOn(page, join(workspace, "two.ts"));
  await expect(page.locator(".tab.active", { hasText: "two.ts" })).toBeVisible();

  const other = join(workspace, "..", "other");
  mkdirSync(other);
  writeFileSync(join(other, "three.ts"), "export const three = 3;\n");
  await chooseInDialog(electron, [other]);
  await runCommand(page, "File: Open Folder...");
  const row = (name: string) => page.locator(".explorer-folders-view .monaco-list-row", { hasText: name });
  await expect(row("three.ts")).toBeVisible();
  await ready(page);

  await runCommand(page, "File: Open Recent...");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "workspace" }).first().click();
  await expect(row("one.ts")).toBeVisible();
});

test("windows come back with their places and tabs @electron", async ({ open }) => {
  const workbench = await open({ files });
  await ready(workbench.page);
  await openFile(workbench.page, "one.ts");
  await runCommand(workbench.page, "LocalCoder: Open models");
  const other = join(workbench.workspace, "..", "other");
  mkdirSync(other);
  await startAgain(workbench, other);
  await expect.poll(() => windowsOf(workbench).length).toBe(2);
  await ready(windowsOf(workbench)[1] as Page);
  const bounds = { x: 40, y: 60, width: 1000, height: 700 };
  await workbench.electron?.evaluate(({ BrowserWindow }, place) => {
    for (const window of BrowserWindow.getAllWindows()) window.setBounds(place);
  }, bounds);
  await workbench.close();

  await workbench.reopen([]);
  await expect.poll(() => windowsOf(workbench).length).toBe(2);
  for (const page of windowsOf(workbench)) await ready(page);
  const places = await workbench.electron?.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.getBounds()),
  );
  expect(places).toEqual([bounds, bounds]);
  const tabs = await Promise.all(windowsOf(workbench).map((page) => page.locator(".tab", { hasText: "one.ts" }).count()));
  expect([...tabs].sort()).toEqual([0, 1]);
  const first = windowsOf(workbench)[tabs.indexOf(1)] as Page;
  await expect(first.locator(".tab.active", { hasText: "Models" })).toBeVisible();
  await expect(first.locator(".localcoder-page tbody tr").first()).toBeVisible();
});

test("a crashed page offers to reload, and unsaved text comes back @electron", async ({ open }) => {
  const workbench = await open({ files });
  await ready(workbench.page);
  await openFile(workbench.page, "one.ts");
  await focusEditor(workbench.page);
  await workbench.page.keyboard.type("kept ");
  await expect(workbench.page.locator(".tab.dirty")).toBeVisible();
  // Backups are written a moment after typing stops.
  await workbench.page.waitForTimeout(3000);
  await answerDialog(workbench.electron, 0);
  await workbench.kill("window");
  // Playwright gives a crashed page up for good, so the reloaded one is asked through the program.
  const text = () =>
    workbench.electron?.evaluate(({ BrowserWindow }) => {
      const script = "document.querySelector('.view-lines')?.textContent ?? ''";
      const answer: Promise<string> = BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(script) ?? Promise.resolve("");
      return Promise.race([answer, new Promise<string>((resolve) => setTimeout(() => resolve("no answer"), 1000))]);
    });
  await expect.poll(text, { timeout: 60_000 }).toContain("kept");
});

test("the page is locked in @electron", async ({ open }) => {
  const { page, electron } = await open({ files });
  await ready(page);
  const address = page.url();
  await page.evaluate(() => {
    window.open("https://example.com/");
    window.location.href = "https://example.com/";
  });
  expect(page.url()).toBe(address);
  expect(electron?.windows()).toHaveLength(1);
  expect(
    await page.evaluate(async () => ({
      node: typeof (globalThis as { process?: unknown }).process,
      bridge: Object.keys((globalThis as { localcoder?: object }).localcoder ?? {}).sort(),
      outside: (await fetch("app://localcoder/..%2f..%2fpackage.json")).status,
      otherOrigin: await fetch("app://webview/index.html").then(
        (answer) => answer.status,
        () => 0,
      ),
      geolocation: (await navigator.permissions.query({ name: "geolocation" })).state,
      // Not in this call itself, which the policy for scripts does not bind.
      scripts: await new Promise((resolve) => {
        setTimeout(() => {
          const tried = (work: () => unknown) => {
            try {
              work();
              return "done";
            } catch {
              return "refused";
            }
          };
          const html = tried(() => Object.assign(document.createElement("div"), { innerHTML: "<b>text</b>" }));
          const code = tried(() => new Function("return 1")());
          const script = document.createElement("script");
          const inline = tried(() => Object.assign(script, { text: "globalThis.ranInline = true" }));
          document.body.append(script);
          resolve({ html, code, inline, ranInline: "ranInline" in globalThis });
        });
      }),
    })),
  ).toEqual({
    node: "undefined",
    bridge: ["desktop", "pathOf", "setZoomLevel"],
    outside: 404,
    otherOrigin: 0,
    geolocation: "denied",
    scripts: { html: "refused", code: "refused", inline: "refused", ranInline: false },
  });
  const preferences = await electron?.evaluate(({ BrowserWindow }) => {
    // Electron has this call for its own tests, and leaves it out of its types.
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const {
      contextIsolation,
      nodeIntegration,
      nodeIntegrationInWorker,
      nodeIntegrationInSubFrames,
      webSecurity,
      webviewTag,
      allowRunningInsecureContent,
      experimentalFeatures,
      enableBlinkFeatures,
    } = contents.getLastWebPreferences();
    const opened = { nodeIntegration, nodeIntegrationInWorker, nodeIntegrationInSubFrames, webviewTag, allowRunningInsecureContent };
    return {
      contextIsolation,
      webSecurity,
      loosened: Object.values({ ...opened, experimentalFeatures, enableBlinkFeatures }).filter(Boolean),
    };
  });
  expect(preferences).toEqual({ contextIsolation: true, webSecurity: true, loosened: [] });

  // Whoever asks for the ports to main and engine in the name of a frame, of a page elsewhere or of none is not heard.
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const frame = document.createElement("iframe");
        frame.onload = resolve;
        frame.src = "app://localcoder/none.html";
        document.body.append(frame);
      }),
  );
  const heard = await electron?.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as Electron.WebContents;
    let sent = 0;
    contents.postMessage = () => {
      sent += 1;
    };
    const ask = (senderFrame: unknown, id: unknown = "page") => {
      sent = 0;
      contents.ipc.emit("localcoder:ready", { senderFrame }, id);
      return sent;
    };
    const frames = contents.mainFrame.framesInSubtree.filter((frame) => frame !== contents.mainFrame);
    return {
      frames: frames.length > 0,
      fromFrames: frames.map((frame) => ask(frame)).filter((count) => count > 0),
      fromElsewhere: ask({ url: "https://example.com/" }),
      fromSameAddress: ask({ url: contents.mainFrame.url }),
      fromNone: ask(null),
      withoutName: ask(contents.mainFrame, { page: 1 }),
      fromPage: ask(contents.mainFrame),
    };
  });
  expect(heard).toEqual({
    frames: true,
    fromFrames: [],
    fromElsewhere: 0,
    fromSameAddress: 0,
    fromNone: 0,
    withoutName: 0,
    fromPage: 2,
  });
});

test("messages to main that nobody would send end nothing, and what they ask for is what the contract allows @electron", async ({
  open,
}) => {
  const { page, electron, workspace } = await open({ files });
  const messages = process.env.LOCALCODER_LONG === "1" ? 10_000 : 500;
  await page.addInitScript(() => {
    window.addEventListener("message", ({ data, ports: [port] }) => {
      if (data?.type === "localcoder:port" && data.name === "desktop") Object.assign(globalThis, { toMain: port });
    });
  });
  await page.reload();
  await ready(page);
  await electron?.evaluate(({ dialog, shell, Notification, BrowserWindow }) => {
    // What would be done to the user's machine is written down instead.
    const done: [string, unknown][] = [];
    Object.assign(globalThis, { done });
    shell.trashItem = async (path) => void done.push(["trash", path]);
    shell.showItemInFolder = (path) => void done.push(["reveal", path]);
    shell.openExternal = async (url) => void done.push(["open", url]);
    dialog.showMessageBox = (async () => ({ response: 1, checkboxChecked: false })) as never;
    dialog.showOpenDialog = (async () => ({ canceled: true, filePaths: [] })) as never;
    dialog.showSaveDialog = (async () => ({ canceled: true, filePath: "" })) as never;
    Notification.prototype.show = () => {};
    const [window] = BrowserWindow.getAllWindows();
    if (window) Object.assign(window.webContents, { toggleDevTools() {}, reload() {} });
    if (window) Object.assign(window, { destroy() {} });
  });
  const path = join(workspace, "one.ts");
  const samples = await recordMessages<typeof desktopContract>((client) => [
    client.start(),
    client.chooseFiles({ extensions: ["ts"] }),
    client.chooseSave({ suggestion: path }),
    client.setTitle({ title: "one", edited: false, represented: path }),
    client.recent(),
    client.forgetRecent({ path }),
    client.reveal({ path }),
    client.trash({ path }),
    client.trash({ path: "/etc/hostname" }),
    client.trash({ path: join(workspace, "..") }),
    client.openExternal({ url: "https://example.com/" }),
    client.notify({ title: "one", text: "two" }),
    client.requests(),
  ]);
  const random = createRandom(5);
  for (let sent = 0; sent < messages; sent += 250) {
    const batch = Array.from({ length: 250 }, () => mutate(samples[random(samples.length)] ?? "", random)).map((message) =>
      typeof message === "string" ? message : [...message],
    );
    await page.evaluate((list) => {
      const port = Reflect.get(globalThis, "toMain") as MessagePort;
      for (const message of list) port.postMessage(typeof message === "string" ? message : new Uint8Array(message));
    }, batch);
  }
  // Answered as before, after all of them.
  await runCommand(page, "File: Open File...");
  await expect(page.locator(".monaco-workbench")).toBeVisible();
  const done = (await electron?.evaluate(() => Reflect.get(globalThis, "done") as [string, unknown][])) ?? [];
  expect(done.filter(([what]) => what === "open")).toEqual([]);
  for (const [what, target] of done) expect(`${what} ${target}`).toMatch(/^(trash|reveal) \//);
  for (const [what, target] of done) if (what === "trash") expect(target).toMatch(new RegExp(`^${realpathSync(workspace)}/`));
  expect(electron?.process().exitCode).toBeNull();
  await openFile(page, "two.ts");
});

test("a window closed by the user keeps unsaved text for the next start @electron", async ({ open }) => {
  const workbench = await open({ files });
  await ready(workbench.page);
  await openFile(workbench.page, "one.ts");
  await focusEditor(workbench.page);
  await workbench.page.keyboard.type("closed ");
  await expect(workbench.page.locator(".tab.dirty")).toBeVisible();
  const ended = new Promise((resolve) => workbench.electron?.process().once("exit", resolve));
  await workbench.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await ended).toBe(0);
  await workbench.reopen();
  await ready(workbench.page);
  await expect(workbench.page.locator(".view-lines").first()).toContainText("closed");
});

test("a page that hangs can be closed all the same @electron @long", async ({ open }) => {
  const workbench = await open({ files });
  await ready(workbench.page);
  const ended = new Promise((resolve) => workbench.electron?.process().once("exit", resolve));
  void workbench.page
    .evaluate(() => {
      for (;;);
    })
    .catch(() => {});
  await workbench.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await ended).toBe(0);
});

test("what would leave the machine is refused and written down @electron", async ({ open }) => {
  const { electron, page } = await open({ files });
  await ready(page);
  const outcomes = await electron?.evaluate(async ({ net }) => {
    const { connect } = process.getBuiltinModule("node:net");
    return {
      session: await net.fetch("http://session.example.com/").then(
        () => "reached",
        (error: Error) => error.message,
      ),
      socket: await new Promise<string>((resolve) => connect(80, "192.0.2.1").on("error", (error) => resolve(error.message))),
    };
  });
  expect(outcomes?.session).toContain("ERR_BLOCKED_BY_CLIENT");
  expect(outcomes?.socket).toContain("may not be reached");
  await runCommand(page, "LocalCoder: Open network");
  await expect(page.getByText("session.example.com")).toBeVisible();
  await expect(page.getByText("192.0.2.1")).toBeVisible();
});
