import { resolve } from "node:path";
import { type ModelRole, modelRole } from "#core/contracts/common";
import type { Model } from "#core/contracts/models";
import { type Invocation, UsageError } from "../../command.ts";
import { modelNamed } from "./named.ts";

/** `models use`: chooses a model for the roles it suits, or for those that are named; everywhere, or in one folder alone. */
export async function use(invocation: Invocation, named: string | undefined): Promise<undefined> {
  const { client, signal, value } = invocation;
  const roles = rolesOf(value("role"));
  const given = value("folder");
  const folder = given === undefined ? undefined : resolve(given);
  if (invocation.has("reset")) {
    if (folder === undefined || named !== undefined) throw new UsageError("models use --reset takes --folder DIR and no model.");
    return leave(invocation, folder, roles);
  }
  if (named === undefined) throw new UsageError("models use takes a model.");
  const chosen = await (await client()).models.use({ model: modelNamed(named), ...(roles && { roles }), folder }, { signal });
  const place = folder === undefined ? "" : `, in ${folder} only`;
  return show(invocation, chosen.id, `${chosen.name} is now used for ${chosen.used.join(", ")}${place}.`);
}

/** Takes back what was chosen for a folder alone. */
async function leave({ client, signal, terminal }: Invocation, folder: string, roles: ModelRole[] = []): Promise<undefined> {
  const { models } = await client();
  for (const role of roles.length > 0 ? roles : [undefined]) await models.leaveFolderChoice({ folder, role }, { signal });
  if (terminal.json) terminal.printJson([]);
  else terminal.note(`In ${folder} the same models are used as elsewhere.`);
}

function rolesOf(text: string | undefined): ModelRole[] | undefined {
  return text?.split(",").map((name) => {
    const role = modelRole.safeParse(name.trim());
    if (role.success) return role.data;
    throw new UsageError(`There is no role ${name}; there are ${modelRole.options.join(", ")}.`);
  });
}

/** `models unload`: frees the memory of one model or of all. */
export async function unload({ client, signal, terminal }: Invocation, named: string | undefined): Promise<undefined> {
  await (await client()).models.unload(named === undefined ? undefined : { model: modelNamed(named) }, { signal });
  if (terminal.json) terminal.printJson([]);
  else terminal.note(named === undefined ? "No model is in memory now." : `${named} is not in memory now.`);
}

/** `models remove`: deletes a file that LocalCoder downloaded, once that was said twice. */
export async function remove(invocation: Invocation, named: string): Promise<undefined> {
  const { terminal, client, signal, has } = invocation;
  const model = modelNamed(named);
  const { models } = await client();
  const found = (await models.list(undefined, { signal })).find(({ id, file }) => id === model || file?.path === model);
  if (!has("yes")) {
    throw new UsageError(`This deletes ${found?.file?.path ?? named}. Add --yes when that is what you want.`);
  }
  await models.remove({ id: model }, { signal });
  if (terminal.json) terminal.printJson(found ? [found] : []);
  else terminal.note(`${found?.name ?? named} is deleted.`);
}

/** Prints what has become of a model: for people as a sentence. */
export async function show({ terminal, client }: Invocation, id: string, sentence: string): Promise<undefined> {
  const found: readonly Model[] = (await (await client()).models.list()).filter((model) => model.id === id);
  if (terminal.json) terminal.printJson(found);
  else terminal.note(sentence);
}
