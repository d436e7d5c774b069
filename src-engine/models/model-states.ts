import { UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { ModelState } from "#core/contracts/models";
import type { ModelReference } from "../inference/host.ts";
import { providerOf } from "../servers/served-inference.ts";
import { choosableRoles } from "./choice.ts";

/** What inference says of each role, else what would serve it. */
export function modelStates(current: readonly ModelState[], forRole: (role: ModelRole) => Promise<ModelReference>): Promise<ModelState[]> {
  return Promise.all(
    choosableRoles.map(async (role): Promise<ModelState> => {
      const state = current.find((each) => each.role === role);
      if (state && state.state !== "unloaded" && state.state !== "no-model") return state;
      return forRole(role).then(
        (model) => ({ role, state: "unloaded", model: model.name, provider: providerOf(model) }),
        (error: unknown) => ({ role, state: "no-model", reason: error instanceof UserError ? error.message : undefined }),
      );
    }),
  );
}
