import { spawn } from "node:child_process";

/** Starts a display in memory where Linux has none; `environment` is what programs need to find it. */
export async function startDisplay() {
  if (process.platform !== "linux") return { environment: {}, stop() {} };
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-ac"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const number = await new Promise((resolve, reject) => {
    server.on("error", () => reject(new Error("Xvfb is needed to run windows without a screen. On Debian: apt-get install xvfb.")));
    server.on("exit", (code) => reject(new Error(`Xvfb ended with code ${code}.`)));
    server.stdio[3].once("data", (data) => resolve(String(data).trim()));
  });
  return { environment: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: "" }, stop: () => server.kill() };
}
