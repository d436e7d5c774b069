import { UserError } from "#core/base/errors";
import type { Download } from "#core/contracts/models";
import { formatBytes, formatSeconds } from "#core/models/format";
import { type Command, type Invocation, UsageError } from "../../command.ts";
import { bar } from "../../terminal.ts";
import { bench } from "./bench.ts";
import { calibrate } from "./calibrate.ts";
import { importModels } from "./import.ts";
import { inspect } from "./inspect.ts";
import { list, search } from "./list.ts";
import { takeAlong } from "./take-along.ts";
import { remove, show, unload, use } from "./use.ts";
import { verify } from "./verify.ts";

/** `localcoder models`: everything about models. */
export const models: Command = {
  name: "models",
  summary: "List, get, inspect, choose and measure models",
  usage: [
    "models [list]",
    "models search TEXT...",
    "models get ID [--accept-licence] [--anyway] [--to DIR]",
    "models import FILE-or-FOLDER",
    "models use ID-or-FILE [--role ROLE,...]",
    "models use ROLE --role ROLE,...",
    "models unload [ID-or-FILE]",
    "models remove ID-or-FILE --yes",
    "models inspect ID-or-FILE [--header | --template]",
    "models verify ID-or-FILE",
    "models bench [ID-or-FILE]",
    "models calibrate [ID-or-FILE] [--show | --reset]",
  ],
  options: {
    anyway: { description: "With get: also a model that has no room in this machine's memory" },
    "accept-licence": { description: "Accept a licence that forbids commercial use" },
    to: { description: "With get: copy the model there as well, with a checksum file", value: "DIR" },
    role: { description: "With use: completion, code, general, router or embedding; several with commas", value: "ROLE" },
    yes: { description: "With remove: delete the file" },
    header: { description: "With inspect: all values of the head" },
    template: { description: "With inspect: the chat template and nothing else" },
    show: { description: "With calibrate: show what was found before" },
    reset: { description: "With calibrate: forget what was found before" },
  },
  examples: [
    ["localcoder models", "lists the models there are, and the recommended one"],
    ["localcoder models search qwen 1.5b", "lists those that have both words"],
    ["localcoder models get qwen2.5-coder-1.5b-base", "downloads a model, or goes on with its download"],
    ["localcoder models get qwen2.5-coder-1.5b-base --to /media/stick", "takes it along, for a machine without a network"],
    ["localcoder models import /media/stick", "copies the models of a stick, each checked by the checksum file beside it"],
    ["localcoder models use ~/models/coder.gguf", "uses a file that lies there already"],
    ["localcoder models use qwen2.5-coder-0.5b-instruct --role completion", "uses a model for ghost text only"],
    ["localcoder models use completion --role code,general", "lets actions and explanations share the model of ghost text"],
    ["localcoder models bench", "measures the model of ghost text: load, first token, reading and writing"],
    ["localcoder models calibrate", "finds the way to ask the model of ghost text that suits it best; takes some minutes"],
  ],
  async run(invocation) {
    const [action = "list", ...rest] = invocation.positionals;
    const part = parts[action];
    if (part === undefined) throw new UsageError(`models has no part called ${action}.`);
    const [least, most] = part.takes;
    if (rest.length < least || rest.length > most) throw new UsageError(`models ${action} takes ${amounts(least, most)}.`);
    return part.run(invocation, rest);
  },
};

interface Part {
  /** How many arguments, at least and at most. */
  readonly takes: readonly [number, number];
  run(invocation: Invocation, rest: readonly string[]): Promise<undefined>;
}

const gets: Part = { takes: [1, 1], run: (invocation, [id = ""]) => get(invocation, id) };

const parts: Readonly<Record<string, Part>> = {
  list: { takes: [0, 0], run: list },
  search: { takes: [1, Number.POSITIVE_INFINITY], run: search },
  get: gets,
  // What others call it.
  pull: gets,
  import: { takes: [1, 1], run: (invocation, [path = ""]) => importModels(invocation, path) },
  use: { takes: [1, 1], run: (invocation, [model = ""]) => use(invocation, model) },
  unload: { takes: [0, 1], run: (invocation, [model]) => unload(invocation, model) },
  remove: { takes: [1, 1], run: (invocation, [model = ""]) => remove(invocation, model) },
  inspect: { takes: [1, 1], run: (invocation, [model = ""]) => inspect(invocation, model) },
  verify: { takes: [1, 1], run: (invocation, [model = ""]) => verify(invocation, model) },
  bench: { takes: [0, 1], run: (invocation, [model]) => bench(invocation, model) },
  calibrate: {
    takes: [0, 1],
    run(invocation, [model]) {
      if (invocation.has("show") && invocation.has("reset")) throw new UsageError("models calibrate takes one of --show and --reset.");
      return calibrate(invocation, model);
    },
  },
};

function amounts(least: number, most: number): string {
  if (most === 0) return "no arguments";
  if (least === most) return "one argument";
  return least === 0 ? "one model at most" : "one word at least";
}

async function get(invocation: Invocation, id: string): Promise<undefined> {
  const { terminal, client, signal, has } = invocation;
  const engine = await client();
  const entry = (await engine.models.list(undefined, { signal })).find((model) => model.id === id)?.catalogue;
  if (entry === undefined) throw new UserError("NOT_FOUND", `There is no model ${id} in the catalogue.`, "See localcoder models list.");
  const { licence } = entry;
  if (!licence.commercial && !has("accept-licence")) {
    throw new UserError(
      "BAD_INPUT",
      `${entry.name} may not be used commercially (${licence.name}, ${licence.url}).`,
      "Add --accept-licence when that is what you want.",
    );
  }
  terminal.note(`${entry.name}, ${formatBytes(entry.bytes)}, licence ${licence.name} (${licence.url})`);
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
  const file = folder === undefined ? undefined : (await engine.models.list(undefined, { signal })).find((model) => model.id === id)?.file;
  if (folder !== undefined && file) await takeAlong(invocation, file.parts, folder);
  return show(invocation, id, `${entry.name} is ready.`);
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
