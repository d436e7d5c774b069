import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { UserError } from "#core/base/errors";
import { type AuditEvent, type AuditFinding, auditEvent } from "#core/contracts/audit";
import type { NetworkAttempt } from "#core/contracts/network";
import type { OpenProcess } from "#core/processes";
import type { DataFolders } from "#core/settings/folders";
import { exerciseAll } from "./audit/exercises.ts";
import { findIsolation, packetsSent } from "./audit/isolation.ts";
import type { EngineClient } from "./open.ts";

/** An address that belongs to nobody (RFC 5737): the attempt is made to be refused. */
export const nobody = "192.0.2.1";

/** The command line of this program, which an audit starts once more: a program and its first arguments. */
export type OwnCommandLine = readonly [program: string, ...parameters: string[]];

/** Runs the command line in a network of its own, with a home of its own so that nothing of the user's is changed, and tells what it tells. */
export async function* runAudit(
  commandLine: OwnCommandLine,
  folders: Pick<DataFolders, "user" | "models">,
  signal: AbortSignal | undefined,
): AsyncGenerator<AuditEvent, void, void> {
  const isolation = findIsolation();
  yield { type: "begun", how: isolation?.how ?? null };
  const home = mkdtempSync(join(tmpdir(), "localcoder-audit-"));
  mkdirSync(join(home, "user"), { recursive: true, mode: 0o700 });
  const settings = join(folders.user, "settings.json");
  if (existsSync(settings)) copyFileSync(settings, join(home, "user", "settings.json"));
  const [program = "", ...parameters] = [...(isolation?.command ?? []), ...commandLine, "audit", "--inside"];
  const child = spawn(program, parameters, {
    env: { MODELS_DIR: folders.models, ...process.env, LOCALCODER_HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => void child.kill();
  signal?.addEventListener("abort", stop);
  const ended = new Promise<void>((resolve) => child.once("error", () => resolve()).once("exit", () => resolve()));
  const problems = text(child.stderr);
  let isComplete = false;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const event = auditEvent.safeParse(parsed(line)).data;
      if (event === undefined) continue;
      isComplete ||= event.type === "found";
      yield event;
    }
    await ended;
    if (signal?.aborted) throw new UserError("STOPPED", "Stopped.");
    if (!isComplete) throw new UserError("INTERNAL", `The audit could not be run: ${(await problems).trim()}`, "Try again.");
  } finally {
    signal?.removeEventListener("abort", stop);
    child.kill();
    await ended;
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** What is done inside: uses every feature of the engine in this process, then does what must be noticed. */
export async function* auditHere(
  client: EngineClient["client"],
  openProcess: OpenProcess,
  signal: AbortSignal,
): AsyncGenerator<AuditEvent, void, void> {
  const folder = mkdtempSync(join(tmpdir(), "localcoder-audited-"));
  try {
    const before = packetsSent();
    yield* exerciseAll(client, folder, signal);
    const all: NetworkAttempt[] = [];
    for await (const piece of await client.network.everything(undefined, { signal })) all.push(...piece);
    const after = packetsSent();
    const proof = await prove(openProcess, async () => (await client.network.attempts({ limit: 1 }, { signal }))[0]);
    const finding: AuditFinding = {
      attempts: all.filter(({ purpose }) => purpose !== "loopback"),
      ...(before !== undefined && after !== undefined && { packets: after - before }),
      proof,
    };
    yield { type: "found", finding, clean: isClean(finding) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isClean({ attempts, packets, proof }: AuditFinding): boolean {
  return attempts.length === 0 && (packets ?? 0) === 0 && proof.refused && proof.packetsWithoutGate !== 0;
}

/** Does what must be noticed: asks this process for a connection, and has a process without a gate send a packet. */
async function prove(openProcess: OpenProcess, newest: () => Promise<NetworkAttempt | undefined>): Promise<AuditFinding["proof"]> {
  await fetch(`http://${nobody}/`).catch(() => undefined);
  const seen = await newest();
  const refused = seen?.host === nobody && !seen.allowed;
  const before = packetsSent();
  if (before === undefined) return { refused };
  // No gate of ours is loaded there: it counts as the user's own program would.
  await (await openProcess("packet", [nobody])).exited;
  return { refused, packetsWithoutGate: (packetsSent() ?? 0) - before };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
