import { readFile, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { UserError } from "#core/base/errors";
import type { Transcript } from "#core/contracts/sessions";
import { type ExportFormat, exportFormats, exportName, exportSessions } from "#core/history/export";
import { fromJson } from "#core/history/json";
import type { Redaction } from "#core/history/redact";
import { type Invocation, UsageError } from "../../command.ts";
import { bar, count } from "../../terminal.ts";
import { readFilters } from "./filters.ts";
import { completeId, most, type Scope, sessionJson } from "./scope.ts";

/** Options of commands that give sessions away or take them in. */
export const givingOptions = {
  format: { description: "For export: markdown, json, html or script", value: "FORMAT" },
  out: { description: "For export and share: the file to write, which must not exist", value: "FILE" },
  all: { description: "For export: everything the other options name, in place of ids" },
  "with-secrets": { description: "For export: leave in what looks like a password or key" },
} as const;

/** A file with more is no export of ours that a person made. */
const largestImport = 256_000_000;

/** Prints sessions in a form, or writes them to a file. */
export async function exportThem(invocation: Invocation, scope: Scope, ids: readonly string[]): Promise<undefined> {
  const format = exportFormats.find((one) => one === (invocation.value("format") ?? "json"));
  if (format === undefined) throw new UsageError(`--format is one of ${exportFormats.join(", ")}.`);
  if (invocation.has("all") === ids.length > 0) throw new UsageError(`${scope.command} export takes ids, or --all.`);
  const transcripts = ids.length > 0 ? await named(invocation, scope, ids) : await filtered(invocation, scope);
  const { text: content, found } = exportSessions(transcripts, format, { withSecrets: invocation.has("with-secrets") });
  const out = invocation.value("out");
  if (out !== undefined) await writeNew(out, content);
  noteFound(invocation, found);
  if (invocation.terminal.json) {
    invocation.terminal.printJson({
      sessions: transcripts.length,
      format,
      path: out === undefined ? null : resolve(out),
      text: out === undefined ? content : null,
      takenOut: found,
    });
  } else if (out === undefined) invocation.terminal.write(content);
  else invocation.terminal.print(`${count(transcripts.length, scope.noun)} written to ${out}.`);
}

/** Prints one as Markdown. */
export async function markdown(invocation: Invocation, scope: Scope, ids: readonly string[]): Promise<undefined> {
  if (ids.length !== 1) throw new UsageError(`${scope.command} markdown takes the id of one ${scope.noun}.`);
  const { text: content, found } = exportSessions(await named(invocation, scope, ids), "markdown");
  noteFound(invocation, found);
  if (invocation.terminal.json) invocation.terminal.printJson({ text: content, takenOut: found });
  else invocation.terminal.write(content);
}

/** Writes one page that can be sent to somebody; nothing is uploaded anywhere. */
export async function share(invocation: Invocation, scope: Scope, ids: readonly string[]): Promise<undefined> {
  if (ids.length !== 1) throw new UsageError(`${scope.command} share takes the id of one ${scope.noun}.`);
  const transcripts = await named(invocation, scope, ids);
  const out = invocation.value("out") ?? exportName((transcripts[0] as Transcript).session.title, "html");
  const format: ExportFormat =
    exportFormats.find((one) => out.endsWith(`.${{ markdown: "md", json: "json", html: "html", script: "sh" }[one]}`)) ?? "html";
  const { text: content, found } = exportSessions(transcripts, format);
  await writeNew(out, content);
  noteFound(invocation, found);
  if (invocation.terminal.json) invocation.terminal.printJson({ path: resolve(out), format, takenOut: found });
  else invocation.terminal.print(`Written to ${out}. It was sent nowhere: read it before you pass it on.`);
}

/** Takes in a JSON file that an export wrote. */
export async function importThem(invocation: Invocation, scope: Scope, files: readonly string[]): Promise<undefined> {
  const { client, input, signal, terminal } = invocation;
  const [file, ...rest] = files;
  if (file === undefined || rest.length > 0) throw new UsageError(`${scope.command} import takes one JSON file, or - for the input.`);
  const transcripts = fromJson(file === "-" ? await text(Readable.from(input)) : await readSmall(file));
  const { sessions } = await client();
  const added = [];
  const known = [];
  for (let start = 0; start < transcripts.length; start += most) {
    const part = await sessions.import({ transcripts: transcripts.slice(start, start + most) }, { signal });
    added.push(...part.added);
    known.push(...part.known);
  }
  if (terminal.json) terminal.printJson({ added: added.map(sessionJson), known: known.map(sessionJson) });
  else terminal.print(`${count(added.length, "session")} added${known.length > 0 ? `, ${known.length} were there already` : ""}.`);
}

/** Copies the whole history to a file while everything goes on. */
export async function backUp(invocation: Invocation, scope: Scope, files: readonly string[]): Promise<undefined> {
  const { client, signal, terminal } = invocation;
  const [file, ...rest] = files;
  if (file === undefined || rest.length > 0) throw new UsageError(`${scope.command} back-up takes the file to write.`);
  const path = resolve(file);
  for await (const { done } of await (await client()).sessions.backUp({ path }, { signal })) terminal.progress(bar(done));
  terminal.progress("");
  const bytes = (await stat(path)).size;
  if (terminal.json) terminal.printJson({ path, bytes });
  else terminal.print(`${file} holds the whole history, ${(bytes / 1e6).toFixed(1)} MB.`);
}

async function named(invocation: Invocation, scope: Scope, ids: readonly string[]): Promise<Transcript[]> {
  const { sessions } = await invocation.client();
  const found: Transcript[] = [];
  for (const id of ids) found.push(await sessions.show({ id: await completeId(invocation, scope, id) }, { signal: invocation.signal }));
  return found;
}

/** All that the options name, oldest first, however many there are. */
async function filtered(invocation: Invocation, scope: Scope): Promise<Transcript[]> {
  const { client, has, signal } = invocation;
  const { sessions } = await client();
  const filters = { ...(await readFilters(invocation, scope)), ...(!has("archived") && { archived: "with" as const }) };
  const ids = new Set<string>();
  let before: number | undefined;
  for (;;) {
    const part = await sessions.list({ ...filters, before, limit: most }, { signal });
    for (const { id } of part) ids.add(id);
    const last = part.at(-1);
    if (!last || part.length < most) break;
    // Several may have ended in the same millisecond: the last one is asked for again.
    before = last.updated + (before === last.updated + 1 ? 0 : 1);
  }
  const found: Transcript[] = [];
  for (const id of [...ids].reverse()) found.push(await sessions.show({ id }, { signal }));
  return found;
}

function noteFound({ terminal }: Invocation, found: readonly Redaction[]): void {
  if (found.length === 0) return;
  const list = found.map(({ what, count: times }) => (times === 1 ? `1 ${what}` : `${times} ${what}s`)).join(", ");
  terminal.note(`Taken out: ${list}. What does not look like a secret stays: read it before you pass it on.`);
}

async function writeNew(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") throw new UserError("ALREADY_EXISTS", `${file} exists already.`, "Name another file with --out.");
    if (code === "ENOSPC") throw new UserError("DISK_FULL", `There is no room for ${file}.`, "Free some space.");
    throw new UserError("NO_PERMISSION", `${file} cannot be written.`, "Name another file with --out.");
  }
}

async function readSmall(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > largestImport)
      throw new UserError("TOO_LARGE", `${file} has more than 256 MB.`, "Export fewer sessions at once.");
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError("NOT_FOUND", `${file} cannot be read.`, "Name a JSON file that an export wrote.");
  }
}
