import { describeError, UserError } from "#core/base/errors";
import { formatBytes } from "#core/models/format";
import { isRepositoryName } from "#core/models/hub-answers";
import type { Invocation } from "../../command.ts";
import { table } from "../../terminal.ts";

/** `models search --hub`: repositories of the hub that have the words, or the files of the one that is named. */
export async function searchHub(invocation: Invocation, words: readonly string[]): Promise<undefined> {
  try {
    const [only = ""] = words;
    if (words.length === 1 && isRepositoryName(only)) await files(invocation, only);
    else await repositories(invocation, words.join(" "));
  } catch (error) {
    const { code, message } = describeError(error);
    if (code !== "NO_PERMISSION") throw error;
    throw new UserError(code, message, "Add --permit when that is what you want; the network page lists every connection.");
  }
}

async function repositories({ terminal, client, signal, has }: Invocation, text: string): Promise<void> {
  const found = await (await client()).models.searchHub({ text, permit: has("permit") }, { signal });
  if (terminal.json) {
    terminal.printJson(found);
    return;
  }
  const rows = found.map(({ repository, downloads, gated, licence }) => [
    repository,
    licence ?? "licence not stated",
    downloads === undefined ? "" : `${downloads} downloads`,
    gated ? "wants a sign-in" : "",
  ]);
  for (const line of table(rows)) terminal.print(line.trimEnd());
  terminal.note(
    found.length === 0 ? `The hub has no model with "${text}".` : "See the files of one: localcoder models search --hub OWNER/NAME",
  );
}

async function files({ terminal, client, signal, has }: Invocation, repository: string): Promise<void> {
  const { files: found, leftOut } = await (await client()).models.hubFiles({ repository, permit: has("permit") }, { signal });
  if (terminal.json) {
    terminal.printJson(found);
    return;
  }
  const rows = found.map(({ id, bytes, sha256, licence }) => [
    id,
    formatBytes(bytes),
    licence.name ?? "licence not stated",
    sha256 === null ? "the hub states no SHA-256" : "",
  ]);
  for (const line of table(rows)) terminal.print(line.trimEnd());
  if (leftOut > 0) terminal.note(`${leftOut} more cannot be downloaded by themselves: parts of larger ones, or no models.`);
  terminal.note(found.length === 0 ? `${repository} has no model file.` : "Get one: localcoder models get OWNER/NAME/FILE.gguf");
}
