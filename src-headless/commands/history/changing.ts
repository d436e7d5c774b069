import type { Session } from "#core/contracts/sessions";
import { type Invocation, UsageError } from "../../command.ts";
import { workspaceAround } from "../../document.ts";
import { count } from "../../terminal.ts";
import { completeId, type Scope, sessionJson } from "./scope.ts";

/** Options of commands that change the history. */
export const changeOptions = {
  remove: { description: "For label: take the labels away" },
  yes: { description: "For forget: really delete for good" },
} as const;

/** Gives a session another name. */
export async function rename(invocation: Invocation, scope: Scope, [id, ...words]: readonly string[]): Promise<undefined> {
  const title = words.join(" ").trim();
  if (id === undefined || title === "") throw new UsageError(`${scope.command} rename takes an id and the new name.`);
  const { sessions } = await invocation.client();
  done(
    invocation,
    await sessions.update({ id: await completeId(invocation, scope, id), title }, { signal: invocation.signal }),
    "is the name now",
  );
}

/** Puts sessions away, or takes them out again. */
export function archive(archived: boolean) {
  return (invocation: Invocation, scope: Scope, ids: readonly string[]): Promise<undefined> =>
    each(
      invocation,
      scope,
      ids,
      archived ? "archive" : "unarchive",
      archived ? "was archived" : "was taken out of the archive",
      async (id) => {
        const { sessions } = await invocation.client();
        return sessions.update({ id, archived }, { signal: invocation.signal });
      },
    );
}

/** Adds labels to a session, or takes them away. */
export async function label(invocation: Invocation, scope: Scope, [id, ...labels]: readonly string[]): Promise<undefined> {
  if (id === undefined || labels.length === 0) throw new UsageError(`${scope.command} label takes an id and one label or more.`);
  const { sessions } = await invocation.client();
  const whole = await completeId(invocation, scope, id);
  const { session } = await sessions.show({ id: whole }, { signal: invocation.signal });
  const before = session.labels ?? [];
  const after = invocation.has("remove") ? before.filter((one) => !labels.includes(one)) : [...new Set([...before, ...labels])];
  const changed = await sessions.update({ id: whole, labels: after }, { signal: invocation.signal });
  done(invocation, changed, after.length === 0 ? "has no label now" : `has ${after.map((one) => `#${one}`).join(" ")} now`);
}

/** Moves sessions to the trash. */
export function remove(invocation: Invocation, scope: Scope, ids: readonly string[]): Promise<undefined> {
  return each(
    invocation,
    scope,
    ids,
    "delete",
    `was deleted; localcoder ${scope.command} restore brings it back for 30 days`,
    async (id) => {
      const { sessions } = await invocation.client();
      const { session } = await sessions.show({ id }, { signal: invocation.signal });
      await sessions.remove({ id }, { signal: invocation.signal });
      return session;
    },
  );
}

/** Brings sessions back from the trash. */
export async function restore(invocation: Invocation, scope: Scope, ids: readonly string[]): Promise<undefined> {
  const { client, signal, terminal } = invocation;
  if (ids.length === 0) throw new UsageError(`${scope.command} restore takes one id or more, as delete printed them.`);
  const { sessions } = await client();
  const back: Session[] = [];
  for (const id of ids) {
    await sessions.restore({ id }, { signal });
    back.push((await sessions.show({ id: await completeId(invocation, scope, id) }, { signal })).session);
  }
  if (terminal.json) terminal.printJson(back.map(sessionJson));
  else for (const session of back) terminal.print(`${session.id}  ${session.title}: is back`);
}

/** Makes a copy that goes on by itself. */
export async function branch(invocation: Invocation, scope: Scope, [id, ...rest]: readonly string[]): Promise<undefined> {
  if (id === undefined || rest.length > 0) throw new UsageError(`${scope.command} branch takes the id of one ${scope.noun}.`);
  const { sessions } = await invocation.client();
  done(invocation, await sessions.branch({ id: await completeId(invocation, scope, id) }, { signal: invocation.signal }), "is a copy");
}

/** Deletes for good what belongs to the project here. */
export async function forget(invocation: Invocation, scope: Scope, words: readonly string[]): Promise<undefined> {
  const { client, has, signal, terminal } = invocation;
  if (words.length > 0) throw new UsageError(`${scope.command} forget takes no arguments: it is about this folder's project.`);
  const workspace = await workspaceAround(process.cwd());
  if (!has("yes")) throw new UsageError(`This deletes the history of ${workspace} for good. Say --yes when it is meant.`);
  const gone = await (await client()).sessions.forget({ workspace }, { signal });
  if (terminal.json) terminal.printJson(gone);
  else terminal.print(`${count(gone.sessions, "session")} of ${workspace} deleted for good.`);
}

async function each(
  invocation: Invocation,
  scope: Scope,
  ids: readonly string[],
  verb: string,
  what: string,
  change: (id: string) => Promise<Session>,
): Promise<undefined> {
  const { terminal } = invocation;
  if (ids.length === 0) throw new UsageError(`${scope.command} ${verb} takes one id or more.`);
  // Before the first one is changed: a wrong id must not leave half of it done.
  const whole: string[] = [];
  for (const id of ids) whole.push(await completeId(invocation, scope, id));
  const changed: Session[] = [];
  for (const id of whole) changed.push(await change(id));
  if (terminal.json) terminal.printJson(changed.map(sessionJson));
  else for (const session of changed) terminal.print(`${session.id}  ${session.title}: ${what}`);
}

function done({ terminal }: Invocation, session: Session, what: string): void {
  if (terminal.json) terminal.printJson([sessionJson(session)]);
  else terminal.print(`${session.id}  ${session.title}: ${what}`);
}
