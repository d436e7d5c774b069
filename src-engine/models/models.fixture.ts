import { realpathSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createEmitter } from "#core/base/emitter";
import type { CatalogueEntry } from "#core/contracts/models";
import { withFolderChoices } from "#core/settings/folder-choices";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createInference } from "../inference/host.ts";
import { openScripted, type ScriptedModel } from "../inference/scripted.ts";
import { createNetwork } from "../network/network.ts";
import { noKeys } from "../servers/server.fixture.ts";
import { createServers } from "../servers/servers.ts";
import { createModels } from "./models.ts";
import { openSpeedFile } from "./speed-file.ts";
import type { TinyModel } from "./tiny-gguf.ts";

const fim = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];
/** A model for everything but vectors. */
export const coder: TinyModel = { name: "Coder", tokens: fim, chatTemplate: "{{ messages }}" };
/** What is closed after each test, the last one first. */
export const opened: (() => void | Promise<void>)[] = [];
/** Closes what tests have opened. */
export async function closeOpened(): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

/** Models of a temporary folder, with a scripted model, settings in memory and no other tools. */
export async function setup(
  options: { settings?: Partial<Settings>; env?: Record<string, string>; catalogue?: CatalogueEntry[]; model?: ScriptedModel } = {},
) {
  const root = await mkdtemp(join(tmpdir(), "localcoder-models-"));
  const folders = { data: root, models: join(root, "models"), cache: join(root, "cache") };
  const home = join(root, "home");
  let values: Settings = { ...defaultSettings, ...options.settings };
  const changes = createEmitter<void>();
  const settings = {
    current: (workspace?: string) => (workspace === undefined ? values : withFolderChoices(values, realpathSync(workspace))),
    changes,
    async write({ name, value }: { name: string; value?: unknown }) {
      values = { ...values, [name]: value ?? "" };
      changes.emit();
    },
  };
  const network = createNetwork({ processName: "test", settings });
  const inference = createInference({ open: openScripted(options.model ?? { answer: () => "function add() {}" }), settings });
  const servers = createServers({ network, settings, env: {}, keys: noKeys, usual: [] });
  const create = () =>
    createModels({
      folders,
      settings,
      network,
      inference,
      servers,
      speeds: openSpeedFile(join(folders.cache, "model-speeds.json"), settings),
      env: options.env ?? {},
      home,
      catalogue: options.catalogue ?? [],
      download: { freeBytes: async () => 1e12, wait: async () => {} },
      rest: async () => "quiet",
    });
  const models = create();
  opened.push(
    () => rm(root, { recursive: true, force: true }),
    () => network.dispose(),
    () => inference.dispose(),
    () => models.dispose(),
  );
  const put = async (path: string, content: Uint8Array | string) => {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  return { root, models, network, settings, inference, put, create, folders };
}
