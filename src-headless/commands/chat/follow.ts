import { describeError } from "#core/base/errors";
import type { ChatTurn } from "#core/contracts/chat";
import type { Invocation } from "../../command.ts";
import type { Lines } from "./interactive.ts";

/** Shows in the terminal what is said in its thread elsewhere: in a window, or in another terminal. */
export interface Follower {
  /** Prints a thread from its beginning and follows it from then on. */
  show(threadId: string): Promise<void>;
  /** What the thread has now is on the screen already. */
  seen(threadId: string): Promise<void>;
  /** Follows nothing any more. */
  leave(): void;
  dispose(): void;
}

/** Begins to follow. `idle` says whether something may be printed now. */
export function followThread({ client, terminal }: Pick<Invocation, "client" | "terminal">, idle: () => boolean, lines: Lines): Follower {
  const stop = new AbortController();
  let thread: string | undefined;
  let last = 0;
  void follow();

  async function follow(): Promise<void> {
    try {
      const { sessions } = await client();
      for await (const { id, change } of await sessions.changes(undefined, { signal: stop.signal })) {
        if (id !== thread || !idle()) continue;
        if (change === "removed") {
          terminal.note("\nThis thread was deleted elsewhere.");
          thread = undefined;
        } else await more(id);
        lines.prompt();
      }
    } catch (error) {
      // The engine is gone, and the next message says so.
      if (!stop.signal.aborted && describeError(error).code === "INTERNAL") terminal.note(describeError(error).message);
    }
  }

  /** Prints whole turns only: what is being written elsewhere comes when it is written. */
  async function more(id: string): Promise<void> {
    const { turns, state } = await (await client()).chat.thread({ threadId: id });
    const whole = state === "running" ? turns.slice(0, -1) : turns;
    const fresh = whole.filter((turn) => turn.id > last);
    if (fresh.length > 0) terminal.write("\n");
    for (const turn of fresh) print(turn);
    last = whole.at(-1)?.id ?? last;
  }

  function print({ role, text, secondOpinion, facts }: ChatTurn): void {
    if (secondOpinion) terminal.print(terminal.style("dim", `Second opinion${facts ? `, by ${facts.model}` : ""}:`));
    if (role === "user") terminal.print(`${terminal.style("cyan", ">")} ${text}`);
    else if (role === "note") terminal.print(terminal.style("dim", text));
    else terminal.print(text);
  }

  return {
    async show(id) {
      last = 0;
      thread = id;
      await more(id);
    },
    async seen(id) {
      thread = id;
      const { turns } = await (await client()).chat.thread({ threadId: id });
      last = turns.at(-1)?.id ?? last;
    },
    leave() {
      thread = undefined;
    },
    dispose: () => stop.abort(),
  };
}
