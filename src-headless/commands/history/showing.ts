import { type Invocation, UsageError } from "../../command.ts";
import { noteHistory } from "../notices.ts";
import { completeId, type Scope, sessionJson } from "./scope.ts";

/** Prints a session from beginning to end. */
export async function show(invocation: Invocation, scope: Scope, words: readonly string[]): Promise<undefined> {
  const { terminal, client, signal } = invocation;
  const [id, ...rest] = words;
  if (id === undefined || rest.length > 0) throw new UsageError(`${scope.command} show takes the id of one ${scope.noun}.`);
  await noteHistory(invocation);
  const engine = await client();
  const { session, messages, patches } = await engine.sessions.show({ id: await completeId(invocation, scope, id) }, { signal });
  if (terminal.json) {
    const turns = messages.map(({ role, text, created }) => ({ role, text, created }));
    terminal.printJson([{ ...sessionJson(session), messages: turns, patches: patches ?? [] }]);
    return;
  }
  const facts = [
    session.state,
    session.outcome,
    session.model,
    new Date(session.created).toLocaleString(),
    ...(session.labels ?? []).map((label) => `#${label}`),
  ];
  terminal.print(terminal.style("bold", session.title));
  terminal.print(terminal.style("dim", facts.filter(Boolean).join(" · ")));
  for (const { role, text } of messages) {
    if (role === "system") continue;
    terminal.print("");
    terminal.print(terminal.style("cyan", role));
    terminal.print(text);
  }
}
