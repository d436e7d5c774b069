import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { adapterUses } from "../models/adapter-file.ts";
import { absolutePath, modelRole, provider, secretPlace, timestamp } from "./common.ts";
import { generateEvent, infillLayout } from "./inference.ts";
import { networkPermit } from "./network.ts";

/** A licence as it is shown before a download. */
export const licence = z.object({ name: z.string(), url: z.string(), commercial: z.boolean() });

/** How large the parts of a model are that decide what it takes in memory beside its weights. */
export const modelDimensions = z.object({
  embedding: z.number().int().positive(),
  feedForward: z.number().int().positive(),
  /** Tokens of the vocabulary. */
  vocabulary: z.number().int().positive(),
  /** Rules by which texts become tokens, where the vocabulary has such. */
  merges: z.number().int().nonnegative().default(0),
});
/** See {@link modelDimensions}. */
export type ModelDimensions = z.infer<typeof modelDimensions>;

/** One file of the catalogue (resources/models.json). */
export const catalogueEntry = z.object({
  id: z.string(),
  name: z.string(),
  family: z.string(),
  /** Billions of parameters. */
  parameters: z.number(),
  quantisation: z.string(),
  bytes: z.number().int().positive(),
  /** True where `bytes` is an estimate; the hub states the size when the download starts. */
  bytesEstimated: z.boolean().default(false),
  /** Lower-case hex; null where it is not known, and then the hash the hub states is taken and shown as such. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /** Who says so: the file itself, whose hash was computed, or the hub, which stated it for that commit. */
  hashFrom: z.enum(["file", "hub"]).optional(),
  licence,
  repository: z.string(),
  /** The commit the size and hash were taken from, so that a file replaced at the hub does not break the download. */
  revision: z.string().default("main"),
  file: z.string(),
  roles: z.array(modelRole),
  kind: z.enum(["base", "instruct"]),
  contextLength: z.number().int(),
  /** Bytes of KV cache (f16) per token of context. */
  keyValueBytesPerToken: z.number().int(),
  architecture: z.string(),
  dimensions: modelDimensions,
  /** Texts of the tokens by which it fills in; they are looked up in the vocabulary of the file, never guessed from a name. */
  fillInTokens: z.object({ prefix: z.string(), suffix: z.string(), middle: z.string().optional() }).optional(),
  /** Where the template of conversations comes from: the file, or there is none, as in base models that only go on. */
  chatTemplate: z.enum(["file", "none"]),
  /** Listed, but never recommended (a licence that forbids ordinary use). */
  listedOnly: z.boolean().default(false),
});
/** See {@link catalogueEntry}. */
export type CatalogueEntry = z.infer<typeof catalogueEntry>;

/** What a download needs to know of a file: an entry of the catalogue, or what the hub says of one of its own. */
export const downloadable = catalogueEntry
  .pick({
    id: true,
    name: true,
    bytes: true,
    bytesEstimated: true,
    sha256: true,
    repository: true,
    revision: true,
    file: true,
    roles: true,
  })
  .extend({
    /** Where a file that is not of the catalogue lies in its repository. */
    path: z.string().optional(),
  });
/** See {@link downloadable}. */
export type Downloadable = z.infer<typeof downloadable>;

/** A repository of the hub with model files. */
export const hubRepository = z.object({
  repository: z.string(),
  downloads: z.number().optional(),
  /** True where its terms have to be accepted at the hub first. */
  gated: z.boolean(),
  licence: z.string().optional(),
});
/** See {@link hubRepository}. */
export type HubRepository = z.infer<typeof hubRepository>;

/** A model file of the hub. */
export const hubFile = z.object({
  /** What a download is asked for by. */
  id: z.string(),
  name: z.string(),
  bytes: z.number().int(),
  /** As the hub states it; null where it does not. */
  sha256: z.string().nullable(),
  gated: z.boolean(),
  /** The name is missing where the hub says none. */
  licence: z.object({ name: z.string().optional(), url: z.string() }),
});
/** See {@link hubFile}. */
export type HubFile = z.infer<typeof hubFile>;

/** What the head of a file of the hub says, read before the file is downloaded, and what it means on this machine. */
export const hubHead = z.object({
  architecture: z.string(),
  /** Billions. */
  parameters: z.number().optional(),
  quantisation: z.string().optional(),
  contextLength: z.number().int().optional(),
  /** What it suits; none for a model that can neither fill in nor chat nor give vectors. */
  roles: z.array(modelRole),
  /** Bytes it would take with `contextSize` tokens of context, and bytes models may take. */
  memory: z.number().int(),
  contextSize: z.number().int(),
  budget: z.number().int(),
  fits: z.boolean(),
});
/** See {@link hubHead}. */
export type HubHead = z.infer<typeof hubHead>;

/** The model files of a repository, and how many more there are that cannot be downloaded by themselves. */
export const hubFiles = z.object({ files: z.array(hubFile), leftOut: z.number().int() });
/** See {@link hubFiles}. */
export type HubFiles = z.infer<typeof hubFiles>;

/** What a GGUF header says, read without loading the model. */
export const modelFile = z.object({
  path: absolutePath,
  name: z.string(),
  /** What its makers call the family, where they do. */
  family: z.string().optional(),
  architecture: z.string(),
  bytes: z.number().int(),
  /** Billions of parameters, counted from the tensors. */
  parameters: z.number().optional(),
  quantisation: z.string().optional(),
  contextLength: z.number().int().optional(),
  keyValueBytesPerToken: z.number().int().optional(),
  dimensions: modelDimensions.optional(),
  /** Bytes of weights that a processor packs anew, beside the copy in the file. */
  repackedBytes: z.number().int().default(0),
  /** Bytes of the weights of each layer, and of what turns the last one into tokens; none where that is not known. */
  layerBytes: z.array(z.number().int()).default([]),
  outputBytes: z.number().int().default(0),
  /** True when the vocabulary has fill-in-the-middle tokens. */
  fillInTheMiddle: z.boolean(),
  /** Those texts for filling in that are tokens of its vocabulary. */
  fillInTokens: z.array(z.string()).default([]),
  chatTemplate: z.boolean(),
  /** Every part, for a model split over several files. */
  parts: z.array(z.string()),
});
/** See {@link modelFile}. */
export type ModelFile = z.infer<typeof modelFile>;

/** What the head of an adapter's file says (LoRA): it changes what a model of one kind writes. */
export const adapterFile = z.object({
  path: absolutePath,
  name: z.string(),
  /** The kind of models it is for. */
  architecture: z.string(),
  /** How wide the layers are that it is for, and how many there are at least. */
  width: z.number().optional(),
  layers: z.number().int(),
  bytes: z.number().int(),
});
/** See {@link adapterFile}. */
export type AdapterFile = z.infer<typeof adapterFile>;

/** A model beside the recommended one, with the memory it is expected to take. */
export const neighbour = z.object({
  id: z.string(),
  name: z.string(),
  bytes: z.number().int(),
  memory: z.number().int(),
  /**
   * What stands against it here: too little memory, no graphics card that would make it quick enough for ghost text, or a processor on
   * which it would write slower than people read.
   */
  obstacle: z.enum(["memory", "graphics", "processor"]).optional(),
  /** Tokens a second that the processor is expected to write with it, where that is the obstacle. */
  writing: z.number().optional(),
});
/** See {@link neighbour}. */
export type Neighbour = z.infer<typeof neighbour>;

/** How quick a model was on this machine when it was first loaded. */
export const modelSpeed = z.object({
  /** Tokens a second. */
  reading: z.number(),
  writing: z.number(),
  /** Writing with guesses from the prompt what repeats much of it; missing where that was not measured. */
  guessing: z.number().optional(),
  backend: z.string(),
  at: timestamp,
});
/** See {@link modelSpeed}. */
export type ModelSpeed = z.infer<typeof modelSpeed>;

/** A model the user can see: in the catalogue, on the disk, or both. */
export const model = z.object({
  /** The catalogue id, or the path of a file that is not in the catalogue. */
  id: z.string(),
  name: z.string(),
  catalogue: catalogueEntry.optional(),
  file: modelFile.optional(),
  /** Size of a file whose head is still to be read. */
  bytes: z.number().int().optional(),
  /** Where the file was found: our own folder, another tool's, or chosen by the user. */
  source: z.enum([
    "catalogue",
    "localcoder",
    "ollama",
    "lm-studio",
    "jan",
    "hugging-face",
    "llama.cpp",
    "gpt4all",
    "models-dir",
    "chosen",
    "server",
    "hub",
  ]),
  /** Where it runs, when that is not here: its weights are the server's. */
  server: z
    .object({ address: z.string(), title: z.string(), place: z.enum(["here", "beyond"]), bytes: z.number().int().optional() })
    .optional(),
  state: z.enum(["available", "downloading", "paused", "reading", "ready", "damaged"]),
  roles: z.array(modelRole),
  /** Roles this model is chosen for. */
  used: z.array(modelRole),
  /** Those of them for which it was chosen in the folder that was asked for alone. */
  usedInFolder: z.array(modelRole).optional(),
  recommended: z.boolean(),
  /** What for; missing where it is not. */
  recommendedFor: z.array(modelRole).optional(),
  /** Why it is recommended, or what is wrong with it; one sentence. */
  reason: z.string().optional(),
  /** Of a recommended one: what is smaller and faster, and what is bigger and better. */
  smaller: neighbour.optional(),
  bigger: neighbour.optional(),
  /** Missing until it was loaded once. */
  speed: modelSpeed.optional(),
  /** Bytes it is estimated to take now; missing while it is not in memory. */
  inMemory: z.number().int().optional(),
  /** Bytes of the adapters it is loaded with, which count beside its own. */
  adapterBytes: z.number().int().optional(),
  /** True for a file of ours, which may be deleted. */
  deletable: z.boolean().optional(),
});
/** See {@link model}. */
export type Model = z.infer<typeof model>;

/** How a download stands. */
export const download = z.object({
  id: z.string(),
  name: z.string().optional(),
  state: z.enum(["waiting", "downloading", "paused", "verifying", "testing", "done", "failed"]),
  received: z.number().int(),
  bytes: z.number().int(),
  /** Bytes a second over the last seconds. */
  speed: z.number(),
  secondsLeft: z.number().nullable(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
  path: z.string().optional(),
  /** Where the expected SHA-256 came from. */
  hashFrom: z.enum(["catalogue", "hub", "none"]).optional(),
});
/** See {@link download}. */
export type Download = z.infer<typeof download>;

/** Everything the head of a GGUF file says, for somebody who looks into it. */
export const modelHeader = z.object({
  version: z.number().int(),
  tensors: z.number().int(),
  /** Values as text, long ones cut, lists by their length. */
  values: z.array(z.object({ key: z.string(), text: z.string() })),
  template: z.string().optional(),
  specialTokens: z.array(z.object({ name: z.string(), id: z.number(), text: z.string().optional() })),
  /** What was looked at in the vocabulary, each as a sentence. */
  checks: z.array(z.object({ passed: z.boolean(), text: z.string() })),
  /** The adapters it is loaded with, the same way. */
  adapters: z.array(z.object({ passed: z.boolean(), text: z.string() })).default([]),
});
/** See {@link modelHeader}. */
export type ModelHeader = z.infer<typeof modelHeader>;

/** What reading a whole file for its SHA-256 came to; `matches` is missing where nothing says what it should be. */
export const verification = z.object({
  path: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  expected: z.string().optional(),
  /** Who says what it should be: the catalogue, the name of the file, a checksum file beside it, or nobody. */
  expectedFrom: z.enum(["catalogue", "name", "checksum-file", "nobody"]),
  matches: z.boolean().optional(),
});
/** See {@link verification}. */
export type Verification = z.infer<typeof verification>;

/** Bytes read of all, then what it came to. */
export const verificationEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), read: z.number(), bytes: z.number() }),
  z.object({ type: z.literal("done"), verification }),
]);
/** See {@link verificationEvent}. */
export type VerificationEvent = z.infer<typeof verificationEvent>;

/** How quick a model is here. Times in milliseconds, speeds in tokens a second. */
export const modelBench = z.object({
  id: z.string(),
  model: z.string(),
  path: z.string(),
  backend: z.string(),
  threads: z.number().int(),
  /** Until the model could be asked, the process that runs it included. */
  loadMilliseconds: z.number(),
  /** Until the first token of a prompt that nothing was known of, and of the same prompt once more. */
  firstTokenMilliseconds: z.object({ cold: z.number(), warm: z.number() }),
  promptTokens: z.number().int(),
  promptTokensPerSecond: z.number(),
  tokensPerSecond: z.number(),
});
/** See {@link modelBench}. */
export type ModelBench = z.infer<typeof modelBench>;

/** What is being measured, then what it came to. */
export const modelBenchEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("step"), step: z.enum(["loading", "reading", "writing"]) }),
  z.object({ type: z.literal("done"), bench: modelBench }),
]);
/** See {@link modelBenchEvent}. */
export type ModelBenchEvent = z.infer<typeof modelBenchEvent>;

/** What the model is doing now: drives the status bar. */
export const modelState = z.object({
  role: modelRole,
  state: z.enum(["no-model", "unloaded", "loading", "ready", "busy", "failed"]),
  model: z.string().optional(),
  /** 0 to 1 while loading. */
  progress: z.number().optional(),
  /** Tokens a second of the running or last answer. */
  tokensPerSecond: z.number().optional(),
  backend: z.string().optional(),
  provider: provider.optional(),
  reason: z.string().optional(),
});
/** See {@link modelState}. */
export type ModelState = z.infer<typeof modelState>;

/** What the machine is; shown by `doctor` and on the wizard's first page. */
export const machine = z.object({
  system: z.object({ platform: z.string(), release: z.string(), architecture: z.string() }),
  cpu: z.object({
    model: z.string(),
    cores: z.number().int(),
    threads: z.number().int(),
    /** Where the processor has quick and sparing cores: how many of each. */
    performance: z.number().int().optional(),
    efficiency: z.number().int().optional(),
  }),
  memory: z.object({ total: z.number().int(), free: z.number().int() }),
  gpu: z.array(z.object({ name: z.string(), memory: z.number().int().optional(), unified: z.boolean(), driver: z.string().optional() })),
  /** What runs models: metal, cuda, vulkan or cpu, and, in the order in which they were tried, why nothing better. */
  backend: z.object({ name: z.string(), tried: z.array(z.object({ name: z.string(), result: z.string() })) }),
  disk: z.object({ path: z.string(), free: z.number().int() }),
  models: z.array(
    z.object({
      id: z.string(),
      path: z.string(),
      bytes: z.number().int(),
      source: z.string(),
      name: z.string(),
      quantisation: z.string().optional(),
      contextLength: z.number().int().optional(),
      roles: z.array(modelRole),
      speed: modelSpeed.optional(),
    }),
  ),
  /** What would run well, by role, with the memory it is expected to take. */
  recommended: z.array(
    z.object({
      role: modelRole,
      id: z.string(),
      name: z.string(),
      bytes: z.number().int(),
      memory: z.number().int(),
      present: z.boolean(),
      smaller: neighbour.optional(),
      bigger: neighbour.optional(),
    }),
  ),
  problems: z.array(z.object({ message: z.string(), hint: z.string() })),
});
/** See {@link machine}. */
export type Machine = z.infer<typeof machine>;

/** What trying the layouts of a model's prompts for ghost text came to. */
export const calibration = z.object({
  /** The layout that is used from now on. */
  layout: infillLayout,
  /** Holes that each layout was tried on. */
  holes: z.number().int(),
  scores: z.array(
    z.object({
      layout: infillLayout,
      /** Holes whose line was written exactly. */
      exact: z.number().int(),
      /** Mean likeness of what was written to what was right, 0 to 1. */
      similarity: z.number().min(0).max(1),
    }),
  ),
  at: timestamp,
});
/** See {@link calibration}. */
export type Calibration = z.infer<typeof calibration>;

/** How trying stands: holes done of all, then what it came to. */
export const calibrationEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), layout: infillLayout, done: z.number().int(), total: z.number().int() }),
  z.object({ type: z.literal("done"), calibration }),
]);
/** See {@link calibrationEvent}. */
export type CalibrationEvent = z.infer<typeof calibrationEvent>;

/** How taking models over from a folder or a stick stands: file by file. */
export const importEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), file: z.string(), read: z.number(), bytes: z.number() }),
  z.object({
    type: z.literal("done"),
    file: z.string(),
    path: z.string(),
    bytes: z.number(),
    /** What its SHA-256 was compared with. */
    expectedFrom: verification.shape.expectedFrom,
    /** True where it was here already and was left as it is. */
    present: z.boolean(),
  }),
  /** One of several that is not what it should be; the stream fails with its reason at the end. */
  z.object({ type: z.literal("refused"), file: z.string(), message: z.string() }),
]);
/** See {@link importEvent}. */
export type ImportEvent = z.infer<typeof importEvent>;

/** The token for models that want a sign-in: where it is, and a sentence about it. */
export const hubAccess = z.object({ token: secretPlace, note: z.string().optional() });
/** See {@link hubAccess}. */
export type HubAccess = z.infer<typeof hubAccess>;

/** A model by its id or file; the one ghost text uses where it is left out. */
const modelForGhostText = z.object({ model: z.string().max(32_768).optional() });

/** A model by its catalogue id or file. */
const namedModel = z.object({ model: z.string().max(32_768) });

/** A role's model that holds in a folder and all below it alone. */
const folderModel = z.object({ folder: z.string(), role: modelRole, model: z.string() });

/** Adapters as settings tell them of a model: for one of its uses, or for one folder and all below it; else for all. */
const adapterList = z.object({
  model: z.string(),
  use: z.enum(adapterUses).optional(),
  folder: z.string().optional(),
  files: z.array(z.string()),
});
/** See {@link adapterList}. */
export type AdapterList = z.infer<typeof adapterList>;

/** What was chosen for a folder, or for one around it, and holds nowhere else. `folder` is the one asked for, with links followed. */
export const folderChoices = z.object({ folder: z.string(), models: z.array(folderModel), adapters: z.array(adapterList) });
/** See {@link folderChoices}. */
export type FolderChoices = z.infer<typeof folderChoices>;

/** A model that turned out too slow here for a role, and the next smaller one. */
export const slowModel = z.object({
  role: modelRole,
  id: z.string(),
  /** What was measured and what it means, one sentence. */
  reason: z.string(),
  smaller: z.object({ id: z.string(), name: z.string(), bytes: z.number().int(), present: z.boolean() }),
});
/** See {@link slowModel}. */
export type SlowModel = z.infer<typeof slowModel>;

/** Models: what there is, what fits, getting one, and choosing it. */
export const modelsContract = {
  /**
   * With a glance it answers before the heads of new files are read; those models are "reading", and the next list has them. With a
   * folder it says what serves there.
   */
  list: oc.input(z.object({ glance: z.boolean(), folder: absolutePath }).partial().optional()).output(z.array(model)),
  /** Looks at the machine; takes up to some seconds because back ends are tried in a process of their own. */
  machine: oc.output(machine),
  inspect: oc.input(z.object({ path: absolutePath })).output(modelFile),
  /** The whole head of a file with a check of its vocabulary. */
  header: oc.input(namedModel).output(modelHeader),
  /** Reads the whole file for its SHA-256 and compares it with what it should be. */
  verify: oc.input(namedModel).output(eventIterator(verificationEvent)),
  /** Loads the model anew and measures it; the one of ghost text where it is left out. */
  bench: oc.input(namedModel.partial()).output(eventIterator(modelBenchEvent)),
  /** Starts or resumes a download, of a model of the catalogue or a file of the hub, and streams its state until it is done, failed or paused. Closing the stream does not stop it. */
  get: oc
    .input(z.object({ id: z.string(), acceptLicence: z.boolean(), anyway: z.boolean().default(false) }))
    .output(eventIterator(download)),
  /** Repositories of the hub that have all the words. Throws NO_PERMISSION where its host was not permitted; `permit` permits it. */
  searchHub: oc.input(z.object({ text: z.string().min(1).max(200), permit: networkPermit })).output(z.array(hubRepository)),
  /** The model files of a repository; the same permission. */
  hubFiles: oc.input(z.object({ repository: z.string().max(200), permit: networkPermit })).output(hubFiles),
  /** Reads the head of a file of the hub before it is downloaded. Throws what is wrong with it, or why it could not be read. */
  hubHead: oc.input(z.object({ id: z.string().max(500) })).output(hubHead),
  pause: oc.input(z.object({ id: z.string() })).output(z.void()),
  /** Stops a download and deletes its partial file. */
  discard: oc.input(z.object({ id: z.string() })).output(z.void()),
  downloads: oc.output(eventIterator(z.array(download))),
  /** Copies the models of a file, a folder or a stick into our own folder, each checked by the checksum file that came with it. */
  import: oc.input(z.object({ path: absolutePath })).output(eventIterator(importEvent)),
  /** Where downloads come from: the hub and the hosts of its files, which are permitted together. */
  hub: oc.output(z.object({ address: z.string(), hosts: z.array(z.string()), proxy: z.string().optional(), access: hubAccess })),
  /** Keeps the token for models that want a sign-in; an empty one is forgotten. It is never given out again. */
  setHubToken: oc.input(z.object({ token: z.string().max(1000) })).output(hubAccess),
  /** Goes on with downloads that ran or waited when the engine last ended. What lives long asks for it: a window, a server. */
  resumeDownloads: oc.output(z.void()),
  /** Chooses a model (catalogue id or path of a GGUF) for roles, by default all it suits; with a folder for that and all below it alone. */
  use: oc.input(z.object({ model: z.string(), roles: z.array(modelRole).optional(), folder: absolutePath.optional() })).output(model),
  /** What holds in a folder because it was chosen for that, or for one around it, alone. */
  folderChoices: oc.input(z.object({ folder: absolutePath })).output(folderChoices),
  /** Takes back the model that was chosen for a role in a folder alone; without a role everything that was chosen so. */
  leaveFolderChoice: oc.input(z.object({ folder: absolutePath, role: modelRole.optional() })).output(z.void()),
  /** Loads the model of a role now and writes a few tokens, to show that it works. */
  test: oc.input(z.object({ role: modelRole })).output(
    z.object({
      model: z.string(),
      backend: z.string(),
      promptTokensPerSecond: z.number(),
      tokensPerSecond: z.number(),
      text: z.string(),
    }),
  ),
  /** Loads a model now: the one of a role, or the one that is named, for that role. */
  load: oc.input(z.object({ role: modelRole, model: z.string().max(32_768).optional() })).output(z.void()),
  /** The adapters (LoRA) that settings tell of a model, everywhere and in folders, each with a sentence about it. */
  adapters: oc.input(namedModel).output(z.array(adapterList.extend({ checks: modelHeader.shape.checks }))),
  /** What the head of an adapter says; throws what is wrong with it for this model. */
  inspectAdapter: oc.input(namedModel.extend({ file: absolutePath })).output(adapterFile),
  /**
   * Loads a model with these adapters from its next request on, for one use of it or for one folder where these are named; without files
   * as if nothing had been chosen there, or with `none` without any there, although elsewhere it has some. Throws what is wrong with one,
   * and then nothing changes.
   */
  setAdapters: oc
    .input(
      namedModel.extend({
        files: z.array(absolutePath).max(8),
        none: z.boolean().optional(),
        use: z.enum(adapterUses).optional(),
        folder: absolutePath.optional(),
      }),
    )
    .output(z.void()),
  /** Puts a question to a model that need not be in use for anything, and streams the answer. */
  ask: oc.input(namedModel.extend({ prompt: z.string().min(1).max(100_000) })).output(eventIterator(generateEvent)),
  /** Loads the model of a role if it is going to be asked soon: only where there is room for it beside those in memory. */
  preload: oc.input(z.object({ role: modelRole })).output(z.void()),
  /** Frees the memory of one model, or of all of them. */
  unload: oc.input(namedModel.partial().optional()).output(z.void()),
  /**
   * Lets go of a model file that we downloaded, so that it can be put into a trash: nothing has it open and no role uses it any more.
   * Answers the files it consists of.
   */
  release: oc.input(z.object({ id: z.string() })).output(z.array(absolutePath)),
  /** Deletes a model file that we downloaded; files of other tools are never touched. */
  remove: oc.input(z.object({ id: z.string() })).output(z.void()),
  /**
   * Finds the layout of prompts with which a model fills in best, on holes that come with the program, while nobody else needs it.
   * What is found is kept with the contents of the file and used. Leaving the stream or aborting stops it, and nothing changes.
   */
  calibrate: oc.input(modelForGhostText).output(eventIterator(calibrationEvent)),
  /** What was found for a model; null where nobody looked. */
  calibration: oc.input(modelForGhostText).output(calibration.nullable()),
  /** Forgets what was found: the usual layout is used again. */
  resetCalibration: oc.input(modelForGhostText).output(z.void()),
  /** Models that turned out too slow, each told once and to one listener: the offer of a smaller one. */
  slow: oc.output(eventIterator(slowModel)),
  /** The states of all roles, now and at each change: with a folder, of the models that serve there. */
  states: oc.input(z.object({ folder: absolutePath }).partial().optional()).output(eventIterator(z.array(modelState))),
};
