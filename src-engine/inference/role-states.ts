import { createEmitter, type Emitter } from "#core/base/emitter";
import type { ModelRole } from "#core/contracts/common";
import type { ModelState } from "#core/contracts/models";

/** What the model of each role is doing, for the status bar. */
export interface RoleStates {
  readonly changes: Emitter<ModelState>;
  /** The last state of every role that was used. */
  current(): readonly ModelState[];
  of(role: ModelRole): ModelState | undefined;
  set(state: ModelState): void;
  /** Says which file a role uses, so that what happens to the file reaches all its roles. */
  uses(role: ModelRole, path: string): void;
  /** Changes the state of all roles of a file; progress and reason are those of the change. */
  update(path: string, change: Partial<ModelState> & Pick<ModelState, "state">): void;
  /** Marks a role as busy until the result is called, with the speed that was measured. */
  begin(role: ModelRole): (tokensPerSecond: number | undefined) => void;
  /** The process is gone: on purpose, or with a reason for people. */
  ended(reason: string | undefined): void;
}

/** Creates {@link RoleStates}. */
export function createRoleStates(): RoleStates {
  const changes = createEmitter<ModelState>();
  const byRole = new Map<ModelRole, ModelState>();
  const pathOfRole = new Map<ModelRole, string>();
  const running = new Map<ModelRole, number>();

  function set(state: ModelState): void {
    byRole.set(state.role, state);
    changes.emit(state);
  }

  return {
    changes,
    current: () => [...byRole.values()],
    of: (role) => byRole.get(role),
    set,
    uses: (role, path) => void pathOfRole.set(role, path),
    update(path, change) {
      for (const [role, used] of pathOfRole) {
        const before = byRole.get(role);
        if (used === path && before !== undefined) set({ ...before, progress: undefined, reason: undefined, ...change });
      }
    },
    begin(role) {
      running.set(role, (running.get(role) ?? 0) + 1);
      const before = byRole.get(role);
      if (before !== undefined) set({ ...before, state: "busy", progress: undefined, reason: undefined });
      return (tokensPerSecond) => {
        const left = (running.get(role) ?? 1) - 1;
        running.set(role, left);
        const state = byRole.get(role);
        // Whoever failed or was unloaded in the meantime has said so already.
        if (state?.state !== "busy") return;
        set({ ...state, state: left > 0 ? "busy" : "ready", tokensPerSecond: tokensPerSecond ?? state.tokensPerSecond });
      };
    },
    ended(reason) {
      for (const [role, { state, model }] of byRole) {
        if (state === "unloaded" || state === "failed") continue;
        set(reason === undefined ? { role, model, state: "unloaded" } : { role, model, state: "failed", reason });
      }
    },
  };
}
