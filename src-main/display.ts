import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const waysOut = "Start it from a desktop, set DISPLAY, or run `localcoder serve` and open it in a browser.";

/** Why no window can be shown, in a sentence with a way out; nothing where one can. Chromium itself would end by a fault of memory. */
export function missingDisplay(
  platform: string,
  { DISPLAY, WAYLAND_DISPLAY }: Readonly<Record<string, string | undefined>>,
  isReachable = isDisplayReachable,
): string | undefined {
  if (platform !== "linux" || WAYLAND_DISPLAY) return undefined;
  if (!DISPLAY) return `There is no display for the window. ${waysOut}`;
  return isReachable(DISPLAY) ? undefined : `The display ${DISPLAY} cannot be reached. ${waysOut}`;
}

/** True where something listens at a display of X11. Whether it lets us in is its own matter. */
export function isDisplayReachable(display: string, sockets = "/tmp/.X11-unix"): boolean {
  const [, host = "", number = ""] = /^(.*):(\d+)(?:\.\d+)?$/.exec(display) ?? [];
  if (number === "") return false;
  if (host !== "" && host !== "unix") return answers({ host, port: 6000 + Number(number) });
  const path = `${sockets}/X${number}`;
  // The kernel lists what listens, which costs no process. Not what another container shares with this one: there the file is tried.
  if (listening().some((name) => name === path || name === `@${path}`)) return true;
  return existsSync(path) && answers({ path });
}

function listening(): readonly string[] {
  try {
    return readFileSync("/proc/net/unix", "utf8")
      .split("\n")
      .map((line) => line.slice(line.lastIndexOf(" ") + 1));
  } catch {
    return [];
  }
}

/** Milliseconds that a display elsewhere may take to answer. */
const patience = 5000;

// Says hello as version 11 of X does, without a cookie: whether that is welcome or not, only a display answers.
const greet = `
  const server = require("node:net").connect(JSON.parse(process.argv[1]));
  server.on("connect", () => server.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0])));
  server.on("data", ([answer]) => process.exit(answer <= 2 ? 0 : 1));
  server.on("error", () => process.exit(1)).on("close", () => process.exit(1));`;

/** Asks in a process of its own: by the time this one could wait for an answer, Chromium has begun. */
function answers(target: object): boolean {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
  const parameters = ["-e", greet, JSON.stringify(target)];
  return spawnSync(process.execPath, parameters, { env, stdio: "ignore", timeout: patience }).status === 0;
}
