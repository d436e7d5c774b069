import { test as base, type OpenOptions, ready, type Workbench } from "./launch.ts";
import { type Script, type ScriptedOwner, type ScriptedOwnerOptions, startScriptedOwner } from "./scripted-owner.ts";

export { expect, focusEditor, openFile, runCommand } from "./launch.ts";

interface Fixtures {
  /** Opens a workbench whose model says what the script says, in both faces. */
  readonly openScripted: (script: Script, options?: OpenOptions & Pick<ScriptedOwnerOptions, "prepare">) => Promise<Workbench>;
}

/** Playwright's test with a workbench on a data folder whose owner has a scripted model. */
export const test = base.extend<Fixtures>({
  openScripted: async ({ open }, use) => {
    const owners: ScriptedOwner[] = [];
    await use(async (script, { settings, environment, firstRun, prepare, ...options } = {}) => {
      const owner = await startScriptedOwner(script, { settings, environment, firstRun, prepare });
      owners.push(owner);
      const workbench = await open({ ...options, environment: owner.environment });
      await ready(workbench.page);
      return workbench;
    });
    for (const owner of owners) await owner.close();
  },
});
