import { type Invocation, UsageError } from "../../command.ts";
import { noteHistory } from "../notices.ts";
import { completeId, type Scope } from "./scope.ts";

/** Options of a replay. */
export const replayOptions = {
  with: { description: "For replay: another model that is asked, a catalogue id or the path of a file", value: "MODEL" },
} as const;

/** Asks once more what led to the last answer of a session, and says whether it is the same. */
export async function replay(invocation: Invocation, scope: Scope, words: readonly string[]): Promise<number | undefined> {
  const { client, signal, terminal, value } = invocation;
  const [id, ...rest] = words;
  if (id === undefined || rest.length > 0) throw new UsageError(`${scope.command} replay takes the id of one ${scope.noun}.`);
  await noteHistory(invocation);
  const { sessions } = await client();
  const whole = await completeId(invocation, scope, id);
  for await (const event of await sessions.replay({ id: whole, model: value("with") }, { signal })) {
    if (event.type === "waiting") terminal.progress(event.reason);
    else if (event.type === "reading") terminal.progress(`reading ${Math.floor((event.evaluated / Math.max(1, event.total)) * 100)} %`);
    else if (event.type === "text" && terminal.interactive) terminal.write(event.text);
    else if (event.type === "finished") {
      terminal.progress("");
      if (terminal.interactive) terminal.write("\n");
      const { replayed } = event;
      if (terminal.json) terminal.printJson(replayed);
      else if (replayed.same) terminal.print("The same answer to the letter.");
      else {
        terminal.print(["Another answer.", replayed.because].filter(Boolean).join(" "));
        terminal.write(replayed.diff);
      }
      // For scripts that check a model or a version: 1 where the same model says something else.
      return replayed.same || value("with") !== undefined ? 0 : 1;
    }
  }
  return undefined;
}
