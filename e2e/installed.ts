import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chromium, type Page } from "@playwright/test";

/** A system in a folder that has the program installed, and who uses it: set by the long test that installs it (tools/package-deb.test.ts). */
interface InstalledIn {
  readonly system: string;
  readonly user: number;
}

const { LOCALCODER_INSTALLED_SYSTEM: system = "", LOCALCODER_INSTALLED_USER: user = "" } = process.env;

/** Where the specs find an installed program to drive in place of the checkout's. */
export const installedIn: InstalledIn | undefined = system === "" ? undefined : { system, user: Number(user) };

/** Starts the installed program for its ordinary user. What the specs made for it becomes that user's. */
export async function startInstalled(
  { system, user }: InstalledIn,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly child: ChildProcess; readonly page: Page }> {
  for (const folder of [environment.HOME, environment.LOCALCODER_HOME]) if (folder) giveTo(user, folder);
  const program = ["/usr/bin/localcoder-desktop", "--remote-debugging-port=0", "--log-level=3"];
  const child = spawn("chroot", [`--userspec=${user}:${user}`, system, ...program, ...parameters], {
    env: { ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, page: await firstPage(child) };
}

/** Makes a folder somebody's own. */
export function giveTo(user: number, folder: string): void {
  const { status, stderr } = spawnSync("chown", ["--recursive", `${user}:${user}`, folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${folder} could not be given away: ${stderr}`);
}

/** The page of the program's window, over the protocol that every Chromium speaks: the released program lets no debugger of Node attach. */
export async function firstPage(program: ChildProcess): Promise<Page> {
  let printed = "";
  const address = await new Promise<string>((resolve, reject) => {
    const listen = (data: Buffer) => {
      printed += data;
      const found = /DevTools listening on (ws:\S+)/.exec(printed)?.[1];
      if (found) resolve(found);
    };
    program.stdout?.on("data", listen);
    program.stderr?.on("data", listen);
    program.once("exit", (code) => reject(new Error(`The program ended with ${code}: ${printed}`)));
  });
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  if (!context) throw new Error("The program has no context.");
  return context.pages()[0] ?? (await context.waitForEvent("page"));
}
