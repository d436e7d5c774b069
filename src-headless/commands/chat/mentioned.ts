import { realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { UserError } from "#core/base/errors";
import { type Mention, mentionsOf } from "#core/chat/mentions";
import { isExcluded } from "#core/completion/exclusion";
import { isSecretFile } from "#core/context/exclusions";
import type { Attachment } from "#core/contracts/message-context";
import { splitLines } from "#core/edits/lines";
import type { Invocation } from "../../command.ts";
import { readDocument } from "../../document.ts";

/** UTF-16 units of a file that may be attached whole: more fits into no model that runs here. */
const longest = 1_000_000;
const mostFolderFiles = 400;

type Asking = Pick<Invocation, "client" | "signal">;

/** What a question that was typed at the terminal mentions, as the model is to be shown it. Every refusal is a UserError with its reason. */
export async function mentioned(invocation: Asking, text: string, workspace: string): Promise<Attachment[]> {
  const mentions = mentionsOf(text);
  if (mentions.length > 0) await (await invocation.client()).workspace.open({ path: workspace });
  const found: Attachment[] = [];
  for (const mention of mentions) found.push(await resolveMention(invocation, mention, workspace));
  return found;
}

async function resolveMention(invocation: Asking, mention: Mention, workspace: string): Promise<Attachment> {
  switch (mention.kind) {
    case "file": {
      const { from, to = from } = mention;
      const path = await findPlace(invocation, mention.name, workspace);
      return readFile(invocation, path, workspace, from === undefined || to === undefined ? undefined : { from, to });
    }
    case "folder":
      return listing(invocation, await findPlace(invocation, mention.name, workspace), workspace);
    case "symbol":
      return symbol(invocation, mention.name, workspace);
    case "changes": {
      const { workspace: files } = await invocation.client();
      const { diff } = await files.uncommitted({ path: workspace }, { signal: invocation.signal });
      if (diff === "") throw new UserError("NOT_FOUND", "There are no uncommitted changes.");
      return { kind: "changes", path: "", languageId: "diff", text: diff };
    }
    case "selection":
    case "problems":
      throw new UserError("UNSUPPORTED", `Only a window knows #${mention.kind}.`, "Name lines of a file: #file:src/cart.ts:3-9.");
  }
}

/** Where something in the project is that was named from the current folder, from the project's, or by its name alone. */
async function findPlace(invocation: Asking, name: string, workspace: string): Promise<string> {
  for (const base of [process.cwd(), workspace]) {
    const path = await realpath(resolve(base, name)).catch(() => undefined);
    if (path !== undefined) return inside(path, name, workspace);
  }
  const [found, another] = isAbsolute(name) ? [] : await filesIn(invocation, workspace, 2, `**/${name.replace(/[[\]{}*?]/g, "?")}`);
  if (found === undefined) throw new UserError("NOT_FOUND", `There is no ${name} in ${workspace}.`, "Check the path.");
  if (another !== undefined) throw new UserError("BAD_INPUT", `Several files are called ${name}: ${found}, ${another}.`, "Say the folder.");
  return inside(await realpath(join(workspace, found)), name, workspace);
}

function inside(path: string, name: string, workspace: string): string {
  const place = relative(workspace, path);
  if (place !== ".." && !place.startsWith(`..${sep}`) && !isAbsolute(place)) return path;
  throw new UserError("OUTSIDE_WORKSPACE", `${name} is outside of ${workspace}.`, "Start in the folder that it is in.");
}

async function readFile(
  { client }: Asking,
  path: string,
  workspace: string,
  lines?: { readonly from: number; readonly to: number },
): Promise<Attachment> {
  const name = nameOf(path, workspace);
  const { settings } = await (await client()).settings.read({ workspace });
  if (isSecretFile(basename(path)) || isExcluded(settings["localcoder.completion.exclude"], { path, workspace }, process.platform))
    throw new UserError("NO_PERMISSION", `${name} holds secrets or is excluded.`, "See localcoder.completion.exclude in the settings.");
  if ((await stat(path)).isDirectory()) throw new UserError("IS_A_DIRECTORY", `${name} is a folder.`, `Say #folder:${name}.`);
  const { text, languageId } = await readDocument(path);
  if (!lines) {
    if (text.length > longest)
      throw new UserError("TOO_LARGE", `${name} is too long for any model.`, `Name lines of it: #file:${name}:1-200.`);
    return { kind: "file", path: name, languageId, text };
  }
  const all = splitLines(text);
  if (lines.from > all.length) throw new UserError("POSITION_OUTSIDE_FILE", `${name} has ${all.length} lines, and no line ${lines.from}.`);
  const to = Math.min(lines.to, all.length);
  return {
    kind: "range",
    path: name,
    languageId,
    from: lines.from,
    to,
    text: all
      .slice(lines.from - 1, to)
      .join("")
      .trimEnd(),
  };
}

async function symbol(invocation: Asking, name: string, workspace: string): Promise<Attachment> {
  const { project } = await invocation.client();
  const named = (await project.symbols({ workspace, query: name }, { signal: invocation.signal })).filter((one) => one.name === name);
  const [one, ...others] = named;
  if (one === undefined) throw new UserError("NOT_FOUND", `Nothing in the project is called ${name}.`, "Check the name, or name a file.");
  if (others.length > 0) {
    const places = named.slice(0, 3).map(({ path, from, to }) => `#file:${path}:${from}-${to}`);
    throw new UserError("BAD_INPUT", `Several things are called ${name}.`, `Say which: ${places.join(" or ")}.`);
  }
  return { ...(await readFile(invocation, one.file, workspace, one)), kind: "symbol" };
}

async function listing(invocation: Asking, path: string, workspace: string): Promise<Attachment> {
  const name = nameOf(path, workspace);
  const found = await filesIn(invocation, path, mostFolderFiles + 1);
  if (found.length === 0) throw new UserError("NOT_FOUND", `${name} is no folder with files.`);
  const names = found.slice(0, mostFolderFiles).map((file) => (name === "" ? file : `${name}/${file}`));
  const isCut = found.length > mostFolderFiles;
  return {
    ...{ kind: "folder", path: name, text: names.sort().join("\n") },
    ...(isCut && { leftOut: `only the first ${mostFolderFiles} files` }),
  };
}

async function filesIn({ client, signal }: Asking, folder: string, limit: number, ...includes: string[]): Promise<string[]> {
  const found: string[] = [];
  const { search } = await client();
  for await (const batch of await search.files({ folder, includes, limit }, { signal })) found.push(...batch);
  return found.slice(0, limit);
}

function nameOf(path: string, workspace: string): string {
  return relative(workspace, path).replaceAll(sep, "/");
}
