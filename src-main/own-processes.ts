import { constants, setPriority } from "node:os";
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from "electron";
import { nativeMemoryEnvironment } from "#core/base/native-memory";
import { type OpenProcess, type OwnScript, ownScripts, type ProcessAnswer, type ProcessExit, type ProcessRequest } from "#core/processes";
import { portWire } from "#core/transport/wire";
import { built } from "./locations.ts";

/** How each script is named where the system lists processes. */
const names: Readonly<Record<OwnScript, string>> = {
  inference: "LocalCoder inference",
  typescript: "LocalCoder TypeScript",
  "back-end-trial": "LocalCoder trial of a back end",
  packet: "LocalCoder packet",
};

/** A script of ours that was started, with a port to it. */
interface Started {
  readonly pid: number;
  readonly port: MessagePortMain;
  readonly exited: Promise<ProcessExit>;
  kill(): void;
}

/** What our processes print goes where main's goes, or nowhere. */
export type Printing = "inherit" | "ignore";

/**
 * The environment of utility processes. What Node thinks of the modules of others is nothing for a user's terminal; of arguments that say so
 * such a process takes no notice, and it says it before the first line of ours.
 */
export const utilityEnvironment = () => ({ ...process.env, NODE_NO_WARNINGS: "1" });

/** Starts a script of ours. It may ask for others in turn, as inference does to try a back end. */
async function startScript(script: OwnScript, parameters: readonly string[], printing: Printing): Promise<Started> {
  const child = utilityProcess.fork(built.script(script), [...parameters], {
    serviceName: names[script],
    stdio: printing,
    env: { ...utilityEnvironment(), ...(script === "inference" && nativeMemoryEnvironment) },
  });
  const others = serveProcesses(child, printing);
  const exited = new Promise<ProcessExit>((resolve) =>
    child.on("exit", (code) => {
      others.killAll();
      resolve(exitOf(code));
    }),
  );
  const { port1, port2 } = new MessageChannelMain();
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    void exited.then(({ reason }) => reject(new Error(reason)));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error((await exited).reason);
  if (script === "inference") lowerPriority(pid);
  child.postMessage({ type: "connect" }, [port1]);
  return { pid, port: port2, exited, kill: () => endNow(pid) };
}

/** Starts scripts of ours for main itself: where it runs the command line. */
export function openUtility(printing: Printing): OpenProcess {
  return async (script, parameters = []) => {
    const { port, ...started } = await startScript(script, parameters, printing);
    return { ...started, wire: portWire(port) };
  };
}

/** Starts scripts for a utility process that asks for them, and ends them with it. */
export function serveProcesses(child: UtilityProcess, printing: Printing): { killAll(): void } {
  const running = new Map<number, { kill(): void }>();
  const answer = (message: ProcessAnswer, ports: MessagePortMain[] = []) => child.postMessage(message, ports);
  async function open(id: number, script: OwnScript, parameters: readonly string[]): Promise<void> {
    try {
      const { pid, port, exited, kill } = await startScript(script, parameters, printing);
      running.set(id, { kill });
      answer({ type: "process", id, pid }, [port]);
      const exit = await exited;
      running.delete(id);
      answer({ type: "process-exit", id, ...exit });
    } catch (error) {
      answer({ type: "process-exit", id, code: null, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  child.on("message", (message: ProcessRequest) => {
    if (message.type === "open-process" && ownScripts.includes(message.script)) void open(message.id, message.script, message.parameters);
    if (message.type === "kill-process") running.get(message.id)?.kill();
  });
  return {
    killAll() {
      for (const { kill } of running.values()) kill();
    },
  };
}

/** The window comes first: a model may take all the processor that is left, but not the part that typing needs. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The process ended already, or the system does not allow it; it then runs at normal priority.
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

/** How a process ended: Electron gives the number of a signal for a code where one ended it. */
function exitOf(code: number): ProcessExit {
  return process.platform !== "win32" && code === constants.signals.SIGKILL
    ? { code: null, reason: "SIGKILL" }
    : { code, reason: `exit code ${code}` };
}
