import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { UserError } from "#core/base/errors";
import type { NetworkAttempt } from "#core/contracts/network";
import { openFolders } from "#engine/folders";
import { type Exercise, exerciseAll } from "../audit/exercises.ts";
import { findIsolation, packetsSent } from "../audit/isolation.ts";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { count } from "../terminal.ts";

/** What an audit found. */
interface Finding {
  readonly exercises: readonly Exercise[];
  /** Attempts to leave the machine, as the gates recorded them. */
  readonly attempts: readonly NetworkAttempt[];
  /** Connections within the machine. */
  readonly loopback: number;
  /** Packets that left while all this went on; missing where nothing counts them. */
  readonly packets?: number;
  /** What was done on purpose, to show that it would have been noticed: what the gate said, and packets of a process without a gate. */
  readonly proof: { readonly refused: boolean; readonly packetsWithoutGate?: number };
}

/** An address that belongs to nobody (RFC 5737): the attempt is made to be refused. */
const nobody = "192.0.2.1";

/** `localcoder audit`: shows that nothing leaves the machine, where the system itself keeps watch. */
export const audit: Command = {
  name: "audit",
  summary: "Use every feature where nothing can leave the machine, and show what was attempted",
  usage: ["audit"],
  options: { inside: { description: "Run here, without a network of its own; what audit starts there" } },
  examples: [["localcoder audit", "runs the engine with nothing but the loopback and lists every attempt"]],
  async run(invocation) {
    const { positionals, has, terminal } = invocation;
    if (positionals.length > 0) throw new UsageError("audit takes no arguments.");
    if (has("inside")) {
      terminal.printJson(await inspect(invocation));
      return undefined;
    }
    const isolation = findIsolation();
    const finding = await runInside(invocation, isolation?.command ?? []);
    if (terminal.json) terminal.printJson({ isolation: isolation?.how ?? null, ...finding });
    else print(invocation, finding, isolation?.how);
    return isClean(finding) ? undefined : 1;
  },
};

function isClean({ attempts, packets, proof }: Finding): boolean {
  return attempts.length === 0 && (packets ?? 0) === 0 && proof.refused && proof.packetsWithoutGate !== 0;
}

/** Runs this program once more, with a home of its own so that nothing of the user's is changed. */
async function runInside({ terminal, signal }: Invocation, isolation: readonly string[]): Promise<Finding> {
  const home = mkdtempSync(join(tmpdir(), "localcoder-audit-"));
  try {
    const folders = await openFolders();
    mkdirSync(join(home, "user"), { recursive: true, mode: 0o700 });
    const settings = join(folders.user, "settings.json");
    if (existsSync(settings)) copyFileSync(settings, join(home, "user", "settings.json"));
    const [program = "", ...parameters] = [...isolation, process.execPath, ...process.execArgv, process.argv[1] ?? "", "audit", "--inside"];
    terminal.progress("Using every feature; this takes as long as the model does.");
    const child = spawn(program, parameters, {
      env: { MODELS_DIR: folders.models, ...process.env, LOCALCODER_HOME: home },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    });
    const [output, problems, exitCode] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve, reject) => child.once("error", reject).once("exit", resolve)),
    ]);
    terminal.progress("");
    if (exitCode !== 0) throw new UserError("INTERNAL", `The audit could not be run: ${problems.trim()}`, "Try again.");
    return JSON.parse(output) as Finding;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function inspect({ client, engine, signal }: Invocation): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), "localcoder-audited-"));
  try {
    const before = packetsSent();
    const connected = await client();
    const exercises: Exercise[] = [];
    for await (const exercise of exerciseAll(connected, folder, signal)) exercises.push(exercise);
    const all = await connected.network.attempts({ limit: 10_000 }, { signal });
    const after = packetsSent();
    const proof = await prove(async () => (await connected.network.attempts({ limit: 1 }, { signal }))[0]);
    await (await engine()).dispose();
    return {
      exercises,
      attempts: all.filter(({ purpose }) => purpose !== "loopback"),
      loopback: all.filter(({ purpose }) => purpose === "loopback").length,
      ...(before !== undefined && after !== undefined && { packets: after - before }),
      proof,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does what must be noticed: asks this process for a connection, and has a process without a gate send a packet. */
async function prove(newest: () => Promise<NetworkAttempt | undefined>): Promise<Finding["proof"]> {
  await fetch(`http://${nobody}/`).catch(() => undefined);
  const seen = await newest();
  const refused = seen?.host === nobody && !seen.allowed;
  const before = packetsSent();
  if (before === undefined) return { refused };
  // No gate of ours is loaded there: it counts as the user's own program would.
  const script = `require("node:dgram").createSocket("udp4").send("x", 9, "${nobody}", () => process.exit())`;
  await new Promise((resolve) => spawn(process.execPath, ["-e", script], { stdio: "ignore" }).once("exit", resolve));
  return { refused, packetsWithoutGate: (packetsSent() ?? 0) - before };
}

function print({ terminal }: Invocation, { exercises, attempts, loopback, packets, proof }: Finding, how: string | undefined): void {
  terminal.print(terminal.style("bold", "What was used"));
  for (const { name, result } of exercises) terminal.print(`  ${name}: ${result}`);
  terminal.print(terminal.style("bold", "What tried to leave the machine"));
  if (attempts.length === 0) terminal.print(`  Nothing. ${count(loopback, "connection")} stayed within it.`);
  for (const { process, host, port, purpose, allowed, reason } of attempts)
    terminal.print(
      `  ${process} to ${host}${port === undefined ? "" : `:${port}`} for ${purpose}: ${allowed ? "allowed" : "refused"}, ${reason}`,
    );
  if (packets !== undefined) terminal.print(`  Packets the system saw leave: ${packets}.`);
  terminal.print(terminal.style("bold", "That it would have been noticed"));
  terminal.print(`  A connection to ${nobody} was ${proof.refused ? "refused and recorded" : "NOT refused"}.`);
  if (proof.packetsWithoutGate !== undefined)
    terminal.print(`  A program without our gate sent a packet there, and the system counted ${proof.packetsWithoutGate}.`);
  terminal.print(terminal.style("bold", "How to do it yourself"));
  terminal.print(
    how === undefined
      ? "  This system has no way to isolate a program that needs no administrator, so only our own gates were looked at. Watch with a tool of your own, such as tcpdump or Wireshark."
      : `  ${how}`,
  );
}
