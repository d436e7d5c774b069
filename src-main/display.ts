import { existsSync, readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";

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
  const { workerData: { target, result } } = require("node:worker_threads");
  const tell = (answer) => { Atomics.compareExchange(result, 0, 0, answer); Atomics.notify(result, 0); };
  const server = require("node:net").connect(target);
  server.on("connect", () => server.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0])));
  server.on("data", ([answer]) => tell(answer <= 2 ? 1 : 2));
  server.on("error", () => tell(2)).on("close", () => tell(2));`;

/** Asks in a thread and stands still meanwhile: by the time this one could wait for an answer, Chromium has begun. */
function answers(target: object): boolean {
  const result = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(greet, { eval: true, workerData: { target, result } });
  Atomics.wait(result, 0, 0, patience);
  void thread.terminate();
  return Atomics.load(result, 0) === 1;
}
