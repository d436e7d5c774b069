import { spawn, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";

/** Seconds of waiting after which a program is ended. */
const patience = 60;

/** A program that runs code which is not ours. */
export interface LimitedProgram {
  readonly command: readonly string[];
  readonly cwd: string;
  /** What stands in its input. */
  readonly input: string;
  /** True where what it prints is wanted. */
  readonly reads?: boolean;
}

/** How a program ended: by itself, by our patience, by a limit, or why it could not be started. */
export interface ProgramEnd {
  readonly how: "ended" | "late" | "killed" | "failed";
  readonly why: string;
  readonly output: string;
}

/** More is not what was asked for. */
const longestOutput = 1_000_000;

/**
 * Runs a program that sets its own limits first: without the secrets of the user's shell, without a network where the system lets us take
 * it away, and not for ever. It never throws for what the program does.
 */
export function runLimited({ command, cwd, input, reads = false }: LimitedProgram, signal?: AbortSignal): Promise<ProgramEnd> {
  const [program = "", ...parameters] = [...withoutNetwork(), ...command];
  return new Promise((done) => {
    const child = spawn(program, parameters, {
      cwd,
      env: { PATH: process.env.PATH ?? "", HOME: tmpdir(), LANG: process.env.LANG ?? "C.UTF-8", SYSTEMROOT: process.env.SYSTEMROOT ?? "" },
      stdio: ["pipe", reads ? "pipe" : "ignore", "ignore"],
      killSignal: "SIGKILL",
      signal,
    });
    let output = "";
    const end = (how: ProgramEnd["how"], why = "") => {
      clearTimeout(timer);
      done({ how, why, output });
    };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      end("late");
    }, patience * 1000);
    child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
      output += piece;
      if (output.length > longestOutput) child.kill("SIGKILL");
    });
    child.once("error", (error) => end("failed", `${command[0]} could not be started: ${error.message}`));
    child.once("close", (_code, killed) => end(killed === null ? "ended" : "killed"));
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

let network: readonly string[] | undefined;

/** What takes the network from a program: a namespace of its own, where the system lets us have one. */
function withoutNetwork(): readonly string[] {
  if (process.platform !== "linux") return [];
  const ways = [
    ["unshare", "--net"],
    ["unshare", "--user", "--map-root-user", "--net"],
  ];
  network ??= ways.find(([command = "", ...rest]) => spawnSync(command, [...rest, "true"]).status === 0) ?? [];
  return network;
}
