import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testCertificate, testKey } from "../src-headless/serve/test-certificate.ts";
import { expect, launchChromium, openFile, ready, root, test } from "./launch.ts";

// A server that other machines may reach, at an address that is still only this machine's.

/** The address that the program prints, and what it says to the person at the terminal. */
function started(program: ChildProcess): { readonly url: Promise<string>; said(): string } {
  let said = "";
  program.stderr?.on("data", (data) => {
    said += data;
  });
  const url = new Promise<string>((resolve, reject) => {
    program.stdout?.once("data", (data) => resolve(JSON.parse(String(data)).url));
    program.once("exit", () => reject(new Error(said)));
  });
  return { url, said: () => said };
}

test("a shared server asks for the password, and then is the workbench", async ({ face }, testInfo) => {
  test.skip(face === "electron", "The window has no server.");
  const folder = mkdtempSync(join(tmpdir(), "lc-share-"));
  const shop = join(folder, "shop");
  mkdirSync(shop);
  writeFileSync(join(shop, "cart.ts"), "export const total = 3;\n");
  const file = (name: string) => join(folder, name);
  writeFileSync(file("cert.pem"), testCertificate);
  writeFileSync(file("key.pem"), testKey);
  const files = ["--password-file", file("password"), "--certificate", file("cert.pem"), "--key", file("key.pem")];
  const program = spawn(
    process.execPath,
    [join(root, "out/headless/cli.js"), "serve", shop, "--json", "--share", "--host", "127.0.0.2", ...files],
    { env: { ...process.env, LOCALCODER_HOME: join(folder, "home") }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const { url, said } = started(program);
  const browser = await launchChromium();
  try {
    const address = new URL(await url);
    address.searchParams.delete("token");
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(address.href);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("That is not the password.");
    await page.screenshot({ path: testInfo.outputPath("sign-in.png") });

    await page.getByLabel("Password").fill(readFileSync(file("password"), "utf8").trim());
    await page.getByRole("button", { name: "Sign in" }).click();
    await ready(page);
    await page
      .getByRole("button", { name: "Skip" })
      .click({ timeout: 5000 })
      .catch(() => {});
    await openFile(page, "cart.ts");
    await expect(page.locator(".view-lines").first()).toContainText("total");
    expect(said()).toContain("OTHER MACHINES CAN REACH THIS SERVER");
    expect(said()).toContain("A wrong password came from 127.0.0.1.");
    expect(said()).toContain("Signed in from 127.0.0.1.");
  } finally {
    await browser.close();
    program.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  }
});
