import { z } from "zod";

/**
 * Every setting of ours: the one place that gives types, defaults, the settings page and the documentation.
 * Names stand in settings.json as they are here; a description is one sentence, as the settings page shows it.
 */
export const settingsSchema = z.object({
  "localcoder.completion.enabled": z.boolean().default(true).describe("Suggest code as ghost text while typing."),
  "localcoder.completion.languages": z
    .record(z.string(), z.boolean())
    .default({ "*": true, plaintext: false, markdown: false })
    .describe("Ghost text per language; the entry * stands for all languages that are not named."),
  "localcoder.completion.exclude": z
    .array(z.string().max(1000))
    .max(1000)
    .default([])
    .describe("Files and folders without ghost text, as patterns like dist/** from the workspace folder; a workspace adds to the user's."),
  "localcoder.completion.context": z
    .boolean()
    .default(true)
    .describe("Let ghost text read other files of the workspace; what ignore files exclude, and secrets, are never read."),
  "localcoder.completion.inComments": z.boolean().default(true).describe("Ghost text in comments; asked for by hand it always comes."),
  "localcoder.completion.inStrings": z.boolean().default(true).describe("Ghost text in strings; asked for by hand it always comes."),
  "localcoder.completion.confidence": z
    .enum(["quieter", "balanced", "bolder"])
    .default("balanced")
    .describe("How sure the model must be before a suggestion is shown."),
  "localcoder.completion.maxTokens": z.number().int().min(8).max(512).default(160).describe("Most tokens of one suggestion."),
  "localcoder.completion.delay": z
    .number()
    .int()
    .min(0)
    .max(5000)
    .default(120)
    .describe("Longest wait after a key before the model is asked, in milliseconds."),
  "localcoder.models.completion": z
    .string()
    .default("")
    .describe(
      "Model for ghost text: a catalogue id, the path of a GGUF file, or the role whose model it shares; empty means the best there is.",
    ),
  "localcoder.models.code": z
    .string()
    .default("")
    .describe("Model for actions on code: a catalogue id, the path of a GGUF file, or the role whose model it shares, such as completion."),
  "localcoder.models.general": z
    .string()
    .default("")
    .describe("Model for explanations and chat: a catalogue id, the path of a GGUF file, or the role whose model it shares."),
  "localcoder.models.router": z
    .string()
    .default("")
    .describe(
      "Model that says whether a question is about the project, where localcoder.chat.searchProject is model: a catalogue id, the path of a GGUF file, or the role whose model it shares; empty means the model that answers.",
    ),
  "localcoder.models.embedding": z
    .string()
    .default("")
    .describe(
      "Model for search by meaning, beside words, in questions about the project: a catalogue id or the path of a GGUF file; nothing needs one.",
    ),
  "localcoder.models.languages": z
    .record(z.string(), z.string())
    .default({})
    .describe(
      "Other models per language, for ghost text and actions on code: a language id and a catalogue id or the path of a GGUF file.",
    ),
  "localcoder.models.adapters": z
    .record(z.string(), z.array(z.string().max(32_768)).max(8))
    .default({})
    .describe(
      "Adapters (LoRA) of models: a catalogue id or the path of a GGUF file, and the paths of the adapters' GGUF files in their order. With completion: or chat: before the id they are for that use of the model alone; actions on code count as chat.",
    ),
  "localcoder.models.workspaces": z
    .record(
      z.string().max(4096),
      z
        .strictObject({
          completion: z.string(),
          code: z.string(),
          general: z.string(),
          router: z.string(),
          embedding: z.string(),
          adapters: z.record(z.string(), z.array(z.string().max(32_768)).max(8)),
        })
        .partial(),
    )
    .default({})
    .describe(
      "Other models and adapters for single folders and all below them: the folder's path, and an object with completion, code, general, router, embedding or adapters, as the settings of these names take them.",
    ),
  "localcoder.models.folder": z
    .string()
    .default("")
    .describe("Where models are kept; empty means LocalCoder's own data folder. MODELS_DIR is read as well."),
  "localcoder.models.folders": z
    .array(z.string().max(32_768))
    .max(100)
    .default([])
    .describe("More folders to look for models in; files are used where they lie and nothing is ever written there."),
  "localcoder.models.hub": z
    .string()
    .default("")
    .describe("Address models are downloaded from; empty means HF_ENDPOINT or the public hub."),
  "localcoder.models.servers": z
    .array(z.string().max(2000))
    .max(50)
    .default([])
    .describe("Addresses of model servers beside those found on this machine; one beyond it is asked only with your permission."),
  "localcoder.models.verifyBeforeLoad": z
    .boolean()
    .default(false)
    .describe("Compare the SHA-256 of a model file before it is loaded with what it should be; reading it takes seconds."),
  "localcoder.models.downloadsAtOnce": z.number().int().min(1).max(4).default(1).describe("Downloads of models that run at the same time."),
  "localcoder.models.downloadConnections": z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(4)
    .describe("Connections that share the download of one model."),
  "localcoder.models.downloadLimit": z
    .number()
    .min(0)
    .max(10_000)
    .default(0)
    .describe("Most megabytes a second for all downloads together; 0 is no limit."),
  "localcoder.inference.backend": z
    .enum(["llama", "echo"])
    .default("llama")
    .describe("What answers: models, or echo, which only repeats what it was asked and is meant for demonstrations without a model."),
  "localcoder.inference.contextSize": z
    .number()
    .int()
    .min(512)
    .max(1_048_576)
    .default(8192)
    .describe("Context in tokens for actions and chat."),
  "localcoder.inference.threads": z
    .number()
    .int()
    .min(0)
    .max(512)
    .default(0)
    .describe("CPU threads; 0 means the number of physical cores."),
  "localcoder.inference.gpu": z
    .enum(["auto", "metal", "cuda", "vulkan", "off"])
    .default("auto")
    .describe("What computes; auto tries the best first and falls back to the CPU."),
  "localcoder.inference.gpuLayers": z
    .number()
    .int()
    .min(-1)
    .max(1000)
    .default(-1)
    .describe("Layers of a model on the graphics card; -1 means as many as fit, 0 none."),
  "localcoder.inference.keyValueType": z
    .enum(["f16", "q8_0", "q4_0"])
    .default("f16")
    .describe("How the context is kept in memory: q8_0 takes half of f16, q4_0 a quarter, at some cost in accuracy and speed."),
  "localcoder.inference.keptContexts": z
    .number()
    .int()
    .min(0)
    .max(1_048_576)
    .default(1024)
    .describe(
      "Megabytes on disk for what threads left in the context of a model that is no longer in memory, so that their next answer comes sooner; 0 keeps nothing.",
    ),
  "localcoder.inference.keptContextDays": z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(7)
    .describe("Days that such a context is kept at most."),
  "localcoder.inference.lookAhead": z
    .boolean()
    .default(true)
    .describe(
      "Guess from the prompt what an answer repeats of it and check several tokens at once, with models that were measured to be quicker so.",
    ),
  "localcoder.inference.memory": z
    .number()
    .int()
    .min(0)
    .max(4_194_304)
    .default(0)
    .describe("Memory in MB that all models together may take; 0 means 70 % of what is free."),
  "localcoder.inference.temperature": z
    .number()
    .min(0)
    .max(2)
    .default(0.2)
    .describe("Randomness of actions and chat; ghost text always takes the most likely token."),
  "localcoder.inference.maxTokens": z.number().int().min(16).max(32_768).default(1536).describe("Most tokens of one answer."),
  "localcoder.inference.idleUnloadMinutes": z
    .number()
    .int()
    .min(0)
    .max(10_080)
    .default(15)
    .describe("Free a model's memory after this many minutes without a request; 0 keeps it."),
  "localcoder.chat.searchProject": z
    .enum(["asked", "rules", "model"])
    .default("model")
    .describe(
      "When a chat looks through the project: only when it is asked to (@project, smart mode), also where the words of a question say that it is about the project, or also where they leave it open and one token of a model, which must not be of the smallest ones, says so.",
    ),
  "localcoder.chat.readAhead": z
    .boolean()
    .default(true)
    .describe(
      "Let the model read the thread, what is attached and the question while you write it, so that the answer begins sooner. It reads nothing that it would not read after Enter, and nothing is kept of it.",
    ),
  "localcoder.project.index": z
    .boolean()
    .default(true)
    .describe("Keep an index of the workspace on this machine, so that questions about the project find the right place."),
  "localcoder.project.repositories": z
    .array(z.string().max(32_768))
    .max(20)
    .default([])
    .describe("Further folders that questions about a project look into, by their absolute paths."),
  "localcoder.actions.runTests": z
    .boolean()
    .default(false)
    .describe("Run tests that an action wrote, in a process with limits and without a network, before they are offered."),
  "localcoder.actions.compareByRunning": z
    .boolean()
    .default(false)
    .describe(
      "Run functions in Python, JavaScript and TypeScript that only compute, before and after Improve, Refactor and Fix, to see whether they do the same: in folders you trust, in a process with limits and without a network.",
    ),
  "localcoder.history.keep": z
    .enum(["keep", "session", "off"])
    .default("keep")
    .describe("Keep the history on disk, for this session only, or not at all."),
  "localcoder.history.days": z
    .number()
    .int()
    .min(0)
    .max(36_500)
    .default(0)
    .describe("Delete for good what was not touched for this many days, when LocalCoder starts; 0 keeps the history."),
  "localcoder.history.titles": z
    .boolean()
    .default(true)
    .describe("Let the model that answered name a thread when nothing else is to be done; else it is named by its first words."),
  "localcoder.memory.enabled": z
    .boolean()
    .default(false)
    .describe("Begin each thread with what you want to be known: memory.md in your user folder, and .localcoder/memory.md of the project."),
  "localcoder.trust.folders": z
    .array(z.string().max(4096))
    .max(1000)
    .default([])
    .describe(
      "Folders you trust, with all below them: only there a folder's own settings, tasks, actions, instructions and tests are used.",
    ),
  "localcoder.notifications": z
    .enum(["off", "window", "system"])
    .default("off")
    .describe("Tell when a download or an answer has ended while you look elsewhere: in the window, or by the system; never with a sound."),
  "localcoder.updates.mode": z
    .enum(["disabled", "ask"])
    .default("disabled")
    .describe("Whether you can look for a newer version; it is never looked for by itself, and each time you are asked first."),
  "localcoder.updates.address": z
    .string()
    .max(2000)
    .default("")
    .describe("Address that says what the newest version is; empty means that there is none, and nobody is asked."),
  "localcoder.network.offline": z
    .boolean()
    .default(false)
    .describe("Refuse every connection that leaves this machine, whatever was permitted."),
  "localcoder.network.proxy": z
    .string()
    .max(2000)
    .regex(/^(off|https?:\/\/[^\s/]+\/?)?$/)
    .default("")
    .describe(
      "Proxy for connections beyond this machine, like http://proxy.example.com:3128; empty means HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, off means none.",
    ),
  "localcoder.network.timeout": z
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(30)
    .describe(
      "Seconds without a byte after which a connection counts as lost; downloads wait twice as long, and answers of model servers ten times.",
    ),
});

/** All settings of ours, with defaults filled in. */
export type Settings = z.infer<typeof settingsSchema>;

/** The name of a setting. */
export type SettingName = keyof Settings;

/** The settings when nobody changed anything. */
export const defaultSettings: Settings = settingsSchema.parse({});
