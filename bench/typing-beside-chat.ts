// Typing while a chat answer streams in sight and the index of the project is built, beside the same window at rest. Run by
// `npm run bench -- typing-beside-chat [FILES]`. The model is scripted and runs in another process, so that only the window is measured.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startScriptedOwner } from "../e2e/scripted-owner.ts";
import { printFigures } from "./figures.ts";
import { localcoder } from "./subjects.ts";
import { measureTyping, openForTyping, plainKeys, type TypingCost, together } from "./typing.ts";

const files = Number(process.argv[2] ?? 8000);
const turns = 3;
const keys = 40;

const paragraph = "The *sum* of all prices is `total`, see src/part1/file7.ts:3, and it is given back as it is. ";
const block = "\n\n```ts\nexport const sum = prices.reduce((all, price) => all + price, 0);\n```\n\n";
const answer = `${paragraph.repeat(8)}${block}`.repeat(60);

const subject = localcoder();
const folder = join(subject.home, "project");
for (let number = 0; number < files; number++) {
  const part = join(folder, "src", `part${number % 100}`);
  mkdirSync(part, { recursive: true });
  const text = `export function step${number}(price: number): number {\n  return price + ${number};\n}\n\n`.repeat(20);
  writeFileSync(join(part, `file${number}.ts`), text);
}
writeFileSync(
  join(folder, "area.ts"),
  "export function area(width: number, height: number): number {\n  return width * height;\n}\n".repeat(40),
);
const owner = await startScriptedOwner(
  { answer, millisecondsPerToken: 40 },
  {
    settings: {
      "localcoder.completion.enabled": false,
      "localcoder.inference.maxTokens": 16_000,
      "localcoder.inference.contextSize": 32_768,
    },
  },
);
const parameters = subject.args.map((one) => (one === subject.file ? folder : one));
const { app, page } = await openForTyping([...parameters, join(folder, "area.ts")], { ...subject.env, ...owner.environment });
try {
  const command = async (title: string) => {
    await page.keyboard.press("F1");
    await page.locator(".quick-input-widget input").fill(`>${title}`);
    await page.locator(".quick-input-list .monaco-list-row").first().click();
  };
  const toEditor = () =>
    page
      .locator(".monaco-editor .view-lines", { hasText: "area" })
      .first()
      .click({ position: { x: 5, y: 5 } });
  const idle: TypingCost[] = [];
  const busy: TypingCost[] = [];
  for (let turn = 0; turn < turns; turn++) {
    await toEditor();
    idle.push(await measureTyping(page, plainKeys(keys)));
    await command("LocalCoder: Open chat");
    await page.locator(".localcoder-chat textarea").fill("Explain it all.");
    await page.keyboard.press("Enter");
    await page.locator(".localcoder-chat .running .answer", { hasText: "given back" }).waitFor();
    await command("LocalCoder: Read the whole project again");
    await toEditor();
    busy.push(await measureTyping(page, plainKeys(keys)));
    const stop = page.locator('.localcoder-chat [data-button="stop"]');
    if (!(await stop.isVisible())) throw new Error("The answer ended before the typing did.");
    await stop.click();
    await page.locator(".localcoder-chat .running").waitFor({ state: "detached" });
  }
  const [rest, beside] = [together(idle), together(busy)];
  const shared = { unit: "ms", peerName: "at rest", compared: "difference" } as const;
  printFigures(`Typing beside a chat answer while ${files} files are indexed, ${turns * keys} keys`, [
    { ...shared, what: "key to paint, median", ours: beside.paint, peer: rest.paint, aim: "stated" },
    { ...shared, what: "key to paint, 95 %", ours: beside.paintWorst, peer: rest.paintWorst, aim: "16.7 ms (one frame) more" },
    { ...shared, what: "main-thread work per key", ours: beside.work, peer: rest.work, aim: "stated" },
  ]);
} finally {
  app.process().kill("SIGKILL");
  await owner.close();
  subject.remove();
}
