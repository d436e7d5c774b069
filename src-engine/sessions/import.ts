import { randomUUID } from "node:crypto";
import { UserError } from "#core/base/errors";
import type { Session, Transcript } from "#core/contracts/sessions";
import type { Store } from "./store.ts";

/** Where imported sessions may go. */
export interface ImportPlaces {
  readonly stores: () => readonly Store[];
  /** Where what belongs to a workspace is kept; undefined where nothing is. */
  readonly storeFor: (workspace: string | undefined) => Store | undefined;
  readonly shown: (store: Store, id: string) => Transcript;
}

/** Writes sessions that come from elsewhere; those that are here already are left as they are. Whoever calls is within a transaction. */
export function importInto(
  transcripts: readonly Transcript[],
  { stores, storeFor, shown }: ImportPlaces,
): { readonly added: Session[]; readonly known: Session[] } {
  const added: Session[] = [];
  const known: Session[] = [];
  for (const transcript of transcripts) {
    const { id, workspace } = transcript.session;
    const store = storeFor(workspace) ?? nowhere();
    const there = stores()
      .map((each) => each.show(id))
      .find((each) => each !== undefined);
    if (there && isSame(there, transcript)) {
      known.push(there.session);
      continue;
    }
    // An id in the trash is taken as well: restoring must bring back what was deleted.
    const isTaken = id === "" || stores().some((each) => each.has(id));
    const renewed = isTaken ? randomUUID() : id;
    const session = isTaken && id !== "" ? { ...transcript.session, origin: { id, how: "import" as const } } : transcript.session;
    store.write(renewed, { ...transcript, session });
    added.push(shown(store, renewed).session);
  }
  return { added, known };
}

function nowhere(): never {
  throw new UserError(
    "SWITCHED_OFF",
    "No history is kept for the folder of an imported session.",
    "Switch localcoder.history.keep on there, and import again.",
  );
}

/** True where an imported session is here already, whatever was said of it since. */
function isSame(here: Transcript, there: Transcript): boolean {
  const turns = (transcript: Transcript) => JSON.stringify(transcript.messages.map(({ role, text, created }) => [role, text, created]));
  return here.session.created === there.session.created && turns(here) === turns(there);
}
