import type { AuditFinding } from "#core/contracts/audit";
import { auditHere, nobody, runAudit } from "#engine/audit";
import { openFolders } from "#engine/folders";
import { type Command, type Invocation, UsageError } from "../command.ts";

/** `localcoder audit`: shows that nothing leaves the machine, where the system itself keeps watch. */
export const audit: Command = {
  name: "audit",
  summary: "Use every feature where nothing can leave the machine, and show what was attempted",
  usage: ["audit"],
  options: {
    inside: { description: "Run here, without a network of its own, and tell each step as a line of JSON; what audit starts there" },
  },
  examples: [["localcoder audit", "runs the engine with nothing but the loopback and lists every attempt"]],
  async run(invocation) {
    const { positionals, has, terminal, client, start, signal } = invocation;
    if (positionals.length > 0) throw new UsageError("audit takes no arguments.");
    if (!has("inside")) return watch(invocation);
    for await (const event of auditHere(await client(), start.openProcess, signal)) terminal.print(JSON.stringify(event));
    return undefined;
  },
};

async function watch({ terminal, start, signal }: Invocation): Promise<number | undefined> {
  const exercises: { name: string; result: string }[] = [];
  let isolation: string | null = null;
  let exitCode: number | undefined = 1;
  if (!terminal.json) terminal.print(terminal.style("bold", "What is used"));
  for await (const event of runAudit(start.commandLine, await openFolders(), signal)) {
    switch (event.type) {
      case "begun":
        isolation = event.how;
        break;
      case "using":
        terminal.progress(`${event.number} of ${event.of}: ${event.name}; this takes as long as the model does.`);
        break;
      case "used":
        terminal.progress("");
        exercises.push({ name: event.name, result: event.result });
        if (!terminal.json) terminal.print(`  ${event.name}: ${event.result}`);
        break;
      case "found":
        if (terminal.json) terminal.printJson({ isolation, exercises, ...event.finding });
        else print(terminal, event.finding, isolation, exercises);
        exitCode = event.clean ? undefined : 1;
    }
  }
  return exitCode;
}

function print(
  terminal: Invocation["terminal"],
  { attempts, packets, proof }: AuditFinding,
  how: string | null,
  exercises: readonly { readonly result: string }[],
): void {
  terminal.print(terminal.style("bold", "What tried to leave the machine"));
  if (attempts.length === 0) terminal.print("  Nothing.");
  for (const { process, host, port, purpose, allowed, reason } of attempts)
    terminal.print(
      `  ${process} to ${host}${port === undefined ? "" : `:${port}`} for ${purpose}: ${allowed ? "allowed" : "refused"}, ${reason}`,
    );
  if (packets !== undefined) terminal.print(`  Packets the system saw leave: ${packets}.`);
  const unused = exercises.filter(({ result }) => result !== "done").length;
  if (unused > 0)
    terminal.print(`  ${unused} of ${exercises.length} features could not be used, as said above; nothing is known of those.`);
  terminal.print(terminal.style("bold", "That it would have been noticed"));
  terminal.print(`  A connection to ${nobody} was ${proof.refused ? "refused and recorded" : "NOT refused"}.`);
  if (proof.packetsWithoutGate !== undefined)
    terminal.print(`  A program without our gate sent a packet there, and the system counted ${proof.packetsWithoutGate}.`);
  terminal.print(terminal.style("bold", "How to do it yourself"));
  terminal.print(
    how === null
      ? "  This system has no way to isolate a program that needs no administrator, so only our own gates were looked at. Watch with a tool of your own, such as tcpdump or Wireshark."
      : `  ${how}`,
  );
}
