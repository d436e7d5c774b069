import { UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { ModelState } from "#core/contracts/models";
import type { ModelReference } from "../inference/host.ts";
import { providerOf } from "../servers/served-inference.ts";
import { type Choice, choosableRoles } from "./choice.ts";

/** What inference says of each role, else what would serve it; in a folder that has models of its own these count. */
export function modelStates(current: readonly ModelState[], forRole: Choice["forRole"], folder: string | undefined): Promise<ModelState[]> {
  return Promise.all(
    choosableRoles.map(async (role): Promise<ModelState> => {
      const state = current.find((each) => each.role === role);
      const rests = state === undefined || state.state === "unloaded" || state.state === "no-model";
      if (!rests && (folder === undefined || !(await isOfElsewhere(state, role, folder)))) return state;
      return forRole(role, { workspace: folder }).then(
        (model) => ({ role, state: "unloaded", model: model.name, provider: providerOf(model) }),
        (error: unknown) => ({ role, state: "no-model", reason: error instanceof UserError ? error.message : undefined }),
      );
    }),
  );

  /** True where the last model of a role is not the one of this folder, and this folder has another one than the rest. */
  async function isOfElsewhere(state: ModelState, role: ModelRole, folder: string): Promise<boolean> {
    const [here, elsewhere] = await Promise.all([forRole(role, { workspace: folder }), forRole(role)].map(nameOrNothing));
    return here !== undefined && here !== elsewhere && here !== state.model;
  }
}

const nameOrNothing = (model: Promise<ModelReference>) =>
  model.then(
    ({ name }) => name,
    () => undefined,
  );
