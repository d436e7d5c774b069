import { describeError, UserError } from "#core/base/errors";
import type { Download } from "#core/contracts/models";
import { formatBytes, formatSeconds } from "#core/models/format";
import { readHubId } from "#core/models/hub-answers";
import { describeHubHead } from "#core/models/hub-head";
import type { Invocation } from "../../command.ts";
import { bar } from "../../terminal.ts";
import { takeAlong } from "./take-along.ts";
import { show } from "./use.ts";

/** `models get`: downloads a model of the catalogue, or a file of the hub, and shows how far it is. */
export async function get(invocation: Invocation, id: string): Promise<undefined> {
  const { terminal, client, signal, has } = invocation;
  const engine = await client();
  const entry = (await wantedFile(invocation, id)) ?? (await catalogued(invocation, id));
  if (entry.objection !== undefined && !has("accept-licence")) {
    throw new UserError("BAD_INPUT", entry.objection, "Add --accept-licence when that is what you want.");
  }
  terminal.note(`${entry.name}, ${formatBytes(entry.bytes)}, licence ${entry.licence}`);
  for (const line of entry.known ?? []) terminal.note(line);
  terminal.note(`From ${(await engine.models.hub(undefined, { signal })).hosts.join(", ")}`);
  // Leaving the stream does not end a download, so a stop has to pause it, which keeps what has arrived.
  const pause = () => void engine.models.pause({ id }).catch(() => {});
  signal.addEventListener("abort", pause, { once: true });
  let last: Download | undefined;
  try {
    for await (const state of await engine.models.get({ id, acceptLicence: true, anyway: has("anyway") })) {
      last = state;
      terminal.progress(downloadLine(state));
    }
  } finally {
    signal.removeEventListener("abort", pause);
    terminal.progress("");
  }
  if (last?.state === "failed") {
    const { code = "DOWNLOAD_FAILED", message = "The download failed.", hint } = last.error ?? {};
    throw new UserError(code as UserError["code"], message, hint);
  }
  if (last?.state === "paused") {
    throw new UserError("STOPPED", "The download is paused.", `Go on with: localcoder models get ${id}`);
  }
  const folder = invocation.value("to");
  const path = last?.path;
  const found = (await engine.models.list(undefined, { signal })).find((model) => model.id === id || (path && model.file?.path === path));
  if (folder !== undefined && found?.file) await takeAlong(invocation, found.file.parts, folder);
  return show(invocation, found?.id ?? id, `${entry.name} is ready.`);
}

interface Wanted {
  readonly name: string;
  readonly bytes: number;
  readonly licence: string;
  /** Why its licence has to be accepted by word. */
  readonly objection?: string;
  /** What is known of a file that is not in the catalogue. */
  readonly known?: readonly string[];
}

async function catalogued({ client, signal }: Invocation, id: string): Promise<Wanted> {
  const entry = (await (await client()).models.list(undefined, { signal })).find((model) => model.id === id)?.catalogue;
  if (entry === undefined) throw new UserError("NOT_FOUND", `There is no model ${id} in the catalogue.`, "See localcoder models list.");
  const { name, bytes, licence } = entry;
  const said = `${licence.name} (${licence.url})`;
  return { name, bytes, licence: said, ...(!licence.commercial && { objection: `${name} may not be used commercially: ${said}.` }) };
}

/** A file of the hub by OWNER/NAME/FILE.gguf; undefined for ids of the catalogue. */
async function wantedFile({ client, signal }: Invocation, id: string): Promise<Wanted | undefined> {
  const wanted = readHubId(id);
  if (!wanted) return undefined;
  // To name a file of a repository is to ask for it there.
  const engine = await client();
  const { files } = await engine.models.hubFiles({ repository: wanted.repository, permit: true }, { signal });
  const found = files.find((file) => file.id === id);
  if (!found) {
    throw new UserError(
      "NOT_FOUND",
      `${wanted.repository} has no file ${wanted.path} that could be downloaded by itself.`,
      `See localcoder models search --hub ${wanted.repository}.`,
    );
  }
  const { name, bytes, licence } = found;
  const said = `${licence.name ?? "not stated"} (${licence.url})`;
  const known = await knownOf(engine, id, signal);
  return { name, known, bytes, licence: said, objection: `${name} is not in the catalogue. Its licence is ${said}: read it first.` };
}

/** What the head of a file of the hub says; why it could not be read where that is so. */
async function knownOf(engine: Awaited<ReturnType<Invocation["client"]>>, id: string, signal: AbortSignal): Promise<string[]> {
  try {
    const head = await engine.models.hubHead({ id }, { signal });
    return [describeHubHead(head), ...(head.fits ? [] : ["That is more than models may take here."])];
  } catch (error) {
    return [`What it takes in memory is not known before it is here: ${describeError(error).message}`];
  }
}

function downloadLine({ state, received, bytes, speed, secondsLeft }: Download): string {
  switch (state) {
    case "downloading":
    case "waiting":
    case "paused": {
      const left = secondsLeft === null ? "" : ` · ${formatSeconds(secondsLeft)} left`;
      return `${bar(bytes === 0 ? 0 : received / bytes)} · ${formatBytes(received)} of ${formatBytes(bytes)} · ${formatBytes(speed)}/s${left}`;
    }
    case "verifying":
      return "Checking the file";
    case "testing":
      return "Trying the model";
    default:
      return "";
  }
}
