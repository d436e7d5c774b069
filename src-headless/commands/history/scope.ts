import { UserError } from "#core/base/errors";
import type { Session } from "#core/contracts/sessions";
import type { Invocation } from "../../command.ts";

/** What a command of the history is about: everything, or the threads of the chat. */
export interface Scope {
  readonly command: "sessions" | "threads";
  readonly noun: "session" | "thread";
  readonly kind?: "chat";
}

/** What the engine gives at once. */
export const most = 1000;

/** The whole id for its beginning, where only one session has it. */
export async function completeId({ client, signal }: Invocation, { noun, command, kind }: Scope, id: string): Promise<string> {
  const { sessions } = await client();
  const found = await sessions.list({ id, kind, archived: "with", limit: 10 }, { signal });
  const exact = found.find((session) => session.id === id);
  if (exact) return id;
  if (found.length > 1)
    throw new UserError(
      "BAD_INPUT",
      `${id} is the beginning of several: ${found.map((session) => session.id.slice(0, 12)).join(", ")}${found.length === 10 ? " and perhaps more" : ""}.`,
      "Give more of the id.",
    );
  const [only] = found;
  if (!only)
    throw new UserError(
      "NOT_FOUND",
      `There is no ${noun} ${id} in the history.`,
      `It may have been deleted; localcoder ${command} lists what is there.`,
    );
  return only.id;
}

/** The JSON shape of a session. */
export function sessionJson({ id, title, kind, created, updated, state, ...rest }: Session) {
  const { workspace = null, path = null, lines = null, model = null, labels = [], archived = null, outcome = null, origin = null } = rest;
  return { id, title, kind, created, updated, state, workspace, path, lines, model, labels, archived, outcome, origin };
}
