import { spawn } from "node:child_process";
import { once } from "node:events";

/** Writes of a process that wait. */
export interface SlowWrites {
  /** How many have waited. */
  delayed(): number;
  end(): void;
}

/** What brings data to a disk: where a slow one would keep its caller waiting. */
const calls = "fsync,fdatasync,pwrite64,rename,renameat,renameat2";

/** Lets each write of a process and its threads take longer, by milliseconds; undefined where the system has nothing for that. */
export async function slowWrites(id: number, milliseconds: number): Promise<SlowWrites | undefined> {
  const delay = ["-e", `trace=${calls}`, "-e", `inject=${calls}:delay_enter=${milliseconds * 1000}`];
  const tracer = spawn("strace", ["-f", "-p", String(id), ...delay], { stdio: ["ignore", "ignore", "pipe"] });
  let lines = "";
  tracer.stderr.on("data", (data) => {
    lines += data;
  });
  const failed = new Promise<false>((resolve) => {
    tracer.once("error", () => resolve(false));
    tracer.once("exit", () => resolve(false));
  });
  const attached = once(tracer.stderr, "data").then(() => lines.includes("attached"));
  if (!(await Promise.race([attached, failed]))) return undefined;
  return {
    delayed: () => lines.split("(DELAYED)").length - 1,
    end: () => tracer.kill("SIGKILL"),
  };
}
