import type { Invocation } from "../command.ts";

/** Tells the person what there is to know about the history. A window that owns it has told them already. */
export async function noteHistory({ engine, client, terminal }: Invocation): Promise<void> {
  if ((await engine()).role() !== "owner") return;
  const stream = await (await client()).sessions.notices();
  const first = await stream.next();
  await stream.return();
  for (const { message, hint } of first.done ? [] : first.value) {
    terminal.note(message);
    terminal.note(`  ${hint}`);
  }
}
