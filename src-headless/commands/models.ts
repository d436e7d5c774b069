import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "#core/base/errors";
import type { Download, Model } from "#core/contracts/models";
import { formatBytes, formatSeconds } from "#core/models/format";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { bar, table } from "../terminal.ts";
import { calibrate } from "./calibrate.ts";

/** `localcoder models`: lists, gets, inspects and chooses models. */
export const models: Command = {
  name: "models",
  summary: "List, get, inspect and choose models",
  usage: [
    "models [list]",
    "models get ID [--accept-licence]",
    "models inspect FILE",
    "models use ID-or-FILE",
    "models calibrate [ID-or-FILE] [--show | --reset]",
  ],
  options: {
    "accept-licence": { description: "Accept a licence that forbids commercial use" },
    show: { description: "With calibrate: show what was found before" },
    reset: { description: "With calibrate: forget what was found before" },
  },
  examples: [
    ["localcoder models", "lists the models there are, and the recommended one"],
    ["localcoder models get qwen2.5-coder-1.5b-base", "downloads a model, or goes on with its download"],
    ["localcoder models use ~/models/coder.gguf", "uses a file that lies there already"],
    ["localcoder models calibrate", "finds the way to ask the model of ghost text that suits it best; takes some minutes"],
  ],
  async run(invocation) {
    const [action = "list", argument, ...rest] = invocation.positionals;
    if (action === "calibrate") {
      if (rest.length > 0 || (invocation.has("show") && invocation.has("reset"))) {
        throw new UsageError("models calibrate takes one model at most, and one of --show and --reset.");
      }
      return calibrate(invocation, argument);
    }
    const takesArgument = action !== "list";
    if (rest.length > 0 || (takesArgument ? argument === undefined : argument !== undefined)) {
      throw new UsageError(takesArgument ? `models ${action} takes one argument.` : "models list takes no arguments.");
    }
    switch (action) {
      case "list":
        return list(invocation);
      case "get":
        return get(invocation, argument as string);
      case "inspect":
        return inspect(invocation, argument as string);
      case "use":
        return use(invocation, argument as string);
      default:
        throw new UsageError(`models has no part called ${action}.`);
    }
  },
};

async function list({ terminal, client, signal }: Invocation): Promise<undefined> {
  const found = await (await client()).models.list(undefined, { signal });
  if (terminal.json) {
    terminal.printJson(found);
    return;
  }
  const rows = found.map((model) => [
    model.used.length > 0 ? "●" : model.recommended ? "○" : " ",
    model.id,
    formatBytes(model.file?.bytes ?? model.catalogue?.bytes ?? 0),
    model.state,
    model.used.length > 0 ? `used for ${model.used.join(", ")}` : (model.reason ?? (model.recommended ? "recommended" : "")),
  ]);
  for (const line of table(rows)) terminal.print(line.trimEnd());
  if (found.length === 0) terminal.note("No models were found.");
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
  // Leaving the stream does not end a download, so a stop has to pause it, which keeps what has arrived.
  const pause = () => void engine.models.pause({ id }).catch(() => {});
  signal.addEventListener("abort", pause, { once: true });
  let last: Download | undefined;
  try {
    for await (const state of await engine.models.get({ id, acceptLicence: true })) {
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

async function inspect({ terminal, client, signal }: Invocation, file: string): Promise<undefined> {
  const found = await (await client()).models.inspect({ path: resolve(file) }, { signal });
  if (terminal.json) {
    terminal.printJson([found]);
    return;
  }
  const rows = [
    ["Name", found.name],
    ["Architecture", found.architecture],
    ["Size", formatBytes(found.bytes)],
    ["Parameters", found.parameters === undefined ? "not stated" : `${found.parameters.toFixed(2)} billion`],
    ["Quantisation", found.quantisation ?? "not stated"],
    ["Context", found.contextLength === undefined ? "not stated" : `${found.contextLength} tokens`],
    ["Ghost text", found.fillInTheMiddle ? "yes" : "no: the vocabulary has no fill-in-the-middle tokens"],
    ["Chat template", found.chatTemplate ? "yes" : "no"],
  ];
  for (const line of table(rows)) terminal.print(line);
}

async function use(invocation: Invocation, model: string): Promise<undefined> {
  const engine = await invocation.client();
  const isFile = existsSync(model) || /[\\/]|\.gguf$/i.test(model);
  const chosen = await engine.models.use({ model: isFile ? resolve(model) : model }, { signal: invocation.signal });
  return show(invocation, chosen.id, `${chosen.name} is now used for ${chosen.used.join(", ")}.`);
}

async function show({ terminal, client }: Invocation, id: string, sentence: string): Promise<undefined> {
  const found: readonly Model[] = (await (await client()).models.list()).filter((model) => model.id === id);
  if (terminal.json) terminal.printJson(found);
  else terminal.note(sentence);
}
