import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { countedPackets } from "../src-core/network/counting-network.ts";
import { tinyGguf } from "../src-engine/models/tiny-gguf.ts";
import { focusEditor, openFile, openWorkbench, ready, root, runCommand, expect as usual } from "./launch.ts";
import { startScriptedOwner } from "./scripted-owner.ts";
import { lookAtStored, type Stored } from "./stored.ts";

// Runs in a network namespace with nothing but the loopback and an interface that counts (see packets.spec.ts), and prints what was
// counted after each part as one JSON value.

/** Outside of Playwright's runner nothing says how long to wait, and a busy machine takes longer than it supposes. */
const expect = usual.configure({ timeout: 60_000 });

/** What has left the namespace, and every datagram: a question to a name server is one, also to a server on the loopback. */
function sent(): { packets: number; datagrams: number } {
  const [names = "", values = ""] = readFileSync("/proc/net/snmp", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("Udp:"));
  const column = names.split(" ").indexOf("OutDatagrams");
  return { packets: countedPackets(readFileSync("/proc/net/dev", "utf8")) ?? Number.NaN, datagrams: Number(values.split(" ")[column]) };
}

const files = { "cart.ts": "export function total(prices: number[]): number {\n  let sum = 0;\n  \n}\n" };

/** What has to be closed, whatever happens. */
const opened: (() => Promise<void>)[] = [];

/** Start, type, an action, chat, history and quit, as a user does it. */
async function wholeSession(): Promise<Stored> {
  const script = { knows: ["let sum = 0;\n  for (const price of prices) sum += price;"], answer: "It adds the prices." };
  const owner = await startScriptedOwner(script, { settings: { "editor.quickSuggestions": false } });
  opened.push(owner.close);
  const { workbench, remove } = await openWorkbench("electron", { files, environment: owner.environment });
  opened.push(remove);
  const { page } = workbench;
  await ready(page);
  await openFile(page, "cart.ts");
  await focusEditor(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.keyboard.type("for");
  await expect(page.locator(".ghost-text-decoration").first()).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ControlOrMeta+S");
  await page.keyboard.press("ControlOrMeta+A");
  await runCommand(page, "LocalCoder: Explain selection");
  await expect(page.locator(".localcoder-card")).toContainText("It adds the prices.");
  await runCommand(page, "LocalCoder: Open chat");
  await page.locator(".localcoder-chat textarea").fill("What does total do?");
  await page.keyboard.press("Enter");
  await expect(page.locator(".localcoder-chat .turn.assistant:not(.running)")).toContainText("It adds the prices.");
  await runCommand(page, "LocalCoder: Open history");
  await expect(page.locator(".localcoder-history").first()).toContainText("total");
  // What Chromium does by itself it does some seconds after the start.
  await sleep(5000);
  await workbench.close();
  return lookAtStored(owner.home, owner.environment);
}

/** The addresses that each kind of process is made to ask; they belong to nobody (RFC 5737). */
const asked = { window: "192.0.2.11", main: "192.0.2.12", engine: "192.0.2.13", inference: "192.0.2.14" };

/** A window with its own engine and model process, each made to do what it must not; answers which of them the ledger has. */
async function deliberateRequests(): Promise<string[]> {
  const { workbench, remove } = await openWorkbench("electron", { files });
  opened.push(remove);
  const { page, electron, home } = workbench;
  if (!electron) throw new Error("This is about Electron.");
  await ready(page);
  const model = join(home, "tiny.gguf");
  writeFileSync(model, tinyGguf({ tokens: [], chatTemplate: "{{ messages }}" }));
  writeFileSync(join(home, "user", "settings.json"), JSON.stringify({ "localcoder.models.general": model }));
  // Each starts what it should, and asks again and again.
  const wrapper = (entry: string, address: string) =>
    `await import(${JSON.stringify(pathToFileURL(entry).href)}); setInterval(() => fetch("http://${address}/").catch(() => {}), 1000).unref();`;
  for (const name of ["engine", "inference"] as const)
    writeFileSync(join(home, `${name}.mjs`), wrapper(join(root, "out", "engine", `${name}.process.js`), asked[name]));
  await electron.evaluate(({ utilityProcess }, home) => {
    const fork = utilityProcess.fork.bind(utilityProcess);
    utilityProcess.fork = (entry, parameters, options) =>
      fork(`${home}/${/inference/.test(entry) ? "inference" : "engine"}.mjs`, parameters, options);
  }, home);
  await workbench.kill("engine");
  await electron.evaluate(
    async ({ net }, [main]) => {
      await net.fetch(`http://${main}/`).catch(() => {});
      await fetch(`http://${main}/`).catch(() => {});
      await new Promise((resolve) => process.getBuiltinModule("node:dns").resolve4("main.example", resolve));
    },
    [asked.main],
  );
  await page.evaluate(async (address) => {
    await fetch(`http://${address}/`).catch(() => {});
    new Image().src = `http://${address}/picture.png`;
    const link = Object.assign(document.createElement("link"), { rel: "dns-prefetch", href: "//prefetch.example" });
    document.head.append(link);
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${address}:3478` }] });
    peer.createDataChannel("x");
    await peer.setLocalDescription(await peer.createOffer());
  }, asked.window);
  await openFile(page, "cart.ts");
  await focusEditor(page);
  await page.keyboard.press("ControlOrMeta+A");
  await runCommand(page, "LocalCoder: Explain selection");
  await runCommand(page, "LocalCoder: Open network");
  const rows = page.locator(".localcoder-page:visible").getByRole("table", { name: "Attempts" }).locator("tbody tr");
  const found = async () => {
    const texts = await rows.allTextContents();
    return Object.entries(asked)
      .filter(([name, address]) => texts.some((text) => text.includes(name) && text.includes(address)))
      .map(([name]) => name);
  };
  await expect
    .poll(async () => (await found()).length, { timeout: 25_000 })
    .toBe(4)
    .catch(() => {});
  const all = await found();
  await page.screenshot({ path: process.argv[2] });
  return all;
}

/** What the counting would have seen: a process without our gate. */
function openProcess(): void {
  execFileSync(process.execPath, ["-e", `require("node:dgram").createSocket("udp4").send("x", 53, "192.0.2.15", () => process.exit())`]);
}

try {
  const stored = await wholeSession();
  const afterSession = sent();
  const recorded = await deliberateRequests();
  const afterRequests = sent();
  openProcess();
  process.stdout.write(`${JSON.stringify({ stored, afterSession, recorded, afterRequests, afterOpenProcess: sent() })}\n`);
} finally {
  for (const close of opened.reverse()) await close();
}
process.exit();
