import { type Command, type Invocation, UsageError } from "../../command.ts";
import { adapters } from "./adapters.ts";
import { bench } from "./bench.ts";
import { calibrate } from "./calibrate.ts";
import { get } from "./get.ts";
import { importModels } from "./import.ts";
import { inspect } from "./inspect.ts";
import { list, search } from "./list.ts";
import { searchHub } from "./search-hub.ts";
import { remove, unload, use } from "./use.ts";
import { verify } from "./verify.ts";

/** `localcoder models`: everything about models. */
export const models: Command = {
  name: "models",
  summary: "List, get, inspect, choose and measure models",
  usage: [
    "models [list]",
    "models search TEXT...",
    "models search --hub TEXT... | OWNER/NAME [--permit]",
    "models get ID [--accept-licence] [--anyway] [--to DIR]",
    "models import FILE-or-FOLDER",
    "models use ID-or-FILE [--role ROLE,...] [--folder DIR]",
    "models use ROLE --role ROLE,... [--folder DIR]",
    "models use --reset --folder DIR [--role ROLE,...]",
    "models unload [ID-or-FILE]",
    "models remove ID-or-FILE --yes",
    "models inspect ID-or-FILE [--header | --template]",
    "models verify ID-or-FILE",
    "models adapters ID-or-FILE [FILE... | --none | --reset] [--for completion|chat] [--folder DIR]",
    "models bench [ID-or-FILE]",
    "models calibrate [ID-or-FILE] [--show | --reset]",
  ],
  options: {
    hub: { description: "With search: ask the hub, for repositories with the words, or for the files of one" },
    permit: { description: "With search: permit the connection to the hub" },
    anyway: { description: "With get: also a model that has no room in this machine's memory" },
    "accept-licence": { description: "Accept a licence that forbids commercial use, or one of a model outside the catalogue" },
    to: { description: "With get: copy the model there as well, with a checksum file", value: "DIR" },
    role: { description: "With use: completion, code, general, router or embedding; several with commas", value: "ROLE" },
    folder: { description: "With use and adapters: for that folder and all below it alone", value: "DIR" },
    for: { description: "With adapters: for one use of the model, completion or chat", value: "USE" },
    yes: { description: "With remove: delete the file" },
    header: { description: "With inspect: all values of the head" },
    template: { description: "With inspect: the chat template and nothing else" },
    none: { description: "With adapters: load the model without any, in a folder although elsewhere it has some" },
    show: { description: "With calibrate: show what was found before" },
    reset: {
      description:
        "With calibrate: forget what was found before; with adapters: as if none had been chosen; with use --folder: the same models as elsewhere",
    },
  },
  examples: [
    ["localcoder models", "lists the models there are, and the recommended one"],
    ["localcoder models search qwen 1.5b", "lists those that have both words"],
    ["localcoder models search --hub qwen coder 3b", "lists repositories of the hub; with the name of one, its files"],
    ["localcoder models get someone/model-GGUF/model-q4_k_m.gguf", "downloads a file of the hub that the catalogue does not have"],
    ["localcoder models get qwen2.5-coder-1.5b-base", "downloads a model, or goes on with its download"],
    ["localcoder models get qwen2.5-coder-1.5b-base --to /media/stick", "takes it along, for a machine without a network"],
    ["localcoder models import /media/stick", "copies the models of a stick, each checked by the checksum file beside it"],
    ["localcoder models use ~/models/coder.gguf", "uses a file that lies there already"],
    ["localcoder models use qwen2.5-coder-0.5b-instruct --role completion", "uses a model for ghost text only"],
    ["localcoder models use completion --role code,general", "lets actions and explanations share the model of ghost text"],
    ["localcoder models use qwen2.5-coder-7b-instruct --role code --folder .", "uses a model for actions in this folder only"],
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
  search: {
    takes: [1, Number.POSITIVE_INFINITY],
    run: (invocation, words) => (invocation.has("hub") ? searchHub(invocation, words) : search(invocation, words)),
  },
  get: gets,
  // What others call it.
  pull: gets,
  import: { takes: [1, 1], run: (invocation, [path = ""]) => importModels(invocation, path) },
  use: { takes: [0, 1], run: (invocation, [model]) => use(invocation, model) },
  unload: { takes: [0, 1], run: (invocation, [model]) => unload(invocation, model) },
  remove: { takes: [1, 1], run: (invocation, [model = ""]) => remove(invocation, model) },
  inspect: { takes: [1, 1], run: (invocation, [model = ""]) => inspect(invocation, model) },
  adapters: { takes: [1, 9], run: (invocation, [model = "", ...files]) => adapters(invocation, model, files) },
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
  if (least === 0) return "one model at most";
  return most === Number.POSITIVE_INFINITY ? "one word at least" : `a model and at most ${most - 1} files`;
}
