import { UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { ModelReference } from "../inference/host.ts";
import { titleOfServed } from "../servers/address.ts";
import type { ServedModel } from "../servers/servers.ts";

/** A model on a server as everybody names it. */
export function servedReference(served: ServedModel): ModelReference {
  return { id: served.id, name: `${titleOfServed(served.model.name)} (${served.title})`, path: served.id, served };
}

/** The best of a server's models where nobody chose: coders first, then the largest that still answers quickly. */
export function bestServed(models: readonly ServedModel[]): ServedModel | undefined {
  const rank = ({ model: { name, parameters = 1 } }: ServedModel) =>
    (/code/i.test(name) ? 1000 : 0) + (parameters <= 15 ? parameters : -parameters);
  return [...models].sort((one, other) => rank(other) - rank(one))[0];
}

/** The roles a server's model is to be chosen for, checked as those of a file are. */
export function rolesOnServer(
  { model }: ServedModel,
  asked: readonly ModelRole[] | undefined,
): ("completion" | "code" | "general" | "router")[] {
  const fills = model.fills !== "none";
  if (asked?.includes("completion") && !fills) throw cannotFillIn(model.name);
  const suited = (["completion", "code", "general", "router"] as const).filter((role) => (role === "completion" ? fills : model.chats));
  const roles = suited.filter((role) => (asked === undefined ? role !== "router" : asked.includes(role)));
  if (roles.length === 0) throw suitsNoRole(model.name);
  return roles;
}

/** For a model that is asked for ghost text and cannot give it. */
export function cannotFillIn(name: string): UserError {
  return new UserError(
    "NO_FIM_TOKENS",
    `${name} cannot suggest code while you type: its vocabulary has no tokens for filling in the middle.`,
    "Choose a coder model for ghost text, for example Qwen2.5-Coder.",
  );
}

/** For a model with which nothing can be done. */
export function suitsNoRole(name: string): UserError {
  return new UserError("UNSUPPORTED", `${name} suits none of the roles that can be chosen.`, "Choose a coder or chat model.");
}
