import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, ready, runCommand, test } from "./launch.ts";

const files = { "src/retry.ts": "export function retryDelay(attempt: number) {\n  return 2 ** attempt;\n}\n" };

test("the project is read in a thread of the engine, and again when that is asked for", async ({ open }) => {
  const { page, home } = await open({ files });
  await ready(page);
  await runCommand(page, "LocalCoder: Read the whole project again");
  await expect(page.locator(".notifications-toasts")).toContainText("The project is being read again in the background.");
  const indexes = () => readdirSync(join(home, "data", "project-index")).filter((name) => name.endsWith(".db"));
  await expect.poll(indexes).toHaveLength(1);
});

test("with the index switched off nothing is read", async ({ open }) => {
  const { page } = await open({ files, settings: { "localcoder.project.index": false } });
  await ready(page);
  await runCommand(page, "LocalCoder: Read the whole project again");
  await expect(page.locator(".notifications-toasts")).toContainText("The project index is switched off.");
});
